package worked

import (
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/fixed"
	"haggle/internal/money"
)

// Fixed is a listing of which somebody takes pieces.
type Fixed struct {
	Price     money.Amount
	Stock     int64
	Bought    int64
	Total     money.Amount
	Left      int64
	PayWithin time.Duration
	Shown     deal.Public

	LapsePause time.Duration // for who let two purchases lapse
}

func playFixed(c money.Currency) (f Fixed, err error) {
	f.Price, f.Stock, f.Bought, f.LapsePause = major(c, 600), 5, 2, fixed.LapsePause
	d, err := open(deal.Fixed, c, &fixed.Terms{Price: f.Price, Quantity: &f.Stock}, 0)
	if err != nil {
		return f, err
	}
	fx, err := d.enter(first, deal.Buy, fixed.Buy{Quantity: &f.Bought})
	if err != nil {
		return f, err
	}
	f.Total, f.PayWithin, f.Left = fx.Orders[0].Total, fx.Orders[0].DueIn, *fx.Answer.Left
	f.Shown = d.public()
	return f, nil
}
