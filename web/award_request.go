package web

import "haggle/internal/market"

// awardRequest lets a buyer pick one of the quotes to his request.
func awardRequest(v *visit) error {
	in := v.form()
	choice := market.AwardInput{Quote: in.text("quote"), Reason: in.text("reason")}
	return v.run(in, act{
		name: "award",
		do: func(k market.Key) (market.EntryView, error) {
			return v.Market.AwardRequest(v.ctx, v.me, k, v.c.Params("id"), choice)
		},
	})
}
