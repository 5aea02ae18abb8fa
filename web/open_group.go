package web

import (
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/web/view"
)

// openGroup starts a group buy.
func openGroup(v *visit) error {
	in := v.form()
	var group market.GroupInput
	if in.posted() {
		group = groupOf(in)
	}
	return v.openDeal(in, opening{
		page: func(p *view.Page, m view.OpenPage) pageComponent { return view.OpenGroup(p, m) },
		shape: openShape("tiers", "tiers", "minimum", "cap", "perPerson", "caseSize", "tolerance", "allocation", "dropOut",
			"perPiece", "perMember", "bill", "pickup"),
		open: func(k market.Key, about market.About) (market.DealView, error) {
			group.About = about
			d, _, err := v.Market.OpenGroup(v.ctx, v.me, k, group)
			return d, err
		},
	})
}

func groupOf(in *input) market.GroupInput {
	return market.GroupInput{
		Tiers: tiersOf(in), Minimum: in.count("minimum"), Cap: in.count("cap"), PerPerson: in.count("perPerson"), CaseSize: in.count("caseSize"),
		Tolerance: in.on("tolerance"), Allocation: in.text("allocation"), DropOut: in.text("dropOut"), Pickup: linesOf(in.raw("pickup")),
		Fees: feesOf(in), Until: untilOf(in),
	}
}

// tiersOf reads the rows of tiers that are filled in; half a row is wrong.
func tiersOf(in *input) []market.TierInput {
	var tiers []market.TierInput
	for i := range view.TierRows {
		from, price := in.parseCount("tiers", in.row("from", i)), in.parseAmount("tiers", in.row("unitPrice", i))
		switch {
		case from == nil && price == nil:
		case from == nil || price == nil:
			in.wrong["tiers"] = "field.tiers"
		default:
			tiers = append(tiers, market.TierInput{From: *from, UnitPrice: *price})
		}
	}
	if len(tiers) == 0 && in.wrong["tiers"] == "" {
		in.wrong["tiers"] = "field.tiers"
	}
	return tiers
}

// feesOf is nil where no fee was typed.
func feesOf(in *input) *market.FeesInput {
	var fees market.FeesInput
	for name, fee := range map[string]*money.Amount{"perPiece": &fees.PerPiece, "perMember": &fees.PerMember, "bill": &fees.Bill} {
		if a := in.optionalAmount(name); a != nil {
			*fee = *a
		}
	}
	if fees == (market.FeesInput{}) {
		return nil
	}
	return &fees
}
