package fixed

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// Mechanism implements [deal.Mechanism] for fixed-price listings. Entries carry Values of type [Buy], [Paid] and
// [Lapse].
type Mechanism struct{}

var _ deal.Mechanism = Mechanism{}

// New gives the rule; it has no state of its own.
func New() Mechanism { return Mechanism{} }

// Kind is [deal.Fixed].
func (Mechanism) Kind() deal.Kind { return deal.Fixed }

// NewTerms gives an empty *[Terms].
func (Mechanism) NewTerms() any { return new(Terms) }

// NewState gives an empty *[State].
func (Mechanism) NewState() any { return new(State) }

// NewStanding gives an empty *[Purchases].
func (Mechanism) NewStanding() any { return new(Purchases) }

// NewInput gives what a purchase, its payment or its lapse is decoded into.
func (Mechanism) NewInput(act deal.Act) any {
	switch act {
	case deal.Buy:
		return new(Buy)
	case deal.Paid:
		return new(Paid)
	case deal.Lapse:
		return new(Lapse)
	}
	return nil
}

// Funded says that no entry costs money in its own commit: purchases are paid afterwards.
func (Mechanism) Funded(deal.Act) bool { return false }

// Needs never asks for the crowd: the stock says it all.
func (Mechanism) Needs(deal.Act, any) bool { return false }

// Enter accepts or refuses a purchase, the site's word on one, or the end of the listing.
func (Mechanism) Enter(v deal.View, e deal.Entry) (deal.Effects, error) {
	t, st, err := parts(v)
	if err != nil {
		return deal.Effects{}, err
	}
	switch e.Act {
	case deal.Buy:
		return enterBuy(v, t, st, e)
	case deal.Paid:
		return enterPaid(v, t, st, e)
	case deal.Lapse:
		return enterLapse(v, t, st, e)
	case deal.EndEarly:
		return enterEndEarly(v, st, e)
	case deal.Cancel:
		return enterCancel(st, e)
	}
	return deal.Effects{}, fault.New(fault.CodeNotOffered, nil)
}

// parts gives the terms and the state their types back.
func parts(v deal.View) (*Terms, *State, error) {
	t, ok := v.Terms.(*Terms)
	if !ok {
		return nil, nil, fmt.Errorf("fixed: terms are %T", v.Terms)
	}
	st, ok := v.State.(*State)
	if !ok {
		return nil, nil, fmt.Errorf("fixed: state is %T", v.State)
	}
	return t, st, nil
}
