package demo

import (
	"context"
	"time"

	"haggle/internal/deal/group"
	"haggle/internal/market"
)

// groupBuy is one group buy of the script.
type groupBuy struct {
	thing
	span
	tiers        []tier
	minimum, cap int64
	perPerson    int64
	caseSize     int64
	tolerance    bool
	allocation   group.Allocation
	piece, head  int64 // fees a piece and a member
	bill         int64 // shared by pieces
	pickup       []string
	pledges      []pledge
	cancelled    time.Duration
	end          ending
}

// tier is a rung of the ladder: from so many pieces on, this price.
type tier struct{ from, price int64 }

// pledge is what a member wants; ceiling 0: whatever the first tier costs.
type pledge struct {
	by        who
	quantity  int64
	tolerance int64
	ceiling   int64
}

func (p *play) group(g groupBuy) {
	l := p.lot(g.thing, g.span, g.end, func(ctx context.Context, l *lot, about market.About, until market.Until) (string, error) {
		v, _, err := p.Market.OpenGroup(ctx, p.actors[l.by], market.Key{}, g.input(about, until))
		return v.ID, err
	})
	p.cancel(l, g.cancelled)
	p.entries(l, len(g.pledges), "joining", func(ctx context.Context, i int) error { return p.pledge(ctx, l, g.pledges[i]) })
}

func (g groupBuy) input(about market.About, until market.Until) market.GroupInput {
	in := market.GroupInput{About: about, Until: until, Minimum: orNil(g.minimum), Cap: orNil(g.cap), PerPerson: orNil(g.perPerson), CaseSize: orNil(g.caseSize),
		Tolerance: g.tolerance, Allocation: string(g.allocation), Pickup: g.pickup}
	for _, t := range g.tiers {
		in.Tiers = append(in.Tiers, market.TierInput{From: t.from, UnitPrice: cash(t.price)})
	}
	if g.piece+g.head+g.bill > 0 {
		in.Fees = &market.FeesInput{PerPiece: cash(g.piece), PerMember: cash(g.head), Bill: cash(g.bill)}
	}
	return in
}

func (p *play) pledge(ctx context.Context, l *lot, g pledge) error {
	_, err := p.Market.Pledge(ctx, p.actors[g.by], market.Key{}, l.id, market.PledgeInput{Quantity: g.quantity, Tolerance: g.tolerance, Ceiling: cashOrNil(g.ceiling)})
	return err
}
