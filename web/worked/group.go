package worked

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/group"
	"haggle/internal/money"
)

// Group is a group buy of four, which reaches its cheaper tier with the last of them; and the same group without him.
type Group struct {
	Tiers     []group.Tier
	Minimum   int64
	Length    time.Duration
	LastPhase time.Duration // in which nobody leaves

	LongestLastPhase time.Duration // of a group that stays open as long as one may
	Joined           []Joined
	Before           deal.Preview // what the first was told before he joined
	Price            money.Amount // a piece, for everybody
	Pieces           int64
	Shares           []Share
	Shown            deal.Public // before it closed

	Small int64        // pieces of a group that fails
	Back  money.Amount // what its first member gets back: all that was held
}

// Joined is one pledge and what it led to.
type Joined struct {
	By      string
	Pieces  int64
	Ceiling money.Amount // 0: none
	Sum     int64        // pieces together
	Price   money.Amount // a piece now; 0: the group does not come about yet
	Hold    money.Amount
}

// Share is what one member pays and gets back.
type Share struct {
	By         string
	Pieces     int64
	Pays, Held money.Amount
	Back       money.Amount
}

func playGroup(c money.Currency) (g Group, err error) {
	g.Length = 72 * time.Hour
	g.Tiers = []group.Tier{{From: 5, UnitPrice: major(c, 720)}, {From: 10, UnitPrice: major(c, 640)}}
	d, err := g.open(c)
	if err != nil {
		return g, err
	}
	terms := d.frame.Terms.(*group.Terms)
	g.Minimum, g.LastPhase = terms.Minimum, time.Duration(*terms.LastPhaseSeconds)*time.Second
	if g.LongestLastPhase, err = g.longestLastPhase(c); err != nil {
		return g, err
	}
	if g.Before, err = d.preview(first, deal.Pledge, group.Pledge{Quantity: 3}); err != nil {
		return g, err
	}
	ceiling := g.Tiers[1].UnitPrice
	for _, p := range []struct {
		by      string
		pieces  int64
		ceiling *money.Amount
	}{{first, 3, nil}, {second, 2, nil}, {third, 2, &ceiling}, {fourth, 3, nil}} {
		d.now = d.now.Add(time.Hour)
		if err := g.join(d, p.by, group.Pledge{Quantity: p.pieces, Ceiling: p.ceiling}); err != nil {
			return g, err
		}
	}
	g.Shown = d.public()
	if err := d.close(); err != nil {
		return g, err
	}
	g.Price, g.Pieces = d.decision.UnitPrice, d.decision.Pieces
	for _, a := range d.outcome.Awards {
		held := d.rows[a.Account].Hold
		g.Shares = append(g.Shares, Share{By: a.Account, Pieces: a.Quantity, Pays: a.Total + a.Fees, Held: held, Back: held - a.Total - a.Fees})
	}
	return g, g.playSmall(c)
}

func (g *Group) open(c money.Currency) (*desk, error) {
	return open(deal.Group, c, &group.Terms{Tiers: g.Tiers}, g.Length)
}

func (g *Group) join(d *desk, by string, p group.Pledge) error {
	fx, err := d.enter(by, deal.Pledge, p)
	if err != nil {
		return err
	}
	j := Joined{By: by, Pieces: p.Quantity, Hold: fx.Own.Hold}
	if p.Ceiling != nil {
		j.Ceiling = *p.Ceiling
	}
	public := d.public()
	j.Sum = *public.Pieces
	if public.UnitPrice != nil {
		j.Price = *public.UnitPrice
	}
	g.Joined = append(g.Joined, j)
	return nil
}

// playSmall lets the first alone be in the group: it fails.
func (g *Group) playSmall(c money.Currency) error {
	d, err := g.open(c)
	if err != nil {
		return err
	}
	if _, err := d.enter(first, deal.Pledge, group.Pledge{Quantity: g.Joined[0].Pieces}); err != nil {
		return err
	}
	if err := d.close(); err != nil {
		return err
	}
	g.Small, g.Back = g.Joined[0].Pieces, d.rows[first].Hold
	for _, a := range d.outcome.Awards {
		g.Back -= a.Total
	}
	return nil
}

// longestLastPhase is what the rule makes of a group that is open for two months.
func (g *Group) longestLastPhase(c money.Currency) (time.Duration, error) {
	d, err := open(deal.Group, c, &group.Terms{Tiers: g.Tiers}, 60*24*time.Hour)
	if err != nil {
		return 0, err
	}
	return time.Duration(*d.frame.Terms.(*group.Terms).LastPhaseSeconds) * time.Second, nil
}
