package web

import "haggle/internal/market"

// pledge joins a group, or changes what one joined with.
func pledge(v *visit) error {
	in := v.form()
	join := market.PledgeInput{Quantity: in.must("quantity"), Ceiling: in.optionalAmount("ceiling")}
	if n := in.count("tolerance"); n != nil {
		join.Tolerance = *n
	}
	return v.run(in, act{
		name:    "pledge",
		shape:   shape{amount: "ceiling", fields: []string{"quantity", "tolerance", "ceiling"}},
		preview: &market.PreviewInput{Quantity: &join.Quantity, Tolerance: &join.Tolerance, Ceiling: join.Ceiling},
		do: func(k market.Key) (market.EntryView, error) {
			return v.Market.Pledge(v.ctx, v.me, k, v.c.Params("id"), join)
		},
	})
}
