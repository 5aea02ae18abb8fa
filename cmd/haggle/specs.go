package main

import (
	"fmt"
	"runtime/debug"
	"slices"

	"haggle/cmd/haggle/sandboxbook"
	"haggle/internal/market"
	"haggle/internal/store"
	"haggle/internal/store/migrate"
	"haggle/workers"
)

// allSpecs declares every collection of a site.
func allSpecs() []store.Spec {
	return slices.Concat(market.Specs(), workers.Specs(), sandboxbook.Specs(), []store.Spec{siteSpec(), migrate.Spec()})
}

// program names this build in what it writes: a store's version, a backup.
func program() string {
	revision := "without a revision"
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return fmt.Sprintf("haggle (%s)", revision)
}
