package main

import (
	"context"
	"errors"
	"log/slog"

	"haggle/internal/config"
	"haggle/internal/identity/oauth"
	"haggle/internal/identity/passkey"
	"haggle/internal/market"
)

// signIns are the other sites to sign in with. None of them is asked anything yet.
func signIns(site *config.Site, url string, log *slog.Logger) []*oauth.Provider {
	configs, _ := site.SignIns() // Validate has refused what is wrong
	out := make([]*oauth.Provider, len(configs))
	for i, c := range configs {
		out[i] = oauth.New(c, oauth.Options{URL: url, Logger: log})
	}
	return out
}

// waysIn gives the market its ways to sign in beside passwords.
func (h *house) waysIn(cfg *market.Config, url string) {
	cfg.Secret = h.secret
	for _, p := range signIns(h.site, url, h.log) {
		cfg.Providers = append(cfg.Providers, p)
	}
	keys, err := passkey.New(h.site.Name, url)
	if err != nil {
		h.log.Info("no passkeys", "why", err)
		return
	}
	cfg.Passkeys = keys
}

// lookAtSignIns asks every other site for its addresses.
func (c *doctor) lookAtSignIns(ctx context.Context, f *findings) {
	for _, p := range signIns(&c.Site, c.Address(c.Listen), slog.New(slog.DiscardHandler)) {
		ctx, cancel := context.WithTimeout(ctx, probeFor)
		err := p.Ready(ctx)
		cancel()
		if err != nil {
			err = errors.New("does not answer")
		}
		f.add(p.Kind(), "signs people in: "+p.Name(), err)
	}
}
