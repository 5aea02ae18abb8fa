package web

import (
	"slices"

	"github.com/a-h/templ"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/web/view"
)

// openGroup starts a group buy.
func openGroup(v *visit) error {
	o := openingOf(deal.Group, []string{"tiers", "minimum", "cap", "perPerson", "caseSize", "tolerance", "allocation", "dropOut",
		"perPiece", "perMember", "bill"}, "pickup")
	o.amounts = []string{"tiers", "perPiece", "perMember", "bill"}
	o.page = func(p *view.Page, m view.OpenPage) templ.Component { return view.OpenGroup(p, m) }
	o.try = func(in *input, about market.About) (market.DealView, error) {
		return v.Market.TryGroup(v.ctx, v.me, groupOf(in, about))
	}
	o.open = func(in *input, k market.Key, about market.About) (market.DealView, error) {
		d, _, err := v.Market.OpenGroup(v.ctx, v.me, k, groupOf(in, about))
		return d, err
	}
	return v.openDeal(o)
}

func groupOf(in *input, about market.About) market.GroupInput {
	return market.GroupInput{
		About: about, Tiers: tiersOf(in), Minimum: in.count("minimum"), Cap: in.count("cap"), PerPerson: in.count("perPerson"), CaseSize: in.count("caseSize"),
		Tolerance: in.on("tolerance"), Allocation: in.text("allocation"), DropOut: in.text("dropOut"), Pickup: linesOf(in.raw("pickup")),
		Fees: feesOf(in), Until: untilOf(in),
	}
}

// tierRows is how many rows of tiers were sent.
func (in *input) tierRows() int {
	return min(max(len(in.values["from"]), len(in.values["unitPrice"])), view.MostTiers)
}

// tiersOf reads the rows of tiers that are filled in; half a row is wrong.
func tiersOf(in *input) []market.TierInput {
	var tiers []market.TierInput
	for i := range in.tierRows() {
		from, price := in.parseCount("tiers", in.row("from", i)), in.parseAmount("tiers", in.row("unitPrice", i))
		switch {
		case from == nil && price == nil:
		case from == nil || price == nil:
			if in.wrong["tiers"] == "" {
				in.wrong["tiers"] = "field.tiers"
			}
		default:
			tiers = append(tiers, market.TierInput{From: *from, UnitPrice: *price})
		}
	}
	if len(tiers) == 0 && in.wrong["tiers"] == "" {
		in.wrong["tiers"] = "field.tiers"
	}
	return tiers
}

// typedTiers are the rows that can be read, as far as they go up in pieces and down in price: what can be drawn of them.
func (f *filling) typedTiers() []deal.TierState {
	var steps []deal.TierState
	for _, t := range tiersOf(f.quiet()) {
		if n := len(steps); t.From < 1 || t.UnitPrice < 1 || n > 0 && (t.From <= steps[n-1].From || t.UnitPrice >= steps[n-1].UnitPrice) {
			break
		}
		steps = append(steps, deal.TierState{From: t.From, UnitPrice: t.UnitPrice})
	}
	return steps
}

// addTier gives the form one more row.
func (f *filling) addTier() {
	n := min(max(f.in.tierRows(), view.FirstTiers)+1, view.MostTiers)
	for _, name := range []string{"from", "unitPrice"} {
		for list := f.in.values[name]; len(list) < n; list = f.in.values[name] {
			f.in.values[name] = append(slices.Clone(list), "")
		}
	}
}

// dropTier takes a row away.
func (f *filling) dropTier(n int) {
	for _, name := range []string{"from", "unitPrice"} {
		if list := f.in.values[name]; n >= 0 && n < len(list) {
			f.in.values[name] = slices.Delete(slices.Clone(list), n, n+1)
		}
	}
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
