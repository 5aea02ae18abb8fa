package web

import (
	"haggle/internal/market"
	"haggle/web/view"
)

// placeBid takes a maximum for an auction.
func placeBid(v *visit) error {
	in := v.form()
	if amount, ok := view.Picked(in.raw("step")); ok {
		in.put("max", amount)
		in.put("step", "preview")
	}
	bid := market.BidInput{Max: in.amount("max"), Backup: in.on("backup")}
	return v.run(in, act{
		name:    "bid",
		shape:   shape{amount: "max", fields: []string{"max", "backup"}},
		preview: &market.PreviewInput{Max: &bid.Max, Backup: bid.Backup},
		do: func(k market.Key) (market.EntryView, error) {
			return v.Market.PlaceBid(v.ctx, v.me, k, v.c.Params("id"), bid)
		},
	})
}
