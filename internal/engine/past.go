package engine

import (
	"context"
	"maps"
	"slices"

	"haggle/internal/deal"
	"haggle/internal/store"
)

// past is what a decision is unfolded from: every standing, the log up to the decision, and every secret of it.
type past struct {
	crowd   []deal.Standing
	history deal.History
}

// ahead is a past that was read before the decision. It is worth something as long as the deal has this version.
type ahead struct {
	past
	version int64 // 0: nothing was read
}

// longPast is how many lines or members make it cheaper to read a deal's past by itself: each line may begin a segment, so
// that each is asked for.
const longPast = 64

// brief says that a deal's past is short enough to be read together with that of others.
func (d Deal) brief() bool { return d.DecidedSeq < longPast && d.Members < longPast }

// upToNow is the deal as it would be if it were decided now.
func (d Deal) upToNow() Deal {
	d.DecidedSeq = d.Seq
	return d
}

// past reads one deal's.
func (e *Engine) past(ctx context.Context, d Deal) (p past, err error) {
	if p.crowd, err = e.crowd(ctx, d.ID); err != nil {
		return p, err
	}
	if p.history.Lines, err = e.Lines(ctx, d.ID, 0, d.DecidedSeq); err != nil {
		return p, err
	}
	p.history.Secrets = map[int64][]deal.Secret{}
	err = pages(ctx, e.rows.entries, store.Query{Index: "deal", Eq: []any{d.ID}}, func(r EntryRow) error {
		p.keep(r)
		return nil
	})
	return p, err
}

func (p *past) keep(r EntryRow) {
	if len(r.Secrets) > 0 {
		p.history.Secrets[r.Seq] = r.Secrets
	}
}

// pasts reads those of several deals, by id, with as many queries as for one: who has a standing is found by the entries.
func (e *Engine) pasts(ctx context.Context, deals []Deal) (map[string]past, error) {
	all := make(map[string]past, len(deals))
	seats := make(map[string]bool, 4*len(deals))
	ids := make([]string, len(deals))
	spans := make([]Span, len(deals))
	for i, d := range deals {
		ids[i], spans[i] = d.ID, Span{Deal: d.ID, To: d.DecidedSeq}
		all[d.ID] = past{history: deal.History{Secrets: map[int64][]deal.Secret{}}}
		seats[standingID(d.ID, d.Owner)] = true // of a binding request
	}
	entries, err := e.rows.entries.FindIn(ctx, "deal", ids)
	if err != nil {
		return nil, err
	}
	for _, r := range entries {
		p := all[r.Deal]
		p.keep(r)
		if r.Account != "" {
			seats[standingID(r.Deal, r.Account)] = true
		}
	}
	lines, err := e.LinesOf(ctx, spans)
	if err != nil {
		return nil, err
	}
	crowds, err := e.crowds(ctx, deals, slices.Collect(maps.Keys(seats)))
	if err != nil {
		return nil, err
	}
	for id, p := range all {
		p.crowd, p.history.Lines = crowds[id], lines[id]
		all[id] = p
	}
	return all, nil
}

// crowds reads the standings of several deals by their ids, each deal's in order of Seq. A deal of which some are missing
// is read by itself.
func (e *Engine) crowds(ctx context.Context, deals []Deal, standings []string) (map[string][]deal.Standing, error) {
	rows, err := e.rows.standings.GetMany(ctx, standings)
	if err != nil {
		return nil, err
	}
	all := make(map[string][]deal.Standing, len(deals))
	for _, r := range rows {
		s, err := e.standing(r)
		if err != nil {
			return nil, err
		}
		all[r.Deal] = append(all[r.Deal], *s)
	}
	for _, d := range deals {
		crowd := all[d.ID]
		members := len(crowd)
		if slices.ContainsFunc(crowd, func(s deal.Standing) bool { return s.Account == d.Owner }) {
			members--
		}
		if int64(members) != d.Members {
			if crowd, err = e.crowd(ctx, d.ID); err != nil {
				return nil, err
			}
		}
		inOrder(crowd)
		all[d.ID] = crowd
	}
	return all, nil
}
