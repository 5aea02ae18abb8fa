package english

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// sight follows an auction as anybody sees it while the maxima are closed.
type sight struct {
	terms    *Terms
	reserved bool
	closesAt time.Time // in force
	now      seen
	crowd    map[string]deal.Standing // by pseudonym; in place of a bid's maximum stands its line: the later is higher
	counted  bool                     // a counting bid was made, struck or not
	ended    bool
}

// seen is the public state after a line.
type seen struct {
	leader   string
	standing money.Amount
	closesAt time.Time // zero: not moved
}

// auditSight checks what needs no maximum: an open log, or a cancelled auction, which opens and awards nothing.
func auditSight(t *deal.Transcript, terms *Terms, s sections) error {
	v := sight{terms: terms, reserved: t.Terms[fieldReserve] != nil, closesAt: t.ClosesAt, crowd: map[string]deal.Standing{}}
	for _, l := range s.entries {
		if err := v.step(l); err != nil {
			return err
		}
	}
	if len(s.closing) == 0 {
		return nil
	}
	first := s.closing[0]
	if t.IsClosed() {
		return v.cancelled(s)
	}
	if !v.ended && first.At.Before(v.closesAt) {
		return deal.Wrong(first.Seq, "closing before closesAt %s", deal.FormatTime(v.closesAt))
	}
	return nil
}

func (v *sight) step(l deal.Line) error {
	if v.ended {
		return deal.Wrong(l.Seq, "the auction had ended")
	}
	act, err := actOf(l)
	if err != nil {
		return err
	}
	next, err := readAfter(l)
	if err != nil {
		return err
	}
	if act != deal.Bid && !next.closesAt.IsZero() {
		return deal.Wrong(l.Seq, "only a bid moves the deadline")
	}
	if err := v.judge(l, act, next); err != nil {
		return err
	}
	v.now = next
	return nil
}

func (v *sight) judge(l deal.Line, act deal.Act, next seen) error {
	switch act {
	case deal.Bid:
		return v.bid(l, next)
	case deal.Buy:
		return v.buy(l, next)
	case deal.Retract:
		return v.retract(l, next)
	case deal.CancelBid:
		return v.cancelBid(l, next)
	default:
		return v.endEarly(l, next)
	}
}

func readAfter(l deal.Line) (s seen, err error) {
	after, _ := l.Body["after"].(deal.Body)
	if err := deal.OnlyKeys(l, after, "leader", "standing", "closesAt"); err != nil {
		return s, err
	}
	_, led := after["leader"]
	_, priced := after["standing"]
	var ok bool
	s.leader = text(after, "leader")
	if s.standing, ok = amount(after["standing"]); ok != priced || led != priced || led != (s.leader != "") {
		return s, deal.Wrong(l.Seq, "after has leader and standing, or neither")
	}
	if at, there := after["closesAt"]; there {
		raw, _ := at.(string)
		s.closesAt, err = deal.ParseTime(raw)
	}
	return s, err
}

func (v *sight) bid(l deal.Line, next seen) error {
	one := One{Seq: l.Seq, Max: money.Amount(l.Seq), At: l.At, Counts: l.Body["counts"] == nil}
	changed := next.leader != v.now.leader || next.standing != v.now.standing
	if !one.Counts && changed || one.Counts && !v.explains(l.Who, next) {
		return deal.Wrong(l.Seq, "no maximum of %s leads to %s at %d", l.Who, next.leader, next.standing)
	}
	at := v.terms.moved(changed, v.closesAt, l.At)
	if !at.Equal(next.closesAt) {
		return deal.Wrong(l.Seq, "closesAt in after does not follow from the soft close")
	}
	if !at.IsZero() {
		v.closesAt = at
	}
	own := v.crowd[l.Who]
	v.crowd[l.Who] = deal.Standing{Account: l.Who, Pseudonym: l.Who, Seq: l.Seq, Active: true, Values: bidsOf(&own).with(one, false)}
	v.counted = v.counted || one.Counts
	return nil
}

// explains says whether some maximum of a bidder leads from what was seen to next.
func (v *sight) explains(who string, next seen) bool {
	least := v.terms.minimum(&State{Leader: v.now.leader, Standing: v.now.standing})
	switch {
	case v.now.leader == "":
		return next.leader == who && (next.standing == least || v.reserved && next.standing > least)
	case v.now.leader == who:
		return next.leader == who && next.standing >= v.now.standing
	}
	return (next.leader == who || next.leader == v.now.leader) && next.standing >= least
}

// buy is checked but for whether a reserve was met.
func (v *sight) buy(l deal.Line, next seen) error {
	price := v.terms.BuyNowPrice
	if price == nil || v.counted && !v.reserved {
		return deal.Wrong(l.Seq, "buy-now was not offered")
	}
	if l.Body["quantity"] != int64(1) || next.leader != l.Who || next.standing != *price {
		return deal.Wrong(l.Seq, "one piece goes to %s at %d", l.Who, *price)
	}
	v.ended = true
	return nil
}

func (v *sight) retract(l deal.Line, next seen) error {
	own := v.crowd[l.Who]
	if len(bidsOf(&own).List) == 0 {
		return deal.Wrong(l.Seq, "no bid of %s stands", l.Who)
	}
	all, err := retraction(bidsOf(&own), v.closesAt, l.At)
	if err != nil {
		return deal.Wrong(l.Seq, "the rule refuses it: %v", err)
	}
	if r := deal.Reason(text(l.Body, "reason")); r != deal.Typo && r != deal.DescriptionChanged {
		return deal.Wrong(l.Seq, "%q is no reason to retract", r)
	}
	return v.struck(l, strike(own, all), next)
}

func (v *sight) cancelBid(l deal.Line, next seen) error {
	reason := deal.Reason(text(l.Body, "reason"))
	if ownerMay(reason) != nil || reason != deal.BidderAsked && !early(v.closesAt, l.At) {
		return deal.Wrong(l.Seq, "too late to cancel bids for %q", reason)
	}
	for _, s := range v.crowd {
		if bids := bidsOf(&s); len(bids.List) > 0 && l.Body["of"] == bids.newest().Seq {
			return v.struck(l, strike(s, true), next)
		}
	}
	return deal.Wrong(l.Seq, "`of` is nobody's newest bid in force")
}

// struck checks what a reader knows of a price without some bids: who leads has a bid, the leader stays unless his own
// were struck, and the price does not rise.
func (v *sight) struck(l deal.Line, x struck, next seen) error {
	if all, there := l.Body["all"]; l.Body["of"] != x.line || there != x.all || there && all != true {
		return deal.Wrong(l.Seq, "should strike line %d (all of that bidder: %t)", x.line, x.all)
	}
	v.crowd[x.of.Pseudonym] = x.of
	left := 0
	for _, s := range v.crowd {
		if _, ok := bidsOf(&s).top(); ok {
			left++
		}
	}
	leader := v.crowd[next.leader]
	_, leads := bidsOf(&leader).top()
	switch {
	case left == 0 && next.leader == "":
		return nil
	case !leads, v.now.leader != x.of.Pseudonym && next.leader != v.now.leader:
		return deal.Wrong(l.Seq, "%q cannot lead then", next.leader)
	case next.standing < v.terms.StartPrice || next.standing > v.now.standing:
		return deal.Wrong(l.Seq, "the price cannot be %d then", next.standing)
	}
	return nil
}

func (v *sight) endEarly(l deal.Line, next seen) error {
	leader := v.crowd[v.now.leader]
	top, ok := bidsOf(&leader).top()
	if !ok || ownerMay(deal.Reason(text(l.Body, "reason"))) != nil || l.Body["of"] != top.Seq {
		return deal.Wrong(l.Seq, "ends early with the leader's bid, for a reason")
	}
	if next.leader != v.now.leader || next.standing != v.now.standing {
		return deal.Wrong(l.Seq, "to end early changes neither leader nor price")
	}
	v.ended = true
	return nil
}

// cancelled checks the closing of an auction that was called off.
func (v *sight) cancelled(s sections) error {
	l := s.closing[0]
	reason := deal.Reason(text(l.Body, "reason"))
	switch {
	case len(s.closing) > 1 || len(s.later) > 0:
		return deal.Wrong(l.Seq, "a cancelled auction opens and awards nothing")
	case !same(closedBody(deal.Decision{Result: deal.ResultCancel, Reason: reason}), l.Body):
		return deal.Wrong(l.Seq, "the closed line should read otherwise")
	case v.ended || !l.At.Before(v.closesAt):
		return deal.Wrong(l.Seq, "cancelled when the auction was over")
	case reason != deal.ByModerator && v.now.leader != "" && !early(v.closesAt, l.At):
		return deal.Wrong(l.Seq, "cancelled with bids in the last hours")
	}
	return nil
}
