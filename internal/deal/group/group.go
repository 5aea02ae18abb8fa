package group

import (
	"fmt"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// mechanism implements [deal.Mechanism] for group buys. It has no state.
type mechanism struct{}

// New gives the mechanism of group buys.
func New() deal.Mechanism { return mechanism{} }

func (mechanism) Kind() deal.Kind { return deal.Group }

func (mechanism) NewTerms() any { return &Terms{} }

func (mechanism) NewState() any { return &State{} }

func (mechanism) NewStanding() any { return &Standing{} }

func (mechanism) NewInput(act deal.Act) any {
	if act == deal.Pledge {
		return &Pledge{}
	}
	return nil
}

// Needs asks for the crowd only at the close of goods in cases: there the pieces may not reach everybody, and who gets
// some depends on the queue. Everything else is decided by the sums per tier.
func (mechanism) Needs(act deal.Act, terms any) bool {
	t, ok := terms.(*Terms)
	return ok && act == deal.ActClose && t.inCases()
}

func (mechanism) Open(v deal.View, _ []string) (deal.Effects, error) {
	t, err := termsOf(v.Terms)
	if err != nil {
		return deal.Effects{}, err
	}
	line := deal.OpenedLine(v.Frame, deal.Group, t.logged(), nil)
	return deal.Effects{State: &State{Tiers: make([]Sums, len(t.Tiers))}, Lines: []deal.LineDraft{line}}, nil
}

// Enter takes pledges and withdrawals of members, and the cancelling of the deal by its owner or a moderator.
func (mechanism) Enter(v deal.View, e deal.Entry) (deal.Effects, error) {
	t, s, err := open(v)
	if err != nil {
		return deal.Effects{}, err
	}
	switch e.Act {
	case deal.Pledge:
		return enterPledge(v, e, t, s)
	case deal.Withdraw:
		return enterWithdraw(v, e, t, s)
	case deal.Cancel:
		return enterCancel(v, e, t, s)
	default:
		return deal.Effects{}, fault.Invalidf("act", "a group takes no %q", e.Act)
	}
}

// open gives the view's terms and state in their own types.
func open(v deal.View) (*Terms, *State, error) {
	t, err := termsOf(v.Terms)
	if err != nil {
		return nil, nil, err
	}
	s, ok := v.State.(*State)
	if !ok || len(s.Tiers) != len(t.Tiers) {
		return nil, nil, fmt.Errorf("group: state %T does not fit the terms", v.State)
	}
	return t, s, nil
}

func termsOf(terms any) (*Terms, error) {
	t, ok := terms.(*Terms)
	if !ok || t == nil || len(t.Tiers) == 0 {
		return nil, fmt.Errorf("group: %T are no terms of a group", terms)
	}
	return t, nil
}

// onlyMembers refuses an act that belongs to members where somebody else tries it.
func onlyMembers(r deal.Role) error {
	switch r {
	case deal.Member:
		return nil
	case deal.Owner:
		return fault.New(fault.CodeOwnDeal, nil)
	default:
		return fault.New(fault.CodeForbidden, nil)
	}
}
