package request

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// Mechanism implements [deal.Mechanism] for buyer requests. Entries carry Values of type [Quote] and [Choose].
type Mechanism struct{}

var _ deal.Mechanism = Mechanism{}

// New gives the rule; it has no state of its own.
func New() Mechanism { return Mechanism{} }

// Kind is [deal.Request].
func (Mechanism) Kind() deal.Kind { return deal.Request }

// NewTerms gives an empty *[Terms].
func (Mechanism) NewTerms() any { return new(Terms) }

// NewState gives an empty *[State].
func (Mechanism) NewState() any { return new(State) }

// NewStanding gives an empty *[Quoted].
func (Mechanism) NewStanding() any { return new(Quoted) }

// NewInput gives what a quote or a choice is decoded into.
func (Mechanism) NewInput(act deal.Act) any {
	switch act {
	case deal.Quote:
		return new(Quote)
	case deal.Choose:
		return new(Choose)
	}
	return nil
}

// Funded says that no entry costs its maker money: what a binding request holds is held when it opens.
func (Mechanism) Funded(deal.Act) bool { return false }

// Needs asks for the crowd where quotes are ranked against each other, and where the buyer picks one.
func (Mechanism) Needs(act deal.Act, terms any) bool {
	t, ok := terms.(*Terms)
	if !ok {
		return false
	}
	switch act {
	case deal.Choose:
		return true
	case deal.Quote:
		return t.Rule == RuleOpen
	case deal.ActClose:
		return t.ranks()
	}
	return false
}

// Enter accepts or refuses a quote, the buyer's choice or a cancellation. Nothing can be withdrawn.
func (m Mechanism) Enter(v deal.View, e deal.Entry) (deal.Effects, error) {
	t, st, err := parts(v)
	if err != nil {
		return deal.Effects{}, err
	}
	switch e.Act {
	case deal.Quote:
		return enterQuote(v, t, st, e)
	case deal.Choose:
		return enterChoice(v, t, st, e)
	case deal.Cancel:
		return enterCancel(t, st, e)
	case deal.Withdraw:
		return deal.Effects{}, locked(v.Own)
	}
	return deal.Effects{}, fault.New(fault.CodeNotOffered, nil)
}

// parts gives the terms and the state their types back.
func parts(v deal.View) (*Terms, *State, error) {
	t, ok := v.Terms.(*Terms)
	if !ok {
		return nil, nil, fmt.Errorf("request: terms are %T", v.Terms)
	}
	st, ok := v.State.(*State)
	if !ok {
		return nil, nil, fmt.Errorf("request: state is %T", v.State)
	}
	return t, st, nil
}
