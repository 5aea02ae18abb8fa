package web

import "haggle/internal/market"

var reasonShape = shape{fields: []string{"reason", "pseudonym"}}

func reasonOf(in *input) market.ReasonInput {
	return market.ReasonInput{Reason: in.text("reason"), Pseudonym: in.text("pseudonym")}
}

// withdraw takes a member out of a group.
func withdraw(v *visit) error {
	in := v.form()
	return v.run(in, act{name: "withdraw", do: func(k market.Key) (market.EntryView, error) {
		return v.Market.Withdraw(v.ctx, v.me, k, v.c.Params("id"), reasonOf(in))
	}})
}

// retract takes a bidder's bids back, for a reason.
func retract(v *visit) error {
	in := v.form()
	return v.run(in, act{name: "retract", shape: reasonShape, do: func(k market.Key) (market.EntryView, error) {
		return v.Market.Retract(v.ctx, v.me, k, v.c.Params("id"), reasonOf(in))
	}})
}

// cancelBids lets a seller strike one bidder's bids, for a reason.
func cancelBids(v *visit) error {
	in := v.form()
	return v.run(in, act{name: "cancel_bids", shape: reasonShape, do: func(k market.Key) (market.EntryView, error) {
		return v.Market.CancelBids(v.ctx, v.me, k, v.c.Params("id"), reasonOf(in))
	}})
}

// endEarly sells to the leader now.
func endEarly(v *visit) error {
	in := v.form()
	return v.run(in, act{name: "end_early", shape: reasonShape, do: func(k market.Key) (market.EntryView, error) {
		return v.Market.EndEarly(v.ctx, v.me, k, v.c.Params("id"), reasonOf(in))
	}})
}

// cancelDeal calls a deal off.
func cancelDeal(v *visit) error {
	in := v.form()
	return v.run(in, act{name: "cancel", shape: reasonShape, do: func(k market.Key) (market.EntryView, error) {
		return v.Market.CancelDeal(v.ctx, v.me, k, v.c.Params("id"), reasonOf(in))
	}})
}
