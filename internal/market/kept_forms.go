package market

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/store"
)

// Bounds of kept forms.
const (
	keptFormLife  = 24 * time.Hour
	maxKeptForm   = 256 << 10 // bytes, sealed
	keptFormsHour = 60        // of one account or one browser's address
)

// KeptForm is a form that was sent and not taken: where to, and what was typed. Whoever keeps one has left out what must
// not be stored.
type KeptForm struct {
	Path   string              `json:"path"`
	Values map[string][]string `json:"values"`
}

// KeepForm keeps a form for an account, sealed, for a day; an empty account is a guest's. from is who is counted where there is no
// account. It gives the ticket by which the browser asks for it again. too_large beyond 256 KiB, rate_limited beyond 60 an hour.
func (m *Market) KeepForm(ctx context.Context, account, from string, f KeptForm) (ticket string, err error) {
	if err := m.limited(ctx, "kept form:"+account+":"+from, keptFormsHour, time.Hour); err != nil {
		return "", err
	}
	plain, err := json.Marshal(f)
	if err != nil {
		return "", err
	}
	if len(plain) > maxKeptForm {
		return "", fault.New(fault.CodeTooLarge, fault.Params{"limit": maxKeptForm})
	}
	ticket = identity.NewTicket()
	id := identity.Fingerprint(ticket)
	row := KeptFormRow{ID: id, Account: account, Sealed: m.keptBox().Seal(plain, keptPlace(id, account)), Expires: m.Now().Add(keptFormLife)}
	return ticket, m.rows.keptForms.Insert(ctx, row)
}

// keptBox seals kept forms: AES-256-GCM under a key of the site's secret.
func (m *Market) keptBox() identity.Box { return m.cfg.Secret.Box("kept form") }

// keptPlace binds what is sealed to its row and its account.
func keptPlace(id, account string) string { return id + " " + account }

// KeptForm gives a kept form back to its account. A guest's becomes that of the first account that is signed in in the
// browser which has its ticket. Anybody else finds nothing: not_found.
func (m *Market) KeptForm(ctx context.Context, a Actor, ticket string) (KeptForm, error) {
	if err := need(a, ScopeRead); err != nil {
		return KeptForm{}, err
	}
	id := identity.Fingerprint(ticket)
	row, err := m.rows.keptForms.Get(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return KeptForm{}, fault.New(fault.CodeNotFound, nil)
	case err != nil:
		return KeptForm{}, err
	case row.Account != "" && row.Account != a.Account, !m.Now().Before(row.Expires):
		return KeptForm{}, fault.New(fault.CodeNotFound, nil)
	}
	plain, err := m.keptBox().Open(row.Sealed, keptPlace(id, row.Account))
	if err != nil {
		return KeptForm{}, fault.New(fault.CodeNotFound, nil).Because(err)
	}
	if row.Account == "" {
		if err := m.claimForm(ctx, row, a.Account, plain); err != nil {
			return KeptForm{}, err
		}
	}
	var f KeptForm
	return f, json.Unmarshal(plain, &f)
}

// claimForm makes a guest's form an account's. Of two that come at the same moment one does; not_found to the other.
func (m *Market) claimForm(ctx context.Context, row KeptFormRow, account string, plain []byte) error {
	return m.tx(ctx, func(ctx context.Context) error {
		now, err := m.rows.keptForms.Get(ctx, row.ID)
		if errors.Is(err, store.ErrNotFound) || err == nil && now.Account != "" && now.Account != account {
			return fault.New(fault.CodeNotFound, nil)
		}
		if err != nil {
			return err
		}
		row.Account, row.Sealed = account, m.keptBox().Seal(plain, keptPlace(row.ID, account))
		return m.rows.keptForms.Put(ctx, row)
	})
}

// DropForm forgets a kept form, for whoever KeptForm would give it to.
func (m *Market) DropForm(ctx context.Context, a Actor, ticket string) error {
	switch _, err := m.KeptForm(ctx, a, ticket); {
	case fault.Is(err, fault.CodeNotFound):
		return nil
	case err != nil:
		return err
	}
	return m.rows.keptForms.Delete(ctx, identity.Fingerprint(ticket))
}

// sweepKeptForms removes what nobody came back for.
func (m *Market) sweepKeptForms(ctx context.Context, limit int) (int, error) {
	return deleteFound(ctx, m.rows.keptForms, expired(m.Now(), limit), func(r KeptFormRow) string { return r.ID })
}

// sweepUnsent removes forms that were kept and drafts whose time is over.
func (m *Market) sweepUnsent(ctx context.Context, limit int) (int, error) {
	kept, err := m.sweepKeptForms(ctx, limit)
	if err != nil {
		return kept, err
	}
	drafts, err := m.sweepDrafts(ctx, limit)
	return kept + drafts, err
}
