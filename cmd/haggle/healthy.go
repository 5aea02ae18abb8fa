package main

import (
	"context"
	"encoding/json"
	"fmt"
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
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(c.At, "/")+"/readyz", nil)
	if err != nil {
		return usage(fmt.Errorf("--at: %w", err))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("nobody answers at %s", c.At)
	}
	defer res.Body.Close()
	out := healthiness{}
	if err := json.NewDecoder(res.Body).Decode(&out.State); err != nil {
		return fmt.Errorf("what answers at %s is no haggle", c.At)
	}
	out.OK = out.Ready && res.StatusCode == http.StatusOK
	return t.verdict(out, out.OK)
}
