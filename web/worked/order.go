package worked

import (
	"time"

	"haggle/internal/money"
	"haggle/internal/order"
)

// Order is the way of one order: paid, shipped, and completed by itself because nobody objects.
type Order struct {
	Total    money.Amount
	Fee      money.Amount // of the whole
	Payout   money.Amount // what the seller gets
	Refund   money.Amount // a tenth, given back before completion
	FeeLeft  money.Amount // what the fee is then
	PaidOut  money.Amount // and what the seller gets
	Ship     time.Duration
	Complete time.Duration // after shipping, where nobody says a word
}

func playOrder(c money.Currency, total money.Amount, feeBasis int64) (o Order, err error) {
	o.Total, o.Refund = total, money.CeilTo(total/10, c.CashUnit)
	begun := order.New(order.Order{ID: "example", Buyer: first, Seller: second, Quantity: 1, UnitPrice: total, Total: total, FeeBasis: feeBasis,
		CashUnit: c.CashUnit, Currency: c.Code}, opening, opening.Add(time.Hour))
	paid, _, err := order.Step(begun, order.Pay, order.Buyer, opening, order.Args{})
	if err != nil {
		return o, err
	}
	shipped, _, err := order.Step(paid, order.Ship, order.Seller, opening, order.Args{})
	if err != nil {
		return o, err
	}
	o.Ship, o.Complete = paid.ShipBy.Sub(opening), shipped.NextAt.Sub(opening)
	if o.Fee, o.Payout, err = completed(shipped); err != nil {
		return o, err
	}
	less, _, err := order.Step(shipped, order.Refund, order.Seller, opening, order.Args{Amount: o.Refund})
	if err != nil {
		return o, err
	}
	o.FeeLeft, o.PaidOut, err = completed(less)
	return o, err
}

// completed is what the site and the seller get when an order completes.
func completed(o order.Order) (fee, payout money.Amount, err error) {
	_, moves, err := order.Step(o, order.Confirm, order.Buyer, opening, order.Args{})
	if err != nil {
		return 0, 0, err
	}
	for _, m := range moves {
		if m.Kind == order.MovePayout {
			fee += m.Fee
			payout += m.Amount - m.Fee
		}
	}
	return fee, payout, nil
}
