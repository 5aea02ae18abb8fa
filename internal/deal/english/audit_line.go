package english

import (
	"bytes"

	"haggle/internal/deal"
)

// shape is what the line of an act looks like beside its `act` and `after`.
type shape struct {
	kind  deal.LineKind
	owner bool // written by the owner; else by a member
	keys  []string
}

var shapes = map[deal.Act]shape{
	deal.Bid:       {kind: deal.Entered, keys: []string{fieldMax, "counts"}},
	deal.Buy:       {kind: deal.Entered, keys: []string{"quantity"}},
	deal.Retract:   {kind: deal.Changed, keys: []string{"of", "all", "reason"}},
	deal.CancelBid: {kind: deal.Changed, owner: true, keys: []string{"of", "all", "reason"}},
	deal.EndEarly:  {kind: deal.Changed, owner: true, keys: []string{"of", "reason"}},
}

// actOf reads a line's act and refuses what no line of an auction looks like.
func actOf(l deal.Line) (deal.Act, error) {
	act := deal.Act(text(l.Body, "act"))
	s, ok := shapes[act]
	if !ok || l.Kind != s.kind {
		return act, deal.Wrong(l.Seq, "an auction has no line %s %q", l.Kind, act)
	}
	if l.Who == "site" || (l.Who == "owner") != s.owner {
		return act, deal.Wrong(l.Seq, "%s by %s", act, l.Who)
	}
	if err := deal.OnlyKeys(l, l.Body, append([]string{"act", "after"}, s.keys...)...); err != nil {
		return act, err
	}
	if _, ok := l.Body["after"].(deal.Body); !ok {
		return act, deal.Wrong(l.Seq, "after is missing")
	}
	return act, checkBidLine(l, act)
}

// checkBidLine wants a commitment as a bid's maximum, and `counts` only where it is false.
func checkBidLine(l deal.Line, act deal.Act) error {
	if act != deal.Bid {
		return nil
	}
	if c, there := l.Body["counts"]; there && c != false {
		return deal.Wrong(l.Seq, "counts stands only where it is false")
	}
	if !isCommitment(l.Body[fieldMax]) {
		return deal.Wrong(l.Seq, "its maximum is no commitment")
	}
	return nil
}

// isCommitment says whether a value is {"c": 64 lower-case hex digits}.
func isCommitment(v any) bool {
	b, _ := v.(deal.Body)
	c := text(b, "c")
	return len(b) == 1 && len(c) == len(deal.ZeroHash) && len(bytes.Trim([]byte(c), "0123456789abcdef")) == 0
}

func text(b deal.Body, key string) string {
	s, _ := b[key].(string)
	return s
}

// canonical is a value of a log as it would be written.
func canonical(v any) []byte {
	raw, err := deal.Canonical(v)
	if err != nil {
		return nil // nil equals nothing: see same
	}
	return raw
}

// same says whether two values of a log are written alike.
func same(want, got any) bool {
	w := canonical(want)
	return w != nil && bytes.Equal(w, canonical(got))
}
