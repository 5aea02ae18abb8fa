package english

import (
	"fmt"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

const (
	lastHours   = 12 * time.Hour // before the deadline most things are locked
	retractable = time.Hour      // in them, a bidder's last bid for so long
)

// CancelBid names the bidder whose bids the seller strikes: the Values of a [deal.CancelBid] entry.
type CancelBid struct{ Pseudonym string }

// locked refuses with the instant from which on it was too late.
func locked(v deal.View) error {
	return fault.New(fault.CodeWithdrawalLocked, fault.Params{"lockedFrom": deal.FormatTime(v.ClosesAt.Add(-lastHours))})
}

// early says whether more than the last hours are left.
func early(v deal.View) bool { return v.ClosesAt.Sub(v.Now) > lastHours }

// enterRetract takes a bidder's own bids back: all of them while more than 12 h are left; later only the last one,
// within an hour of it.
func enterRetract(v deal.View, t *Terms, s *State, e deal.Entry) (deal.Effects, error) {
	if err := only(deal.Member, e.Role); err != nil {
		return deal.Effects{}, err
	}
	if e.Reason != deal.Typo && e.Reason != deal.DescriptionChanged {
		return deal.Effects{}, fault.Invalidf("reason", "%s or %s", deal.Typo, deal.DescriptionChanged)
	}
	if v.Own == nil || !v.Own.Active || len(bidsOf(v.Own).List) == 0 {
		return deal.Effects{}, fault.New(fault.CodeNotFound, nil)
	}
	list := bidsOf(v.Own).List
	last := list[len(list)-1]
	if early(v) {
		return strike(v, t, s, *v.Own, true, deal.Body{"act": string(deal.Retract), "reason": string(e.Reason)}), nil
	}
	if v.Now.Sub(last.At) > retractable {
		return deal.Effects{}, locked(v)
	}
	return strike(v, t, s, *v.Own, false, deal.Body{"act": string(deal.Retract), "reason": string(e.Reason)}), nil
}

// enterCancelBid lets the seller strike one bidder's bids; in the last 12 h only when that bidder asked.
func enterCancelBid(v deal.View, t *Terms, s *State, e deal.Entry) (deal.Effects, error) {
	in, ok := e.Values.(CancelBid)
	if !ok {
		return deal.Effects{}, fmt.Errorf("english: values of cancel_bid are %T", e.Values)
	}
	if err := only(deal.Owner, e.Role); err != nil {
		return deal.Effects{}, err
	}
	i := slices.IndexFunc(v.Crowd, func(x deal.Standing) bool { return x.Pseudonym == in.Pseudonym && x.Active })
	if i < 0 {
		return deal.Effects{}, fault.Invalidf("pseudonym", "no bid of %q stands", in.Pseudonym)
	}
	if !early(v) && e.Reason != deal.BidderAsked {
		return deal.Effects{}, locked(v)
	}
	return strike(v, t, s, v.Crowd[i], true, deal.Body{"act": string(deal.CancelBid), "reason": string(e.Reason)}), nil
}

// strike takes bids of one bidder out of the set; the price is computed from the rest. The deadline stays, and a
// buy-now price that was gone stays gone.
func strike(v deal.View, t *Terms, s *State, of deal.Standing, all bool, body deal.Body) deal.Effects {
	bids := bidsOf(&of)
	body["of"] = bids.List[len(bids.List)-1].Seq
	left := bids.List[:len(bids.List)-1]
	if all {
		body["all"], left = true, nil
	}
	of.Values, of.Active = &Bids{List: slices.Clone(left), Backup: bids.Backup}, len(left) > 0
	crowd := slices.Clone(v.Crowd)
	for i := range crowd {
		if crowd[i].Account == of.Account {
			crowd[i] = of
		}
	}
	next := t.recomputed(s, crowd)
	body["after"] = next.after()
	fx := deal.Effects{State: next, Lines: []deal.LineDraft{{Who: v.Who, Kind: deal.Changed, Body: body}}, Answer: deal.Answer{Minimum: deal.Ptr(t.minimum(next))}}
	if next.hasLeader() {
		fx.Answer.Standing = deal.Ptr(next.Standing)
	}
	fx.Others = []deal.Standing{of}
	return fx
}

// enterEndEarly sells to the leader now, at the standing price; it waives a reserve.
func enterEndEarly(v deal.View, s *State, e deal.Entry) (deal.Effects, error) {
	if err := only(deal.Owner, e.Role); err != nil {
		return deal.Effects{}, err
	}
	if !s.hasLeader() {
		return deal.Effects{}, fault.New(fault.CodeNotOffered, nil)
	}
	body := deal.Body{"act": string(deal.EndEarly), "of": s.M1Seq, "reason": string(deal.OwnerWithdrew), "after": s.after()}
	return deal.Effects{Lines: []deal.LineDraft{{Who: v.Who, Kind: deal.Changed, Body: body}}, Decision: s.sold()}, nil
}

// enterCancel calls the auction off: its owner without bids at any time, with bids while more than 12 h are left; a
// moderator always. It writes no line of its own: the closed line is the closing's.
func enterCancel(v deal.View, s *State, e deal.Entry) (deal.Effects, error) {
	reason := e.Reason
	switch e.Role {
	case deal.Moderator:
		reason = deal.ByModerator
	case deal.Owner:
		if s.hasLeader() && !early(v) {
			return deal.Effects{}, locked(v)
		}
		if reason == "" {
			reason = deal.OwnerWithdrew
		}
		if reason == deal.ByModerator || !slices.Contains(deal.Reasons(), reason) {
			return deal.Effects{}, fault.Invalidf("reason", "no reason of an owner")
		}
	default:
		return deal.Effects{}, fault.New(fault.CodeForbidden, nil)
	}
	return deal.Effects{Decision: &deal.Decision{Result: deal.ResultCancel, Reason: reason}}, nil
}
