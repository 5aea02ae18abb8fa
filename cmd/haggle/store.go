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
	"haggle/internal/store/migrate"
	"haggle/internal/store/mongo"
	"haggle/internal/store/sqlite"
)

// openStore opens the store with all its collections, for a command that looks at it. One of another version than this
// program's is refused with both by name; nothing in it is changed.
func openStore(ctx context.Context, site *config.Site) (store.Engine, error) {
	return opened(ctx, site, func(s store.Engine) error {
		if err := knowVersion(ctx, s); err != nil {
			return err
		}
		if err := migrate.Gate(ctx, s, market.Migrations().Known()); err != nil {
			return err
		}
		return s.Ensure(ctx, allSpecs())
	})
}

// openServed opens the store to serve from it: one that is new is made of this program's version, an older one is brought
// to it where --migrate allows. The folder of an embedded one is made where it is missing.
func openServed(ctx context.Context, site *config.Site, hear func(migrate.Progress)) (store.Engine, error) {
	return opened(ctx, site, func(s store.Engine) error {
		if err := knowVersion(ctx, s); err != nil {
			return err
		}
		list := market.Migrations()
		if err := stampNew(ctx, s, list.Known()); err != nil {
			return err
		}
		if site.Migrate == "auto" {
			if err := list.Run(ctx, s, migration(s, list.Known(), hear)); err != nil {
				return err
			}
		}
		if err := migrate.Gate(ctx, s, list.Known()); err != nil {
			return err
		}
		return s.Ensure(ctx, allSpecs())
	})
}

// opened is the store after prepare, or closed after its error.
func opened(ctx context.Context, site *config.Site, prepare func(store.Engine) error) (store.Engine, error) {
	s, err := openEngine(ctx, site)
	if err != nil {
		return nil, err
	}
	if err := prepare(s); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %w", err), s.Close())
	}
	return s, nil
}

// knowVersion makes the two collections readable that say what a store is, and refuses one that is half restored.
func knowVersion(ctx context.Context, s store.Engine) error {
	if err := s.Ensure(ctx, []store.Spec{siteSpec(), migrate.Spec()}); err != nil {
		return err
	}
	return refuseHalfRestored(ctx, s)
}

// stampNew writes the version into a store that has never been served. One that was, and says nothing, is of the first.
func stampNew(ctx context.Context, s store.Engine, known int) error {
	_, err := readSite(ctx, s)
	if errors.Is(err, errNoSite) {
		_, err = migrate.Stamp(ctx, s, known, program())
	}
	return err
}

// migration is how this program goes about one.
func migration(s store.Engine, known int, hear func(migrate.Progress)) migrate.Options {
	return migrate.Options{Owner: owner(), Program: program(), Grace: 2 * migrate.WatchEvery, Progress: hear,
		Announced: func(ctx context.Context) error { return markSite(ctx, s, known) }}
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

// place names a store to people; an address may hold a password.
func place(site *config.Site) string {
	if site.Embedded() {
		return site.Data
	}
	return "the database " + database(site.Mongo)
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
