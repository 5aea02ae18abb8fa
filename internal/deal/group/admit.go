package group

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// situation is what a pledge is judged by: the public state, the terms, and what the member knows of himself. A preview
// is judged by the very same, so it cannot tell more.
type situation struct {
	terms      *Terms
	currency   money.Currency
	tiers      []Sums
	now        time.Time
	lockedFrom time.Time // the last phase begins; zero: there is none
	own        *Standing // nil: no pledge of his stands
	held       money.Amount
	available  money.Amount
	related    int64 // pieces pledged by accounts that share his limit
	seq        int64 // the line that the pledge will take
}

// admission is what an accepted pledge leads to.
type admission struct {
	standing Standing
	hold     money.Amount
	tiers    []Sums
	tier     int64
	full     bool // the cap is reached: the deal closes at once
}

// admit accepts or refuses a pledge, in the one order of precedence.
func (s *situation) admit(p Pledge) (*admission, error) {
	ceiling, err := s.checkShape(p)
	if err != nil {
		return nil, err
	}
	if err := deal.Cash(s.currency, ceiling); err != nil {
		return nil, err
	}
	if err := s.checkLimits(p); err != nil {
		return nil, err
	}
	if best := s.terms.best(); ceiling < best {
		return nil, fault.New(fault.CodeCeilingBelowBestTier, fault.Params{"minimum": int64(best)})
	}
	a := &admission{standing: repledged(s.own, p.Quantity, p.Tolerance, ceiling, s.seq)}
	a.tiers = s.terms.moved(s.tiers, s.own, &a.standing)
	a.tier = s.terms.reached(a.tiers)
	a.full = s.terms.full(a.tiers)
	if err := s.checkLock(a.tiers, &a.standing); err != nil {
		return nil, err
	}
	if a.hold, err = s.terms.Hold(s.currency, a.standing.pieces(), ceiling); err != nil {
		return nil, fault.Invalidf("quantity", "the sum to hold is out of range").Because(err)
	}
	return a, deal.Fund(s.available, s.held, a.hold)
}

// checkShape refuses input of the wrong range, all fields at once, and gives the ceiling or its default.
func (s *situation) checkShape(p Pledge) (money.Amount, error) {
	var wrong fault.Collect
	if p.Quantity < 1 || p.Quantity > maxQuantity {
		wrong.Addf("quantity", codeInvalid, "is from 1 to %d", maxQuantity)
	}
	switch {
	case p.Tolerance < 0 || p.Tolerance > maxQuantity:
		wrong.Addf("tolerance", codeInvalid, "is from 0 to %d", maxQuantity)
	case p.Tolerance > 0 && !s.terms.Tolerance:
		wrong.Addf("tolerance", codeInvalid, "this group takes none")
	}
	ceiling := s.terms.first()
	if p.Ceiling != nil {
		ceiling = *p.Ceiling
	}
	if ceiling < 0 || ceiling > money.Max {
		wrong.Addf("ceiling", codeInvalid, "is an amount from 0 on")
	}
	return ceiling, wrong.Err()
}

// checkLimits keeps the limit per person and the cap.
func (s *situation) checkLimits(p Pledge) error {
	limit, pieces := s.terms.PerPerson, p.Quantity+p.Tolerance
	if left := max(limit-s.related, 0); limit > 0 && pieces > left {
		return fault.New(fault.CodeOverPersonLimit, fault.Params{"limit": limit, "left": left})
	}
	others := all(s.tiers).Pieces
	if s.own != nil {
		others -= s.own.Quantity
	}
	if left := s.terms.Cap - others; s.terms.Cap > 0 && p.Quantity > left {
		return fault.New(fault.CodeOverCap, fault.Params{"cap": s.terms.Cap, "left": left})
	}
	return nil
}

// full says whether the standing quantities fill the cap.
func (t *Terms) full(tiers []Sums) bool { return t.Cap > 0 && all(tiers).Pieces == t.Cap }

// setOwn takes over the member's standing pledge and its hold, where one stands.
func (s *situation) setOwn(own *deal.Standing) (err error) {
	if own == nil {
		return nil
	}
	s.held = own.Hold
	s.own, err = standing(own)
	return err
}
