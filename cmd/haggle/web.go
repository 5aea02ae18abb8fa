package main

import (
	"context"
	"errors"

	"haggle/internal/config"
)

// webOnly serves pages and API; other processes take the tasks.
type webOnly struct{ config.Site }

// Run serves until a signal comes.
func (c *webOnly) Run(ctx context.Context, t *terminal) error {
	if c.Embedded() {
		return usage(errors.New("the embedded store belongs to one process: use `haggle serve`, or --mongo"))
	}
	return runServer(ctx, t, &c.Site, "web", side{pages: true})
}
