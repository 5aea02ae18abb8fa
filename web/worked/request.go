package worked

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/request"
	"haggle/internal/money"
)

// Request is a buyer's request under which sellers undercut each other in the open.
type Request struct {
	Named  money.Amount
	Held   money.Amount // of the buyer's money, from the opening
	Step   money.Amount // by which a seller must go below himself
	Quotes []Quote
	Winner string
	Price  money.Amount
	Back   money.Amount // of what was held
	Shown  deal.Public

	PayWithin time.Duration // where nothing was held
	AtOnce    money.Amount  // under the rule first: what the first quote within the price is awarded at
}

// Quote is one quote and what it led to.
type Quote struct {
	By    string
	Price money.Amount
	Rank  int64
	Best  money.Amount
}

func playRequest(c money.Currency) (r Request, err error) {
	r.Named = major(c, 800)
	d, err := open(deal.Request, c, &request.Terms{NamedPrice: r.Named, Rule: request.RuleOpen, Binding: true}, 48*time.Hour)
	if err != nil {
		return r, err
	}
	r.Held, r.Step = d.rows[d.frame.Owner].Hold, *d.frame.Terms.(*request.Terms).MinimumStep
	for _, q := range []struct {
		by    string
		price int64
	}{{first, 780}, {second, 750}, {first, 720}} {
		d.now = d.now.Add(time.Hour)
		fx, err := d.enter(q.by, deal.Quote, request.Quote{UnitPrice: major(c, q.price)})
		if err != nil {
			return r, err
		}
		r.Quotes = append(r.Quotes, Quote{By: q.by, Price: major(c, q.price), Rank: *fx.Answer.Rank, Best: *d.public().Best})
	}
	r.Shown = d.public()
	if err := d.close(); err != nil {
		return r, err
	}
	won := d.outcome.Awards[0]
	r.Winner, r.Price = won.Account, won.Total
	r.Back = r.Held - won.Total
	return r, r.playFirst(c)
}

// playFirst plays the same wish without money held, under the rule that the first within the price gets it.
func (r *Request) playFirst(c money.Currency) error {
	d, err := open(deal.Request, c, &request.Terms{NamedPrice: r.Named, Rule: request.RuleFirst}, 48*time.Hour)
	if err != nil {
		return err
	}
	if _, err := d.enter(first, deal.Quote, request.Quote{UnitPrice: r.Quotes[0].Price}); err != nil {
		return err
	}
	if err := d.close(); err != nil {
		return err
	}
	r.AtOnce, r.PayWithin = d.outcome.Awards[0].UnitPrice, d.outcome.Awards[0].DueIn
	return nil
}
