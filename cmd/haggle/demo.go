package main

import (
	"context"
	"log/slog"
	"time"

	"haggle/internal/market"
)

// filling fills an empty store with the demo market, under a clock that everything in the process runs by: it begins in
// the past, and shows real time when the market is filled.
type filling struct {
	now  func() time.Time
	fill func(ctx context.Context, m *market.Market, log *slog.Logger) error
}

func newFilling() *filling {
	return &filling{now: time.Now, fill: func(context.Context, *market.Market, *slog.Logger) error { return nil }}
}
