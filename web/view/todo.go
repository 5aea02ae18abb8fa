package view

import (
	"slices"

	"haggle/internal/deal"
	"haggle/internal/market"
)

// Next picks what waits for a person out of his newest orders, bids and requests.
func Next(orders []market.OrderView, bids, requests []market.DealView) Todo {
	return Todo{
		Orders: only(orders, func(o market.OrderView) bool { return nextStep(o) != "" }),
		Outbid: only(bids, func(d market.DealView) bool {
			return d.Status == deal.Open && d.Me != nil && d.Me.Active && d.Me.Leading != nil && !*d.Me.Leading
		}),
		Choose: only(requests, func(d market.DealView) bool {
			return d.Status == deal.Open && d.Kind == deal.Request && d.Rule == "choice" && d.Entries > 0
		}),
	}
}

func only[T any](list []T, keep func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(list), func(v T) bool { return !keep(v) })
}
