package main

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync/atomic"
	"time"

	"haggle/cmd/haggle/sandboxbook"
	"haggle/internal/blob"
	"haggle/internal/config"
	"haggle/internal/deal"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/identity"
	"haggle/internal/limit"
	"haggle/internal/live"
	"haggle/internal/mail"
	"haggle/internal/market"
	"haggle/internal/order"
	"haggle/internal/pay"
	"haggle/internal/pay/sandbox"
	"haggle/internal/peer"
	"haggle/internal/push"
	"haggle/internal/queue/redisq"
	"haggle/internal/redisconn"
	"haggle/internal/search"
	"haggle/internal/search/bleve"
	"haggle/internal/search/meili"
	"haggle/internal/store"
	"haggle/internal/store/migrate"
	"haggle/web"
	"haggle/web/letter"
	"haggle/workers"
)

// side is what of the market a process runs.
type side struct {
	pages   bool   // pages and API
	jobs    bool   // takes tasks
	address string // where other processes reach it; "": nowhere
}

// house is the market of one process, wired: everything between the configuration and the server.
type house struct {
	site    *config.Site
	side    side
	log     *slog.Logger
	metrics *metrics
	traces  *traces // nil: none

	store   store.Engine
	secret  identity.Secret
	row     siteRow
	redis   *redisconn.Conn
	hub     *live.Hub
	limits  market.Limiter // nil: lifted
	gateway pay.Gateway

	calendar order.Calendar
	texts    web.Texts
	blobs    blob.Store
	index    search.Index // nil: this process serves no search
	mail     mail.Sender
	push     *push.Sender
	engine   *engine.Engine
	peers    *peer.Link // nil: there is no other process
	market   *market.Market
	queue    *redisq.Queue
	workers  *workers.Workers
	clock    *clockWatch
	version  *migrate.Watch

	now     func() time.Time
	demo    *filling    // the demo market; nil: not asked for
	leaving atomic.Bool // it was told to end

	undo []func() error // in order of opening
}

// openHouse opens every part, in the order in which they need each other. url is what people type.
func openHouse(ctx context.Context, site *config.Site, log *slog.Logger, s side, url string) (*house, error) {
	h := &house{site: site, side: s, log: web.Labelled(log), metrics: newMetrics(), now: time.Now}
	if site.Demo {
		h.demo = newFilling(site.DemoAt)
		h.now = h.demo.now
	}
	for _, open := range []func(context.Context) error{
		h.openFolder, h.openCalendar, h.openTexts, h.openTraces, h.openStore, h.openSecret, h.openRedis, h.openGateway, h.openPhotos, h.openIndex, h.openMail,
	} {
		if err := open(ctx); err != nil {
			return nil, errors.Join(err, h.close())
		}
	}
	h.armCrashpoints()
	h.wire(url)
	return h, nil
}

// later notes what closes a part; parts are closed in reverse order.
func (h *house) later(close func() error) { h.undo = append(h.undo, close) }

// close closes everything. What was acknowledged is in the store.
func (h *house) close() error {
	var errs []error
	for _, close := range slices.Backward(h.undo) {
		errs = append(errs, close())
	}
	h.undo = nil
	return errors.Join(errs...)
}

func (h *house) openFolder(context.Context) error {
	if err := os.MkdirAll(h.site.Data, 0o700); err != nil {
		return fmt.Errorf("--data: %w", err)
	}
	return nil
}

func (h *house) openTexts(context.Context) (err error) {
	h.texts, err = web.ReadTexts(h.site.Texts)
	return err
}

func (h *house) openTraces(ctx context.Context) (err error) {
	if h.traces, err = openTraces(ctx, h.site.Traces, owner(), h.log); h.traces != nil {
		h.later(h.traces.close)
	}
	return err
}

func (h *house) openStore(ctx context.Context) (err error) {
	if h.store, err = openServed(ctx, h.site, h.hearMigration); err != nil {
		return err
	}
	h.later(h.store.Close)
	h.store = watchStore(h.store, h.metrics.store, h.traces)
	if h.version, err = migrate.NewWatch(ctx, h.store, market.Migrations().Known(), migrate.WatchEvery); err != nil {
		return err
	}
	h.later(h.version.Close)
	h.clock, err = watchClock(ctx, h.store)
	if err == nil {
		h.later(h.clock.close)
	}
	return err
}

func (h *house) hearMigration(p migrate.Progress) {
	h.log.Info("migration", "version", p.Version, "name", p.Name, "documents", p.Done, "waiting", p.Waiting, "ended", p.Ended)
}

func (h *house) openSecret(ctx context.Context) (err error) {
	if h.site.Secret != "" {
		h.secret, err = identity.NewSecret(h.site.Secret)
	} else {
		h.secret, err = identity.OpenSecret(h.site.Data)
	}
	if err != nil {
		return err
	}
	key := h.secret.LogKey().Public().(ed25519.PublicKey)
	h.row, err = claimSite(ctx, h.store, h.site.Currency, key, deal.Millis(time.Now()))
	return err
}

// openRedis opens the one client, and the hub on it. A Redis that is down is waited for in the background; an embedded one
// joins no other process.
func (h *house) openRedis(ctx context.Context) (err error) {
	if h.site.Redis == "" {
		h.redis, err = redisconn.Open(ctx, "")
	} else {
		h.redis, err = redisconn.Dial(h.site.Redis)
	}
	if err != nil {
		return err
	}
	h.later(h.redis.Close)
	if h.redis.Embedded() {
		h.hub = live.New(nil)
	} else {
		h.hub = live.New(h.redis)
	}
	h.later(func() error { h.hub.Close(); return nil })
	return nil
}

func (h *house) openGateway(context.Context) error {
	h.gateway = sandbox.New(sandbox.Config{Storage: sandboxbook.Open(h.store), Clock: h.now})
	return nil
}

// ownCopy says whether this process keeps a search copy of its own, beside those of other processes.
func (h *house) ownCopy() bool { return h.site.Meili == "" && !h.site.Embedded() }

// openIndex opens the search copy: Meilisearch, or a folder, or a temporary one where several processes share the store.
func (h *house) openIndex(context.Context) error {
	switch {
	case h.site.Meili != "":
		h.index = meili.New(h.site.Meili, h.site.MeiliKey, indexName)
	case h.ownCopy() && !h.side.pages:
		return nil
	default:
		folder := h.site.Path("search")
		if h.ownCopy() {
			folder = ""
		}
		index, err := bleve.Open(folder)
		if err != nil {
			return fmt.Errorf("search: %w", err)
		}
		h.index = index
	}
	h.later(h.index.Close)
	return nil
}

// indexName names the search copy on a server that others may use, too.
const indexName = "haggle_deals"

// wire makes engine, market and workers.
func (h *house) wire(url string) {
	lanes := h.site.Lanes
	if h.site.Embedded() {
		lanes = 1 // SQLite has one writer
	}
	currency := h.site.Unit()
	h.limits = h.limiter()
	h.engine = engine.New(engine.Config{Store: h.store, Mechanisms: registry.All(), Currency: currency, LogKey: h.secret.LogKey(),
		Gateway: h.gateway.Name(), Lanes: lanes, Batch: h.site.Batch, Clock: h.now, Calendar: h.calendar, Logger: h.log, Observe: h.metrics.observe, Follow: h.traces.hook(), Farm: h.farm(),
		Changed: func(d engine.Deal, lines []deal.Line) {
			h.market.Announce(d, lines)
			h.workers.Changed(d)
		}})
	cfg := market.Config{Name: h.site.Name, URL: url, Currency: currency, FeeBasis: h.site.Fee, MinDuration: h.site.MinDuration,
		LogKey: h.secret.LogKey(), LogKeyFrom: h.row.From, Store: h.store, Engine: h.engine, Gateway: h.gateway, Blobs: h.blobs,
		Hasher: identity.NewHasher(identity.DefaultCost), Search: h.index, Live: h.hub, Limiter: h.limits, Clock: h.now, Calendar: h.calendar, Logger: h.log}
	cfg.MailKey, cfg.RequireConfirmation = h.secret.Derive("haggle mail 1", 32), h.site.RequireConfirmation
	cfg.Push = h.pusher(url)
	h.waysIn(&cfg, url)
	h.market = market.New(cfg)
	h.queue = redisq.New(h.redis)
	h.workers = workers.New(h.workersConfig(url))
	h.later(func() error { h.engine.Close(); return nil })
}

// farm joins this process to the others of the site.
func (h *house) farm() *engine.Farm {
	if h.site.Embedded() {
		return nil
	}
	h.peers = peer.New(h.secret.Derive("haggle lanes 1", 32), time.Now)
	if h.traces != nil {
		h.peers.Trace = carry
	}
	return &engine.Farm{Name: owner(), Address: h.side.address, Fit: func() bool { return h.clock.writable() == nil },
		Send: func(ctx context.Context, address string, lane int, body []byte) ([]byte, error) {
			out, err := h.peers.Send(ctx, address, lane, body)
			h.metrics.forwarded(err)
			if errors.Is(err, peer.ErrAway) {
				return nil, fmt.Errorf("%w: %w", engine.ErrAway, err)
			}
			return out, err
		}}
}

// answerPeer decides what another process of the site sent for a lane.
func (h *house) answerPeer(ctx context.Context, lane int, sealed []byte) ([]byte, error) {
	return h.peers.Answer(lane, sealed, func(body []byte) ([]byte, error) { return h.engine.Receive(ctx, lane, body) })
}

// limiter counts in Redis where several processes share one; nil lifts the limits.
func (h *house) limiter() market.Limiter {
	switch {
	case !h.site.Limited():
		return nil
	case h.redis.Embedded():
		return limit.New(nil, h.now)
	}
	return limit.New(h.redis, h.now)
}

func (h *house) workersConfig(url string) workers.Config {
	cfg := workers.Config{Engine: h.engine, Market: h.market, Store: h.store, Owner: owner(), Alone: h.site.Embedded(),
		Index: h.index != nil && !h.ownCopy(), Logger: h.log,
		Mail: h.mail, Compose: letter.Writer{Site: h.site.Name, URL: url, Currency: h.site.Unit(), Zone: web.Taipei}.Write}
	cfg.Chores = append(cfg.Chores, h.booksChore())
	h.noticeWork(&cfg, url)
	if h.side.jobs {
		cfg.Worker = h.traces.jobs(redisq.NewWorker(h.redis, 0, h.log))
	}
	if h.side.jobs || !h.redis.Embedded() { // else nobody would take the tasks
		cfg.Queue = h.queue
	}
	if !h.site.Embedded() {
		cfg.Linger = workers.Lingering
		if h.side.pages {
			cfg.Follow = h.follow
			if h.ownCopy() {
				cfg.Copy, cfg.Behind = h.copyDeals, h.market.CatchUpIndex
			}
		}
	}
	return cfg
}

// owner names this process in leases.
func owner() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), engine.NewID())
}

// follow hears of deals that some process changed: readers of this process hear of them where Redis does not tell them.
func (h *house) follow(ctx context.Context, ids []string) error {
	missed := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !h.hub.Unheard(id, workers.Lingering) })
	deals, err := h.engine.DealsByID(ctx, missed)
	for _, d := range deals {
		h.market.Announce(d, nil)
	}
	return err
}

// copyDeals brings deals up to date in the own search copy.
func (h *house) copyDeals(ctx context.Context, ids []string) error {
	return h.market.IndexDeals(ctx, ids...)
}
