package group

import (
	"fmt"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// Pledge is a member's input: he wants so many pieces, would take up to tolerance more to fill a case, and pays no
// more than the ceiling a piece (nil: the first tier's price).
type Pledge struct {
	Quantity  int64
	Tolerance int64
	Ceiling   *money.Amount
}

// Standing is a pledge that stands.
type Standing struct {
	Quantity      int64        `bson:"quantity"`
	Tolerance     int64        `bson:"tolerance"`
	Ceiling       money.Amount `bson:"ceiling"`
	Lots          Lots         `bson:"lots"`          // places of the wanted pieces
	ToleranceLots Lots         `bson:"toleranceLots"` // tolerances queue for themselves
}

// pieces is the most that the pledge can come to.
func (s Standing) pieces() int64 { return s.Quantity + s.Tolerance }

// repledged is the standing after a pledge with the line seq; before is nil where none stood. A change of the ceiling
// alone keeps every place.
func repledged(before *Standing, quantity, tolerance int64, ceiling money.Amount, seq int64) Standing {
	var old Standing
	if before != nil {
		old = *before
	}
	return Standing{Quantity: quantity, Tolerance: tolerance, Ceiling: ceiling,
		Lots: old.Lots.resize(quantity, seq), ToleranceLots: old.ToleranceLots.resize(tolerance, seq)}
}

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
	if a.hold, err = s.terms.hold(s.currency, a.standing.pieces(), ceiling); err != nil {
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

func enterPledge(v deal.View, e deal.Entry, t *Terms, s *State) (deal.Effects, error) {
	if err := onlyMembers(e.Role); err != nil {
		return deal.Effects{}, err
	}
	p, ok := e.Values.(Pledge)
	if !ok || len(e.Salts) == 0 {
		return deal.Effects{}, fmt.Errorf("group: a pledge of %T with %d salts", e.Values, len(e.Salts))
	}
	sit := situation{terms: t, currency: v.Currency, tiers: s.Tiers, now: v.Now, lockedFrom: t.lockedFrom(v.ClosesAt),
		available: v.Available, related: relatedPieces(v, e), seq: v.Seq}
	if err := sit.setOwn(v.Own); err != nil {
		return deal.Effects{}, err
	}
	a, err := sit.admit(p)
	if err != nil {
		return deal.Effects{}, err
	}
	secret := deal.Secret{Field: "ceiling", Salt: e.Salts[0], Value: int64(a.standing.Ceiling)}
	fx := deal.Effects{
		State: &State{Tiers: a.tiers},
		Own: &deal.Standing{Account: e.Account, Pseudonym: v.Who, Seq: v.Seq, At: v.Now, Active: true, Hold: a.hold,
			Values: &a.standing},
		Lines:  []deal.LineDraft{a.line(v, t, secret)},
		Answer: answer(t, a.tier, a.hold),
	}
	if a.full {
		d := t.sold(a.tiers, a.tier, all(a.tiers).Pledges)
		fx.Decision = &d
	}
	return fx, nil
}

// line is the entry as the log shows it.
func (a *admission) line(v deal.View, t *Terms, ceiling deal.Secret) deal.LineDraft {
	body := deal.Body{"act": string(deal.Pledge), "quantity": a.standing.Quantity, "after": t.after(a.tiers),
		"ceiling": deal.Committed(v.Deal, v.Who, ceiling)}
	if t.Tolerance {
		body["tolerance"] = a.standing.Tolerance
	}
	return deal.LineDraft{Who: v.Who, Kind: deal.Entered, Body: body, Secrets: []deal.Secret{ceiling}}
}

func answer(t *Terms, tier int64, hold money.Amount) deal.Answer {
	return deal.Answer{Tier: &tier, UnitPrice: t.price(tier), Hold: &hold}
}

// setOwn takes over the member's standing pledge and its hold, where one stands.
func (s *situation) setOwn(own *deal.Standing) (err error) {
	if own == nil {
		return nil
	}
	s.held = own.Hold
	s.own, err = standing(own)
	return err
}

// standing gives the pledge of a standing; nil where none stands any more.
func standing(own *deal.Standing) (*Standing, error) {
	if own == nil || !own.Active {
		return nil, nil
	}
	s, ok := own.Values.(*Standing)
	if !ok || s == nil {
		return nil, fmt.Errorf("group: %T is no standing pledge", own.Values)
	}
	return s, nil
}

// relatedPieces adds up what accounts related to the actor have pledged, as far as the view shows their standings: they
// share one limit with him.
func relatedPieces(v deal.View, e deal.Entry) (n int64) {
	for _, account := range e.Related {
		for i := range v.Crowd {
			if v.Crowd[i].Account != account || account == e.Account {
				continue
			}
			if s, err := standing(&v.Crowd[i]); err == nil && s != nil {
				n += s.pieces()
			}
		}
	}
	return n
}
