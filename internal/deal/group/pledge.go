package group

import (
	"fmt"

	"haggle/internal/deal"
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
	return a.effects(v, e, t), nil
}

// effects are what the commit makes of an accepted pledge.
func (a *admission) effects(v deal.View, e deal.Entry, t *Terms) deal.Effects {
	secret := deal.Secret{Field: "ceiling", Salt: e.Salts[0], Value: int64(a.standing.Ceiling)}
	own := &deal.Standing{Account: e.Account, Pseudonym: v.Who, Seq: v.Seq, At: v.Now, Active: true, Hold: a.hold, Values: &a.standing}
	fx := deal.Effects{State: &State{Tiers: a.tiers}, Own: own, Lines: []deal.LineDraft{a.line(v, t, secret)}, Answer: answer(t, a.tier, a.hold)}
	if a.full {
		fx.Decision = deal.Ptr(t.sold(a.tiers, a.tier, all(a.tiers).Pledges))
	}
	return fx
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
