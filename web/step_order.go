package web

import (
	"slices"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/view"
)

// stepOrder moves an order one step: pay, ship, confirm, cancel, dispute, return, refund, extend.
func stepOrder(v *visit) error {
	name := v.c.Params("act")
	if !slices.Contains(view.OrderActs(), name) {
		return fault.New(fault.CodeNotFound, nil)
	}
	in := v.form()
	step := stepOf(in, name)
	s := shape{amount: "amount", fields: []string{"method", "card", "tracking", "reason", "amount"}}
	return v.moveOrder(in, name, s, func(k market.Key) error {
		_, _, err := v.Market.StepOrder(v.ctx, v.me, k, v.c.Params("id"), name, step)
		return err
	})
}

func stepOf(in *input, name string) market.OrderInput {
	step := market.OrderInput{Tracking: in.text("tracking"), Reason: in.text("reason"), Amount: in.optionalAmount("amount")}
	if name != "pay" {
		return step
	}
	if in.text("method") == "card" {
		if step.Card = cardNumber(in.raw("card")); step.Card == "" {
			in.wrong["card"] = "field.required"
		}
		return step
	}
	step.Method = "wallet"
	return step
}
