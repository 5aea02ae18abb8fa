package english

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// Names of the secrets in a log.
const (
	fieldReserve = "reservePrice"
	fieldMax     = "max"
)

// Mechanism implements [deal.Mechanism] for English auctions. It has no state.
type Mechanism struct{}

// New gives the mechanism of English auctions.
func New() Mechanism { return Mechanism{} }

// Kind is english.
func (Mechanism) Kind() deal.Kind { return deal.English }

// NewTerms gives empty terms to decode into.
func (Mechanism) NewTerms() any { return &Terms{} }

// NewState gives an empty state to decode into.
func (Mechanism) NewState() any { return &State{} }

// NewStanding gives empty standing values to decode into.
func (Mechanism) NewStanding() any { return &Bids{} }

// NewInput gives what a bid, a buy-now or a cancelled bidder is decoded into.
func (Mechanism) NewInput(act deal.Act) any {
	switch act {
	case deal.Bid:
		return &Bid{}
	case deal.Buy:
		return &Buy{}
	case deal.CancelBid:
		return &CancelBid{}
	}
	return nil
}

// Needs asks for the crowd where bids are struck: the price is then computed from all that are left.
func (Mechanism) Needs(act deal.Act, _ any) bool { return act == deal.Retract || act == deal.CancelBid }

// Funded says that only a purchase costs money: a bid places no hold.
func (Mechanism) Funded(act deal.Act) bool { return act == deal.Buy }

// Open begins an auction. It holds no money.
func (Mechanism) Open(v deal.View, salts []string) (deal.Effects, error) {
	t, ok := v.Terms.(*Terms)
	if !ok {
		return deal.Effects{}, fmt.Errorf("english: terms are %T", v.Terms)
	}
	var secrets []deal.Secret
	if t.ReservePrice != nil {
		secrets = []deal.Secret{{Field: fieldReserve, Salt: salts[0], Value: int64(*t.ReservePrice)}}
	}
	line := deal.OpenedLine(v.Frame, deal.English, t.logged(v.Deal, secrets), secrets)
	return deal.Effects{State: &State{}, Lines: []deal.LineDraft{line}}, nil
}

// Enter takes bids and purchases of members, and what takes bids back or ends the auction.
func (Mechanism) Enter(v deal.View, e deal.Entry) (deal.Effects, error) {
	t, s, err := parts(v)
	if err != nil {
		return deal.Effects{}, err
	}
	switch e.Act {
	case deal.Bid:
		return enterBid(v, t, s, e)
	case deal.Buy:
		return enterBuy(v, t, s, e)
	case deal.Retract:
		return enterRetract(v, t, s, e)
	case deal.CancelBid:
		return enterCancelBid(v, t, s, e)
	case deal.EndEarly:
		return enterEndEarly(v, s, e)
	case deal.Cancel:
		return enterCancel(v, s, e)
	default:
		return deal.Effects{}, fault.Invalidf("act", "an auction takes no %q", e.Act)
	}
}

// parts gives the view's terms and state in their own types.
func parts(v deal.View) (*Terms, *State, error) {
	t, ok := v.Terms.(*Terms)
	s, ok2 := v.State.(*State)
	if !ok || !ok2 || t == nil || s == nil || len(t.Increments) == 0 {
		return nil, nil, fmt.Errorf("english: terms %T and state %T", v.Terms, v.State)
	}
	return t, s, nil
}

// only refuses an act that belongs to another role.
func only(want, got deal.Role) error {
	if want != got {
		return fault.New(fault.CodeForbidden, nil)
	}
	return nil
}
