package main

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"haggle/web"
)

// healthy asks a running process whether it can serve, for whoever supervises it: an image has no other program for that.
type healthy struct {
	At string `env:"HAGGLE_HEALTHY_AT" default:"http://127.0.0.1:8080" help:"Where it answers." placeholder:"URL"`
}

// healthiness is what it said.
type healthiness struct {
	OK bool `json:"ok"`
	web.State
}

func (h healthiness) String() string {
	words := "it can serve"
	if !h.OK {
		words = "it cannot serve"
	}
	var down []string
	for part, why := range h.Down {
		down = append(down, part+" "+why)
	}
	slices.Sort(down)
	if down != nil {
		words += ": " + strings.Join(down, ", ")
	}
	return words
}

// Run asks once.
func (c *healthy) Run(ctx context.Context, t *terminal) error {
	out := healthiness{}
	status, err := ask(ctx, c.At, "/readyz", 5*time.Second, &out.State)
	if err != nil {
		return err
	}
	out.OK = out.Ready && status == http.StatusOK
	return t.verdict(out, out.OK)
}
