package main

import (
	"context"

	"haggle/internal/market"
)

// pageLength is how many orders or statement lines a page shows.
const pageLength = 24

// pages is the market as the pages ask it: lists have one length there.
type pages struct{ *market.Market }

// Orders lists one page of orders.
func (p pages) Orders(ctx context.Context, a market.Actor, side, cursor string) (market.Page[market.OrderView], error) {
	return p.Market.Orders(ctx, a, side, pageLength, cursor)
}

// WalletEntries lists one page of a statement.
func (p pages) WalletEntries(ctx context.Context, a market.Actor, cursor string) (market.Page[market.WalletEntry], error) {
	return p.Market.WalletEntries(ctx, a, pageLength, cursor)
}
