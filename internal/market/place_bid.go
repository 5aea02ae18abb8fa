package market

import (
	"context"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/fault"
)

// PlaceBid bids a maximum in an auction.
func (m *Market) PlaceBid(ctx context.Context, a Actor, k Key, dealID string, in BidInput) (EntryView, error) {
	if err := checkBid(in); err != nil {
		return EntryView{}, err
	}
	return m.enter(ctx, a, k, entry{deal: dealID, kinds: []deal.Kind{deal.English}, act: deal.Bid,
		values: english.Bid{Max: in.Max, Backup: in.Backup}})
}

func checkBid(in BidInput) error {
	var c fault.Collect
	checkPrice(&c, "max", &in.Max)
	return c.Err()
}
