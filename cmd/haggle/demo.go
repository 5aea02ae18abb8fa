package main

import (
	"context"
	"log/slog"
	"time"

	"haggle/cmd/haggle/demo"
	"haggle/internal/market"
)

// filling fills an empty store with the demo market, under a clock that everything in the process runs by: it begins in
// the past, and shows real time when the market is filled.
type filling struct {
	now  func() time.Time
	fill func(ctx context.Context, m *market.Market, log *slog.Logger) error
}

func newFilling() *filling {
	clock := &demo.Clock{}
	return &filling{now: clock.Now, fill: func(ctx context.Context, m *market.Market, log *slog.Logger) error {
		return demo.Fill(ctx, demo.Deps{Market: m, Clock: clock, Log: log})
	}}
}
