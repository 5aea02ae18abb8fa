package english

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// enterRetract takes a bidder's own bids back.
func enterRetract(v deal.View, t *Terms, s *State, e deal.Entry) (deal.Effects, error) {
	if err := only(deal.Member, e.Role); err != nil {
		return deal.Effects{}, err
	}
	if e.Reason != deal.Typo && e.Reason != deal.DescriptionChanged {
		return deal.Effects{}, fault.Invalidf("reason", "%s or %s", deal.Typo, deal.DescriptionChanged)
	}
	bids := bidsOf(v.Own)
	if len(bids.List) == 0 {
		return deal.Effects{}, fault.New(fault.CodeNotFound, nil)
	}
	all, err := retraction(bids, v.ClosesAt, v.Now)
	if err != nil {
		return deal.Effects{}, err
	}
	return strike(*v.Own, all).effects(v, t, s, deal.Retract, e.Reason), nil
}

// retraction says what a bidder may take back: all his bids while more than 12 h are left; later only the newest,
// within an hour of it.
func retraction(bids *Bids, closesAt, now time.Time) (all bool, err error) {
	if early(closesAt, now) {
		return true, nil
	}
	since, until := closesAt.Add(-lastHours), bids.newest().At.Add(retractable)
	switch {
	case now.After(until) && until.After(since):
		return false, locked(until)
	case now.After(until), bids.irreplaceable():
		return false, locked(since)
	}
	return false, nil
}
