package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"haggle/cmd/haggle/demo"
	"haggle/internal/config"
	"haggle/internal/fault"
	"haggle/internal/search"
	"haggle/internal/store/migrate"
	"haggle/web"
	"haggle/web/api"
)

// ready is what a server prints when it can serve.
type ready struct {
	OK      bool   `json:"ok"`
	Command string `json:"command"`
	URL     string `json:"url"`
	Listen  string `json:"listen"`

	Demo []demo.Account `json:"demo,omitempty"` // sign-ins of the demo market
}

func (r ready) String() string {
	line := fmt.Sprintf("haggle %s is ready on http://%s", r.Command, r.Listen)
	if r.URL != "http://"+r.Listen {
		line += ", known as " + r.URL
	}
	return line + demoWords(r.Demo)
}

// Bounds on the end: of running requests, and of all of it. Who stops processes waits for ten seconds, as a rule, and kills
// them then.
const (
	requestsBound = 5 * time.Second
	endBound      = 9 * time.Second
)

// runServer serves one side of the market until ctx ends, then ends in order: streams, requests, workers, committers,
// store.
func runServer(ctx context.Context, t *terminal, site *config.Site, name string, s side) error {
	log := site.Logger()
	l, err := net.Listen("tcp", site.Listen) // first: a taken port is a short story
	if err != nil {
		return err
	}
	url := site.Address(l.Addr().String())
	if s.address, err = site.Reachable(l.Addr().String()); err != nil {
		return errors.Join(err, l.Close())
	}
	h, err := openHouse(ctx, site, log, s, url)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	var prepared atomic.Bool
	server := web.NewServer(h.serverConfig(url, &prepared))
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	err = h.begin(ctx)
	if err == nil {
		prepared.Store(true)
		err = t.say(ready{OK: true, Command: name, URL: url, Listen: l.Addr().String(), Demo: h.demoAccounts()})
	}
	if err == nil {
		select {
		case <-ctx.Done():
			err = h.leave(served)
		case err = <-served:
		case <-h.version.Off(): // a newer program took the store over
			err = h.version.Check()
		}
	}
	return errors.Join(unlessDone(ctx, err), h.end(server))
}

// unlessDone drops errors that a signal caused.
func unlessDone(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

// leave says on /readyz that this process is about to end and serves on, so that whoever sends it requests notices before
// it refuses them.
func (h *house) leave(served <-chan error) error {
	h.leaving.Store(true)
	if h.site.Drain == 0 {
		return nil
	}
	h.log.Info("told to end; serving on for a while", "drain", h.site.Drain)
	select {
	case err := <-served:
		return err
	case <-time.After(h.site.Drain):
		return nil
	}
}

// end stops everything in order, and goes without what does not end in time: nothing acknowledged is lost by that, since
// whatever a client was told is in the store.
func (h *house) end(server *web.Server) error {
	done := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), requestsBound)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			h.log.Warn("requests were cut off", "err", err)
		}
		h.workers.Stop()
		done <- h.close()
	}()
	select {
	case err := <-done:
		return err
	case <-time.After(endBound):
		return errors.New("it did not end in time; what is left is done by whoever starts next")
	}
}

// begin starts the workers and makes the market ready. The demo market is filled first: it has a clock of its own, and
// nothing else may happen meanwhile.
func (h *house) begin(ctx context.Context) error {
	if h.demo != nil {
		if err := h.demo.fill(ctx, h.market, h.log); err != nil {
			return fmt.Errorf("demo market: %w", err)
		}
	}
	h.workers.Start(context.WithoutCancel(ctx)) // Stop ends them, after the last request
	return h.prepareSearch(ctx)
}

// prepareSearch makes the search copy whole. A server that does not answer is no obstacle: lists come from the store then.
func (h *house) prepareSearch(ctx context.Context) error {
	switch err := h.index.Ready(ctx); {
	case errors.Is(err, search.ErrUnavailable):
		h.log.Warn("search does not answer", "err", err)
		return nil
	case errors.Is(err, search.ErrUnbuilt) || err == nil && h.demo != nil:
		return h.market.Reindex(ctx)
	default:
		return err
	}
}

func (h *house) serverConfig(url string, prepared *atomic.Bool) web.ServerConfig {
	cfg := web.ServerConfig{
		Pages: web.Deps{Market: h.market, URL: url, Currency: h.site.Unit(), FormKey: h.secret.Derive("haggle form 1", 32),
			Sandbox: true, Limiter: h.limits, Texts: h.texts, Now: h.now, Operator: h.site.Operator, Contact: h.site.Contact},
		API:    api.Deps{Market: h.market, Limiter: h.limits},
		Health: web.NewHealth(h.probes(prepared)...), Metrics: h.metrics.handler(h), MetricsToken: h.site.MetricsToken, Proxies: h.site.Proxies,
		Writable: h.writable(prepared), Logger: h.log, AccessLog: h.site.AccessLog, Answered: h.metrics.answered,
	}
	if h.traces != nil {
		cfg.Tracer = h.traces.tracer
	}
	cfg.Letters = h.letters()
	if h.peers != nil {
		cfg.Lanes = h.answerPeer
	}
	return cfg
}

// writable refuses to decide anything before the market is prepared, and while the clock is wrong.
func (h *house) writable(prepared *atomic.Bool) func() error {
	return func() error {
		if !prepared.Load() {
			return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": int64(1)})
		}
		if err := h.version.Check(); err != nil {
			return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": int64(migrate.WatchEvery / time.Second)}).Because(err)
		}
		return h.clock.writable()
	}
}

// probes look at every part. Redis and search can be down without the site being so.
func (h *house) probes(prepared *atomic.Bool) []web.Probe {
	list := []web.Probe{
		{Name: "start", Vital: true, Check: func(context.Context) error {
			if !prepared.Load() {
				return errors.New("the market is being prepared")
			}
			return nil
		}},
		{Name: "end", Vital: true, Check: func(context.Context) error {
			if h.leaving.Load() {
				return errors.New("this process is about to end")
			}
			return nil
		}},
		{Name: "store", Vital: true, Check: func(ctx context.Context) error {
			_, err := readSite(ctx, h.store)
			return unreachable(err)
		}},
		{Name: "version", Vital: true, Check: func(context.Context) error { return h.version.Check() }},
		{Name: "clock", Vital: true, Check: h.clock.check},
		{Name: "photos", Check: h.photosProbe()},
		{Name: "redis", Check: func(ctx context.Context) error { return unreachable(h.redis.Ping(ctx).Err()) }},
	}
	if h.index != nil {
		list = append(list, web.Probe{Name: "search", Check: func(ctx context.Context) error { return unreachable(h.index.Ready(ctx)) }})
	}
	return list
}

// unreachable hides why a part does not answer: the reason may hold addresses.
func unreachable(err error) error {
	if err != nil {
		return errors.New("does not answer")
	}
	return nil
}
