package view

import (
	"strings"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// pickStep is how the step of a form begins that carries an amount which was pressed instead of typed.
const pickStep = "pick:"

// Picked is the amount that a form's step carries.
func Picked(step string) (string, bool) { return strings.CutPrefix(step, pickStep) }

// bidAmounts are three maxima to choose from: the least that is taken (a round one for who raises his own), and three and eight steps above it. Those at or
// above the buy-now price are left out.
func bidAmounts(d market.DealView, t Terms) []money.Amount {
	least := d.Minimum
	if d.Me != nil && d.Me.Minimum != nil {
		least = d.Me.Minimum
	}
	if d.Kind != deal.English || d.Status != deal.Open || least == nil {
		return nil
	}
	step := stepAt(t.Increments, *least)
	first := *least
	if d.Me != nil && d.Me.Minimum != nil && step > 0 {
		first = (first + step - 1) / step * step // who raises his own maximum may do so by a cash unit: offer round ones
	}
	var list []money.Amount
	for _, steps := range []money.Amount{0, 3, 8} {
		a := first + steps*step
		if d.BuyNowPrice != nil && a >= *d.BuyNowPrice || len(list) > 0 && a == list[len(list)-1] {
			continue
		}
		list = append(list, a)
	}
	return list
}
