package main

import (
	"context"
	"fmt"
	"strings"

	"haggle/internal/config"
	"haggle/internal/market"
	"haggle/internal/store/migrate"
)

// migrateCmd brings a store to the version of this program, beside other processes or none.
type migrateCmd struct {
	DryRun bool `help:"Change no document; say what is to be done."`
	config.Site
}

// migrated says of which version the store is, and what is still to be done.
type migrated struct {
	OK      bool              `json:"ok"`
	Version int               `json:"version"`
	Known   int               `json:"known"`
	Pending []migrate.Pending `json:"pending,omitempty"`
}

func (m migrated) String() string {
	if len(m.Pending) == 0 {
		return fmt.Sprintf("the store is of version %d, as this program", m.Version)
	}
	lines := []string{fmt.Sprintf("the store is of version %d, this program of version %d; to be done:", m.Version, m.Known)}
	for _, p := range m.Pending {
		lines = append(lines, fmt.Sprintf("version %d: %s (%d documents of %s)", p.Version, p.Name, p.Documents, p.Collection))
	}
	return strings.Join(lines, "\n")
}

// Run migrates, with a line for every so many documents on standard error.
func (c *migrateCmd) Run(ctx context.Context, t *terminal) error {
	if err := thereIs(&c.Site); err != nil {
		return err
	}
	if c.DryRun {
		return c.look(ctx, t)
	}
	c.Migrate = "auto"
	s, err := openServed(ctx, &c.Site, t.progress())
	if err != nil {
		return err
	}
	defer s.Close()
	state, err := migrate.Read(ctx, s)
	if err != nil {
		return err
	}
	return t.say(migrated{OK: true, Version: state.Schema, Known: market.Migrations().Known()})
}

func (c *migrateCmd) look(ctx context.Context, t *terminal) error {
	s, err := openEngine(ctx, &c.Site)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := knowVersion(ctx, s); err != nil {
		return err
	}
	list := market.Migrations()
	state, pending, err := list.Plan(ctx, s)
	if err != nil {
		return err
	}
	return t.say(migrated{OK: true, Version: state.Schema, Known: list.Known(), Pending: pending})
}

// progress prints how far a migration is.
func (t *terminal) progress() func(migrate.Progress) {
	return func(p migrate.Progress) {
		what := fmt.Sprintf("%d documents", p.Done)
		switch {
		case p.Ended:
			what = fmt.Sprintf("done, %d documents", p.Done)
		case p.Waiting:
			what = fmt.Sprintf("waiting for other processes; %d documents so far", p.Done)
		}
		_, _ = fmt.Fprintf(t.err, "version %d: %s: %s\n", p.Version, p.Name, what)
	}
}
