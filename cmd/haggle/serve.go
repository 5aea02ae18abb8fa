package main

import (
	"context"

	"haggle/internal/config"
)

// serve runs everything in one process.
type serve struct{ config.Site }

// Run serves until a signal comes.
func (c *serve) Run(ctx context.Context, t *terminal) error {
	return runServer(ctx, t, &c.Site, "serve", side{pages: true, jobs: true})
}
