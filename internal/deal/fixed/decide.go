package fixed

import (
	"time"

	"haggle/internal/deal"
)

// sweepPause is how long a listing waits again for purchases that have lapsed by the clock but not yet in the log.
const sweepPause = 2 * time.Second

// Decide fixes the outcome at the deadline, once every purchase is paid or has lapsed. While some are open it names
// the time by which the last of them must be.
func (Mechanism) Decide(v deal.View) (deal.Decision, time.Time, error) {
	_, st, err := parts(v)
	switch {
	case err != nil:
		return deal.Decision{}, time.Time{}, err
	case st.Unpaid == 0:
		return st.decide(), time.Time{}, nil
	case v.Now.Before(st.Due):
		return deal.Decision{}, st.Due, nil
	}
	return deal.Decision{}, v.Now.Add(sweepPause), nil
}

// decide is the outcome of a listing in which nothing is open any more. Awards counts the payments: their lines are
// in the log already.
func (st *State) decide() deal.Decision {
	switch {
	case st.Sold > 0:
		return deal.Decision{Result: deal.Sold, Pieces: st.Sold, Awards: st.Awards}
	case st.Buys > 0:
		return deal.Decision{Result: deal.ResultFailed, Reason: deal.Unpaid}
	}
	return deal.Decision{Result: deal.ResultFailed, Reason: deal.NoEntries}
}

// Unfold writes the closed line alone: a listing has no secrets, and its awards were written when they were paid.
func (Mechanism) Unfold(_ deal.View, d deal.Decision, _ deal.History) (deal.Outcome, error) {
	b := deal.Body{"result": string(d.Result), "awards": d.Awards}
	if d.Reason != "" {
		b["reason"] = string(d.Reason)
	}
	return deal.Outcome{Closed: b}, nil
}
