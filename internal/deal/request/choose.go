package request

import (
	"fmt"
	"regexp"
	"strconv"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// Choose is the buyer's pick: the Values of a [deal.Choose] entry.
type Choose struct {
	Quote  string // the seq of the quote's log line, or the pseudonym of its seller
	Reason string // a code such as price, condition or delivery; may be empty
}

// reasonCode is the shape of a code: what is no code is free text, which is kept nowhere.
var reasonCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// enterChoice awards the request to the standing quote that the buyer picked. It writes no line of its own: the award
// is the closing's. A reason of the log's list stands in the closed line, another is kept with the decision alone.
func enterChoice(v deal.View, t *Terms, st *State, e deal.Entry) (deal.Effects, error) {
	c, ok := e.Values.(Choose)
	if !ok {
		return deal.Effects{}, fmt.Errorf("request: values of a choice are %T", e.Values)
	}
	o, found := c.find(offers(v.Crowd))
	if err := c.check(found); err != nil {
		return deal.Effects{}, err
	}
	switch {
	case e.Role != deal.Owner:
		return deal.Effects{}, fault.New(fault.CodeForbidden, nil)
	case t.Rule != RuleChoice:
		return deal.Effects{}, fault.New(fault.CodeNotOffered, nil)
	case st.Sellers < t.minimumQuotes():
		return deal.Effects{}, fault.New(fault.CodeNotOffered, fault.Params{"quotes": st.Sellers, "minimumQuotes": t.minimumQuotes()})
	case o.unitPrice > t.NamedPrice:
		return deal.Effects{}, fault.New(fault.CodeAboveNamedPrice, fault.Params{"namedPrice": int64(t.NamedPrice)})
	}
	next := *st
	next.Winner = o.seq
	return deal.Effects{State: &next, Decision: &deal.Decision{Result: deal.Sold, Reason: deal.Reason(c.Reason), Awards: 1}}, nil
}

func (c Choose) check(found bool) error {
	var wrong fault.Collect
	if !found {
		wrong.Addf("quote", "unknown", "no standing quote has this seq or pseudonym")
	}
	if c.Reason != "" && !reasonCode.MatchString(c.Reason) {
		wrong.Addf("reason", "unknown", "a reason is a code of lower-case letters, digits and _")
	}
	return wrong.Err()
}

// find gives the standing quote that was picked.
func (c Choose) find(all []offer) (offer, bool) {
	for _, o := range all {
		if c.Quote == o.who || c.Quote == strconv.FormatInt(o.seq, 10) {
			return o, true
		}
	}
	return offer{}, false
}
