package worked

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/money"
)

// Auction is an auction of three bidders: proxy bidding, then a bid in the last minute.
type Auction struct {
	Start     money.Amount
	Window    time.Duration // before the end, in which a bid moves it
	Extend    time.Duration // what is left behind such a bid
	Length    time.Duration
	Bids      []Bid
	Winner    string // number of the winner
	Max       money.Amount
	Price     money.Amount // what he pays
	PayWithin time.Duration
	Shown     deal.Public // how it stood before it closed
}

// Bid is one bid and what it led to.
type Bid struct {
	By      string       // number of the bidder
	Max     money.Amount // what he said: nobody sees it
	Leader  string       // number of who leads now
	Price   money.Amount
	Minimum money.Amount  // the least that the next bid must be
	Left    time.Duration // until the end when it was made
	Moved   time.Duration // by how much it moved the end
}

func playAuction(c money.Currency) (a Auction, err error) {
	a.Length, a.Start = 72*time.Hour, major(c, 1000)
	d, err := open(deal.English, c, &english.Terms{StartPrice: a.Start}, a.Length)
	if err != nil {
		return a, err
	}
	soft := d.frame.Terms.(*english.Terms).SoftClose
	a.Window, a.Extend = time.Duration(soft.WindowSeconds)*time.Second, time.Duration(soft.ExtendSeconds)*time.Second
	for _, b := range []struct {
		by   string
		most int64
		left time.Duration
	}{{first, 3000, 48 * time.Hour}, {second, 2500, 24 * time.Hour}, {third, 3400, a.Window / 5}} {
		d.now = d.frame.ClosesAt.Add(-b.left)
		bid, err := d.bid(b.by, major(c, b.most))
		if err != nil {
			return a, err
		}
		a.Bids = append(a.Bids, bid)
	}
	a.Shown = d.public()
	if err := d.close(); err != nil {
		return a, err
	}
	won := d.outcome.Awards[0]
	a.Winner, a.Price, a.PayWithin = won.Account, won.UnitPrice, won.DueIn
	for _, b := range a.Bids {
		if b.By == a.Winner {
			a.Max = b.Max
		}
	}
	return a, nil
}

func (d *desk) bid(by string, most money.Amount) (Bid, error) {
	before := d.frame.ClosesAt
	_, err := d.enter(by, deal.Bid, english.Bid{Max: most})
	if err != nil {
		return Bid{}, err
	}
	p := d.public()
	b := Bid{By: by, Max: most, Price: *p.Standing, Minimum: *p.Minimum, Left: before.Sub(d.now), Moved: d.frame.ClosesAt.Sub(before)}
	for _, s := range d.rows {
		if s.Pseudonym == p.Leader {
			b.Leader = s.Account
		}
	}
	return b, nil
}
