package main

import (
	"context"
	"errors"
	"fmt"

	"haggle/internal/config"
)

// workOnly works in the background; other processes serve the pages.
type workOnly struct {
	Health string `env:"HAGGLE_HEALTH" help:"Where to answer /healthz, /readyz and /metrics. Default: nowhere." placeholder:"HOST:PORT"`
	config.Site
}

// working is what a worker prints when it has begun.
type working struct {
	OK      bool   `json:"ok"`
	Command string `json:"command"`
}

func (w working) String() string { return fmt.Sprintf("haggle %s has begun", w.Command) }

// Run works until a signal comes.
func (c *workOnly) Run(ctx context.Context, t *terminal) error {
	if c.Embedded() {
		return usage(errors.New("the embedded store belongs to one process: use `haggle serve`, or --mongo"))
	}
	h, err := openHouse(ctx, &c.Site, c.Logger(), side{jobs: true}, c.Address(c.Listen))
	if err != nil {
		return err
	}
	if err := h.openHealth(c.Health); err != nil {
		return errors.Join(err, h.close())
	}
	h.workers.Start(context.WithoutCancel(ctx))
	err = t.say(working{OK: true, Command: "worker"})
	if err == nil {
		select {
		case <-ctx.Done():
		case <-h.version.Off(): // a newer program took the store over
			err = h.version.Check()
		}
	}
	h.workers.Stop()
	return errors.Join(err, h.close())
}
