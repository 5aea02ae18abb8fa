package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"haggle/internal/config"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/money"
	"haggle/internal/store"
	"haggle/internal/store/sqlite"
)

// books are a store that is there, for commands that look at it beside a running server.
type books struct {
	store    store.Engine
	engine   *engine.Engine
	site     siteRow
	currency money.Currency
}

// openBooks opens a store that was served before; it makes none.
func openBooks(ctx context.Context, site *config.Site, log *slog.Logger) (*books, error) {
	if err := thereIs(site); err != nil {
		return nil, err
	}
	s, err := openStore(ctx, site)
	if err != nil {
		return nil, err
	}
	b := &books{store: s}
	if b.site, err = readSite(ctx, s); err == nil {
		b.currency, err = money.Lookup(b.site.Currency)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	b.engine = engine.New(engine.Config{Store: s, Mechanisms: registry.All(), Currency: b.currency, Logger: log})
	return b, nil
}

// thereIs refuses an embedded store that was never made.
func thereIs(site *config.Site) error {
	if !site.Embedded() {
		return nil
	}
	if _, err := os.Stat(site.Path(sqlite.File)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no store in %s", site.Data)
	}
	return nil
}

func (b *books) close() {
	b.engine.Close()
	_ = b.store.Close()
}
