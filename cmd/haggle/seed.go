package main

import (
	"context"
	"errors"
	"fmt"

	"haggle/cmd/haggle/demo"
	"haggle/internal/config"
)

// seed fills an empty store with the demo market and leaves.
type seed struct{ config.Site }

// seeded says how many deals there are now.
type seeded struct {
	OK    bool  `json:"ok"`
	Deals int64 `json:"deals"`

	Demo []demo.Account `json:"demo"` // sign-ins
}

func (s seeded) String() string {
	return fmt.Sprintf("the market has %d deals", s.Deals) + demoWords(s.Demo)
}

// Run fills the store as `serve --demo` does.
func (c *seed) Run(ctx context.Context, t *terminal) error {
	c.Demo = true
	h, err := openHouse(ctx, &c.Site, c.Logger(), side{pages: true, jobs: true}, c.Address(c.Listen))
	if err != nil {
		return err
	}
	err = h.begin(ctx)
	var n int64
	if err == nil {
		n, err = h.index.Count(ctx)
	}
	h.workers.Stop()
	if err := errors.Join(err, h.close()); err != nil {
		return err
	}
	return t.say(seeded{OK: true, Deals: n, Demo: demo.Accounts})
}
