package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"haggle/cmd/haggle/demo"
	"haggle/internal/market"
)

// filling fills an empty store with the demo market, under a clock that everything in the process runs by: it begins in
// the past, and shows real time, or the one asked for, when the market is filled.
type filling struct {
	now  func() time.Time
	fill func(ctx context.Context, m *market.Market, log *slog.Logger) error
}

// demoAccounts are what people may sign in to the demo market as.
func (h *house) demoAccounts() []demo.Account {
	if h.demo == nil {
		return nil
	}
	return demo.Accounts
}

// demoWords says them behind a sentence.
func demoWords(list []demo.Account) string {
	var b strings.Builder
	for _, a := range list {
		fmt.Fprintf(&b, "; sign in as %s with %s", a.Email, a.Password)
	}
	return b.String()
}

func newFilling(at time.Time) *filling {
	clock := &demo.Clock{}
	if !at.IsZero() {
		clock = demo.NewClock(at)
	}
	return &filling{now: clock.Now, fill: func(ctx context.Context, m *market.Market, log *slog.Logger) error {
		return demo.Fill(ctx, demo.Deps{Market: m, Clock: clock, Log: log})
	}}
}
