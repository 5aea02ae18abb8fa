package group

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// replay walks a log's entries and holds the pledges that stand, as far as the log shows them.
type replay struct {
	log    *deal.Transcript
	terms  *Terms
	claims map[string]*claim // by pseudonym
	pieces int64             // all standing quantities
	filled *deal.Line        // the line that filled the cap; nil: none
}

// unknown stands for a ceiling that is not opened: whatever is asked, it is at least that.
const unknown = money.Max

func newReplay(x *deal.Transcript, t *Terms) *replay {
	return &replay{log: x, terms: t, claims: map[string]*claim{}}
}

// step takes one entered or changed line.
func (r *replay) step(l deal.Line) error {
	if r.filled != nil {
		return deal.Wrong(l.Seq, "comes after line %d filled the cap and ended the deal", r.filled.Seq)
	}
	if l.Who == "owner" || l.Who == "site" {
		return deal.Wrong(l.Seq, "pledges are made and withdrawn by members")
	}
	if l.Kind == deal.Entered {
		return r.pledge(l)
	}
	return r.withdraw(l)
}

func (r *replay) pledge(l deal.Line) error {
	if err := deal.OnlyKeys(l, l.Body, "act", "quantity", "tolerance", "ceiling", "after"); err != nil {
		return err
	}
	quantity, tolerance, err := r.readPledge(l)
	if err != nil {
		return err
	}
	before := r.claims[l.Who]
	if err := r.checkLocked(l, before, quantity); err != nil {
		return err
	}
	next := &claim{who: l.Who, seq: l.Seq}
	if before != nil {
		r.pieces -= before.Quantity
		next.Standing = repledged(&before.Standing, quantity, tolerance, unknown, l.Seq)
	} else {
		next.Standing = repledged(nil, quantity, tolerance, unknown, l.Seq)
	}
	r.claims[l.Who] = next
	r.pieces += quantity
	if most := r.terms.Cap; most > 0 && r.pieces > most {
		return deal.Wrong(l.Seq, "passes the cap of %d", most)
	} else if r.pieces == most {
		r.filled = &l
	}
	return r.checkAfter(l)
}

// readPledge reads a pledge's values and holds them against the terms.
func (r *replay) readPledge(l deal.Line) (quantity, tolerance int64, err error) {
	in := reader{body: l.Body}
	act := in.text("act")
	quantity = in.integer("quantity")
	if _, ok := l.Body["tolerance"]; ok {
		tolerance = in.integer("tolerance")
	}
	ceiling := read[deal.Body](&in, "ceiling")
	hash, _ := ceiling["c"].(string)
	limit := r.terms.PerPerson
	switch {
	case in.wrong != "":
		err = deal.Wrong(l.Seq, "%s is missing or of the wrong type", in.wrong)
	case act != string(deal.Pledge):
		err = deal.Wrong(l.Seq, "a group takes no %q", act)
	case len(ceiling) != 1 || !isHash(hash):
		err = deal.Wrong(l.Seq, "ceiling is no commitment")
	case quantity < 1 || quantity > maxQuantity || tolerance < 0 || tolerance > maxQuantity:
		err = deal.Wrong(l.Seq, "quantity or tolerance is out of range")
	case tolerance > 0 && !r.terms.Tolerance:
		err = deal.Wrong(l.Seq, "this group takes no tolerance")
	case limit > 0 && quantity+tolerance > limit:
		err = deal.Wrong(l.Seq, "is above the limit of %d per person", limit)
	}
	return quantity, tolerance, err
}

func isHash(s string) bool {
	for _, c := range s {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(s) == 64
}

func (r *replay) withdraw(l deal.Line) error {
	if err := deal.OnlyKeys(l, l.Body, "act", "of", "reason", "after"); err != nil {
		return err
	}
	if act := l.Body["act"]; act != string(deal.Withdraw) {
		return deal.Wrong(l.Seq, "a group knows no change %q", act)
	}
	c := r.claims[l.Who]
	if c == nil || l.Body["of"] != c.seq {
		return deal.Wrong(l.Seq, "`of` is not the standing pledge of %s", l.Who)
	}
	if err := r.checkLocked(l, c, 0); err != nil {
		return err
	}
	delete(r.claims, l.Who)
	r.pieces -= c.Quantity
	return r.checkAfter(l)
}

// checkLocked refuses what the log can show of a change that the last phase forbids: one that takes the group below
// its minimum. What else is forbidden there rests on closed ceilings.
func (r *replay) checkLocked(l deal.Line, before *claim, quantity int64) error {
	from := r.lockedFrom()
	if before == nil || from.IsZero() || l.At.Before(from) {
		return nil
	}
	if r.terms.fallsBelow(r.pieces, r.pieces-before.Quantity+quantity) {
		return deal.Wrong(l.Seq, "takes the group below its minimum in the last phase, from %s on", deal.FormatTime(from))
	}
	return nil
}

func (r *replay) lockedFrom() time.Time { return r.terms.lockedFrom(r.log.ClosesAt) }

// checkAfter recomputes the pieces of an `after`. Its tier rests on closed ceilings; but a tier has its one price, and
// none has none.
func (r *replay) checkAfter(l deal.Line) error {
	in := reader{body: l.Body}
	after := read[deal.Body](&in, "after")
	state := reader{body: after}
	pieces, tier := state.integer("pieces"), state.integer("tier")
	switch {
	case in.wrong != "" || state.wrong != "":
		return deal.Wrong(l.Seq, "after has pieces and tier")
	case pieces != r.pieces:
		return deal.Wrong(l.Seq, "pieces is %d, must be %d", pieces, r.pieces)
	case tier < 0 || tier > int64(len(r.terms.Tiers)):
		return deal.Wrong(l.Seq, "there is no tier %d", tier)
	}
	if err := deal.OnlyKeys(l, after, "pieces", "tier", "unitPrice"); err != nil {
		return err
	}
	price, shown := after["unitPrice"]
	if due := r.terms.price(tier); shown != (due != nil) || shown && price != int64(*due) {
		return deal.Wrong(l.Seq, "unitPrice is not that of tier %d", tier)
	}
	return nil
}
