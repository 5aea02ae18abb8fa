package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"haggle/internal/config"
	"haggle/internal/market"
	"haggle/internal/store"
	"haggle/internal/store/mongo"
	"haggle/internal/store/sqlite"
	"haggle/workers"
)

// openStore opens the store with all its collections; the folder of an embedded one is made where it is missing.
func openStore(ctx context.Context, site *config.Site) (store.Engine, error) {
	s, err := openEngine(ctx, site)
	if err != nil {
		return nil, err
	}
	specs := append(append(market.Specs(), workers.Specs()...), siteSpec())
	if err := s.Ensure(ctx, specs); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", err), s.Close())
	}
	return s, nil
}

func openEngine(ctx context.Context, site *config.Site) (store.Engine, error) {
	if site.Embedded() {
		dir, err := filepath.Abs(site.Data)
		if err != nil {
			return nil, err
		}
		return sqlite.Open(dir, store.Hooks{})
	}
	return mongo.Open(ctx, site.Mongo, database(site.Mongo), store.Hooks{})
}

// database is the one that a URI names behind its hosts; haggle where it names none.
func database(uri string) string {
	_, rest, _ := strings.Cut(uri, "://")
	_, path, _ := strings.Cut(rest, "/")
	if name, _, _ := strings.Cut(path, "?"); name != "" {
		return name
	}
	return "haggle"
}
