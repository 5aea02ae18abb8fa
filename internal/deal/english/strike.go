package english

import (
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

const (
	lastHours   = 12 * time.Hour // before the deadline, in which most things are locked
	retractable = time.Hour      // from a bid on, in which it can be retracted alone even then
)

// early says whether more than the last hours are left.
func early(closesAt, now time.Time) bool { return closesAt.Sub(now) > lastHours }

// locked refuses with the instant since when it is too late.
func locked(since time.Time) error {
	return fault.New(fault.CodeWithdrawalLocked, fault.Params{"lockedFrom": deal.FormatTime(since)})
}

// ownerMay refuses a reason that an owner cannot give.
func ownerMay(r deal.Reason) error {
	if r == deal.ByModerator || !slices.Contains(deal.Reasons(), r) {
		return fault.Invalidf("reason", "is no reason of an owner")
	}
	return nil
}

// struck is bids taken out of the set: the line of the newest of them, and what is left to their bidder.
type struck struct {
	of   deal.Standing // as it will be
	line int64
	all  bool
}

// strike takes one bidder's newest bid out of the set, or all.
func strike(of deal.Standing, all bool) struck {
	bids := bidsOf(&of)
	left := bids.without(all)
	s := struck{of: of, line: bids.newest().Seq, all: all}
	s.of.Values, s.of.Active = left, len(left.List) > 0
	return s
}

// crowd is every standing as it will be.
func (x struck) crowd(before []deal.Standing) []deal.Standing {
	after := slices.Clone(before)
	for i := range after {
		if after[i].Account == x.of.Account {
			after[i] = x.of
		}
	}
	return after
}

// effects computes the price from the bids that are left and writes the line of the act. The deadline stays, and a
// buy-now price that was gone stays gone.
func (x struck) effects(v deal.View, t *Terms, s *State, act deal.Act, reason deal.Reason) deal.Effects {
	next := t.recomputed(s, x.crowd(v.Crowd))
	body := deal.Body{"act": string(act), "of": x.line, "reason": string(reason), "after": next.after()}
	if x.all {
		body["all"] = true
	}
	fx := deal.Effects{
		State:  next,
		Others: []deal.Standing{x.of},
		Lines:  []deal.LineDraft{{Who: v.Who, Kind: deal.Changed, Body: body}},
		Answer: deal.Answer{Minimum: deal.Ptr(t.minimum(next))},
	}
	if next.hasLeader() {
		fx.Answer.Standing = deal.Ptr(next.Standing)
	}
	return fx
}
