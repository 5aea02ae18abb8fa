package main

import (
	"context"
	"errors"
	"fmt"

	"haggle/internal/config"
	"haggle/internal/search/meili"
)

// reindex builds the search copy anew while the old one answers, or says how it differs from the store.
type reindex struct {
	Check bool `help:"Change nothing; say how the copy differs."`
	Key   bool `help:"Only make a key for --meili-key that is limited to this site's index, and print it; --meili-key is the server's master key this once."`
	config.Site
}

// scopedKey is the key that a site should use.
type scopedKey struct {
	OK  bool   `json:"ok"`
	Key string `json:"key"`
}

func (k scopedKey) String() string { return k.Key }

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
	if c.Key {
		return c.makeKey(ctx, t)
	}
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

func (c *reindex) makeKey(ctx context.Context, t *terminal) error {
	if c.Meili == "" || c.MeiliKey == "" {
		return usage(errors.New("--key needs --meili, and the server's master key in --meili-key"))
	}
	key, err := meili.ScopedKey(ctx, c.Meili, c.MeiliKey, indexName)
	if err != nil {
		return err
	}
	return t.say(scopedKey{OK: true, Key: key})
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
