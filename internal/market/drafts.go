package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/store"
)

// Bounds of drafts.
const (
	maxDrafts     = 20                  // of one person
	maxDraftBytes = 192 << 10           // of one draft's names and values: a description may be 20,000 characters
	draftLife     = 90 * 24 * time.Hour // since the last change
)

// DraftInput is a form of an opening as far as it is filled in.
type DraftInput struct {
	ID     string // empty: a new one
	Kind   string // of deal
	Fields map[string][]string
	Photos []string
}

// DraftView is a draft as its owner gets it back.
type DraftView struct {
	ID     string
	Kind   string
	Fields map[string][]string
	Photos []string
	At     Time // of the last change
}

// SaveDraft keeps a form for its owner. A draft that is gone, or another's, is not_found and stays gone; beyond 20 a new
// one is refused as limit, with the number.
func (m *Market) SaveDraft(ctx context.Context, a Actor, in DraftInput) (DraftView, error) {
	if err := m.begins(ctx, a); err != nil {
		return DraftView{}, err
	}
	if draftBytes(in) > maxDraftBytes {
		return DraftView{}, fault.Invalidf("description", "a draft has at most %d bytes", maxDraftBytes)
	}
	if len(in.Photos) > maxPhotos {
		return DraftView{}, fault.Invalidf("photos", "at most %d", maxPhotos)
	}
	if err := a.permit(ScopeTrade); err != nil {
		return DraftView{}, err
	}
	row := DraftRow{ID: in.ID, Account: a.Account, Kind: in.Kind, Fields: in.Fields, Photos: in.Photos}
	err := m.tx(ctx, func(ctx context.Context) error {
		if err := m.placeDraft(ctx, &row, in.ID == ""); err != nil {
			return err
		}
		row.At = m.Now()
		if err := m.holdPhotos(ctx, row.Photos, row.At.Add(draftLife+looseLife)); err != nil {
			return err
		}
		return m.rows.drafts.Put(ctx, row)
	})
	return draftView(row), err
}

// placeDraft finds the row that a draft replaces, or gives a new one its id.
func (m *Market) placeDraft(ctx context.Context, row *DraftRow, isNew bool) error {
	if !isNew {
		_, err := m.draftOf(ctx, row.Account, row.ID)
		return err
	}
	n, err := m.rows.drafts.Count(ctx, store.Query{Index: "account", Eq: []any{row.Account}})
	if err != nil {
		return err
	}
	if n >= maxDrafts {
		return fault.New(fault.CodeLimit, fault.Params{"limit": maxDrafts})
	}
	row.ID = engine.NewID()
	return nil
}

func (m *Market) draftOf(ctx context.Context, account, id string) (DraftRow, error) {
	row, err := m.rows.drafts.Get(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && row.Account != account {
		return DraftRow{}, fault.New(fault.CodeNotFound, nil)
	}
	return row, err
}

// Draft gives a draft to its owner; not_found to anybody else.
func (m *Market) Draft(ctx context.Context, a Actor, id string) (DraftView, error) {
	if err := need(a, ScopeRead); err != nil {
		return DraftView{}, err
	}
	row, err := m.draftOf(ctx, a.Account, id)
	return draftView(row), err
}

// Drafts lists the actor's drafts, the last changed first.
func (m *Market) Drafts(ctx context.Context, a Actor) ([]DraftView, error) {
	if err := need(a, ScopeRead); err != nil {
		return nil, err
	}
	page, err := m.rows.drafts.Find(ctx, store.Query{Index: "account", Eq: []any{a.Account}, Desc: true, Limit: maxDrafts})
	out := make([]DraftView, len(page.Docs))
	for i, r := range page.Docs {
		out[i] = draftView(r)
	}
	return out, err
}

// DeleteDraft throws a draft away. One that is gone, or another's, is not_found.
func (m *Market) DeleteDraft(ctx context.Context, a Actor, id string) error {
	if err := m.mayWrite(ctx, a, ScopeTrade); err != nil {
		return err
	}
	return m.tx(ctx, func(ctx context.Context) error {
		if _, err := m.draftOf(ctx, a.Account, id); err != nil {
			return err
		}
		return m.rows.drafts.Delete(ctx, id)
	})
}

// useDraft removes the draft that a deal was made of, in the transaction that opens the deal. One that is gone already, or
// was never the owner's, does not matter.
func (m *Market) useDraft(ctx context.Context, account, id string) error {
	if id == "" {
		return nil
	}
	switch _, err := m.draftOf(ctx, account, id); {
	case fault.Is(err, fault.CodeNotFound):
		return nil
	case err != nil:
		return err
	}
	return m.rows.drafts.Delete(ctx, id)
}

// sweepDrafts removes what nobody went on with.
func (m *Market) sweepDrafts(ctx context.Context, limit int) (int, error) {
	left := store.Query{Index: "at", To: store.AtMost(m.Now().Add(-draftLife)), Limit: limit}
	return deleteFound(ctx, m.rows.drafts, left, func(r DraftRow) string { return r.ID })
}

func draftView(r DraftRow) DraftView {
	return DraftView{ID: r.ID, Kind: r.Kind, Fields: r.Fields, Photos: slices.Clone(r.Photos), At: At(r.At)}
}

func draftBytes(in DraftInput) int {
	n := 0
	for name, values := range in.Fields {
		n += len(name)
		for _, v := range values {
			n += len(v)
		}
	}
	return n
}
