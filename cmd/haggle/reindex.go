package main

import (
	"context"
	"errors"
	"fmt"

	"haggle/internal/config"
)

// reindex builds the search copy anew while the old one answers, or says how it differs from the store.
type reindex struct {
	Check bool `help:"Change nothing; say how the copy differs."`
	config.Site
}

// indexed is what became of the search copy, or how it differs.
type indexed struct {
	OK      bool     `json:"ok"`
	Deals   int64    `json:"deals"`
	Missing []string `json:"missing,omitempty"`
	Extra   []string `json:"extra,omitempty"`
	Stale   []string `json:"stale,omitempty"`
}

func (x indexed) String() string {
	if x.OK {
		return fmt.Sprintf("the search copy is whole: %d deals", x.Deals)
	}
	return fmt.Sprintf("the search copy differs: %d missing, %d that should not be there, %d out of date", len(x.Missing), len(x.Extra), len(x.Stale))
}

// Run rebuilds or checks. The copy of an embedded search belongs to a running server: stop that first.
func (c *reindex) Run(ctx context.Context, t *terminal) error {
	if c.Meili == "" && !c.Embedded() {
		return usage(errors.New("with --mongo and no --meili every process keeps a copy of its own, made when it starts"))
	}
	h, err := openHouse(ctx, &c.Site, c.Logger(), side{}, c.Address(c.Listen))
	if err != nil {
		return err
	}
	found, err := c.do(ctx, h)
	if err := errors.Join(err, h.close()); err != nil {
		return err
	}
	return t.verdict(found, found.OK)
}

func (c *reindex) do(ctx context.Context, h *house) (indexed, error) {
	if !c.Check {
		if err := h.market.Reindex(ctx); err != nil {
			return indexed{}, err
		}
	}
	diff, err := h.market.CheckIndex(ctx)
	if err != nil {
		return indexed{}, err
	}
	n, err := h.index.Count(ctx)
	return indexed{OK: diff.Clean(), Deals: n, Missing: diff.Missing, Extra: diff.Extra, Stale: diff.Stale}, err
}
