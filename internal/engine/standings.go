package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
)

// maxKnownStandings bounds what is kept of one deal's crowd.
const maxKnownStandings = 4096

// crowd is what is known of a deal's standings, by account. A nil standing says that the account has none; so does a
// missing one where the crowd is whole.
type crowd struct {
	of    map[string]*deal.Standing
	whole bool

	members bool // those of all but the owner are there: the deal was read before its first member came
}

func (c crowd) find(account string) (s *deal.Standing, known bool) {
	s, known = c.of[account]
	return s, known || c.whole
}

// own is somebody's standing as this commit has it; nil where he has none.
func (w *working) own(account string) *deal.Standing {
	if s, ok := w.seen[account]; ok {
		return s
	}
	return w.base.crowd.of[account]
}

// knows says whether somebody's standing, or that he has none, is known without reading it.
func (w *working) knows(account string) bool {
	if _, ok := w.seen[account]; ok {
		return true
	}
	_, known := w.base.crowd.find(account)
	return known || w.base.crowd.members && account != w.doc.Owner
}

// see takes note of a standing that was read or changed.
func (w *working) see(account string, s *deal.Standing) {
	if w.seen == nil {
		w.seen = map[string]*deal.Standing{}
	}
	w.seen[account] = s
}

// after is the crowd as the commit left it. It goes on with the map of the one before, which nobody else holds; beyond
// the bound it starts anew.
func (w *working) after() crowd {
	c := w.base.crowd
	c.whole = c.whole || w.whole
	if c.of == nil {
		c.of = make(map[string]*deal.Standing, len(w.seen))
	}
	for account, s := range w.seen {
		c.of[account] = s
	}
	if len(c.of) > maxKnownStandings {
		return crowd{}
	}
	return c
}

// everybody lists all standings of the deal in order of Seq, with the changes of this commit. What it has to read it
// reads once.
func (w *working) everybody(ctx context.Context) ([]deal.Standing, error) {
	if !w.whole && !w.base.crowd.whole {
		stored, err := w.e.crowd(ctx, w.doc.ID)
		if err != nil {
			return nil, err
		}
		for i := range stored {
			if s := &stored[i]; !w.knows(s.Account) {
				w.see(s.Account, s)
			}
		}
		w.whole = true
	}
	all := make([]deal.Standing, 0, len(w.base.crowd.of)+len(w.seen))
	for account, s := range w.base.crowd.of {
		if _, again := w.seen[account]; !again && s != nil {
			all = append(all, *s)
		}
	}
	for _, s := range w.seen {
		if s != nil {
			all = append(all, *s)
		}
	}
	inOrder(all)
	return all, nil
}

// inOrder sorts a crowd by Seq, as mechanisms want to see it.
func inOrder(all []deal.Standing) {
	slices.SortFunc(all, func(a, b deal.Standing) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Account, b.Account))
	})
}

// crowd reads every stored standing of a deal in order of Seq.
func (e *Engine) crowd(ctx context.Context, dealID string) (all []deal.Standing, err error) {
	err = pages(ctx, e.rows.standings, ofDeal(dealID), func(r StandingRow) error {
		s, err := e.standing(r)
		if err == nil {
			all = append(all, *s)
		}
		return err
	})
	inOrder(all)
	return all, err
}

// standing makes a standing of its stored row.
func (e *Engine) standing(r StandingRow) (*deal.Standing, error) {
	s := &deal.Standing{Account: r.Account, Pseudonym: r.Pseudonym, Seq: r.Seq, At: r.At, Since: r.Since, Active: r.Active, Hold: r.Hold}
	m, ok := e.cfg.Mechanisms[r.Kind]
	if !ok || len(r.Values) == 0 {
		return s, nil
	}
	s.Values = m.NewStanding()
	if err := bson.Unmarshal(r.Values, s.Values); err != nil {
		return nil, fmt.Errorf("standing %s: %w", r.ID, err)
	}
	return s, nil
}

// row is the stored form of a standing.
func (w *working) row(s *deal.Standing) (StandingRow, error) {
	r := StandingRow{ID: standingID(w.doc.ID, s.Account), Deal: w.doc.ID, Account: s.Account, Kind: w.doc.Kind, Owner: s.Account == w.doc.Owner,
		Pseudonym: s.Pseudonym, Seq: s.Seq, At: s.At, Since: s.Since, Active: s.Active, Hold: s.Hold}
	if s.Values == nil {
		return r, nil
	}
	var err error
	r.Values, err = bson.Marshal(s.Values)
	return r, err
}
