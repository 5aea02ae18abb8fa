package request

import (
	"time"

	"haggle/internal/deal"
)

// Decide fixes the outcome at the deadline. It never has to wait.
func (Mechanism) Decide(v deal.View) (deal.Decision, time.Time, error) {
	t, st, err := parts(v)
	if err != nil {
		return deal.Decision{}, time.Time{}, err
	}
	return decide(t, st, v.Crowd), time.Time{}, nil
}

func decide(t *Terms, st *State, crowd []deal.Standing) deal.Decision {
	switch {
	case st.Sellers < t.minimumQuotes():
		return failed(deal.TooFewQuotes)
	case t.Rule == RuleFirst:
		return failed(deal.ReserveNotMet) // a quote within the named price would have won at once
	case t.Rule == RuleChoice:
		return failed(deal.OwnerWithdrew)
	}
	all := offers(crowd)
	awards := allot(t.limits(), all)
	if len(awards) == 0 {
		return failed(whyNone(t.limits(), all))
	}
	return deal.Decision{Result: deal.Sold, Awards: int64(len(awards))}
}

func failed(why deal.Reason) deal.Decision {
	return deal.Decision{Result: deal.ResultFailed, Reason: why}
}
