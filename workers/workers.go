// Package workers does what nobody waits for: it closes deals at their time, moves orders on, finishes gateway calls whose
// answer was lost, and tells the search copy of every change.
//
// The store knows what is due; everything here only looks. Four wakers lead to the same idempotent acts, so that losing
// any of them makes things late by one sweep and never wrong:
//
//   - alarms: timers of this process for what is due within seconds;
//   - tasks of the queue, which reach other processes;
//   - the relay, which turns the rows of the outbox into tasks, or does them itself where no queue answers;
//   - the sweep, every two seconds, for whatever is due and not done.
//
// Relay and sweep run in one process at a time, the one that holds the lease.
//
// Most callers need three functions: [New], [Workers].Start and [Workers].Changed, the engine's hook.
package workers

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"haggle/internal/engine"
	"haggle/internal/mail"
	"haggle/internal/market"
	"haggle/internal/queue"
	"haggle/internal/store"
)

// Market is what the jobs ask of the market.
type Market interface {
	IndexDeals(ctx context.Context, ids ...string) error
	TickOrder(ctx context.Context, id string) error
	SweepChances(ctx context.Context, limit int) (int, error)
	SweepIntents(ctx context.Context, limit int) (int, error)
	SweepFailures(ctx context.Context) (int, error)
	SweepSessions(ctx context.Context, limit int) (int, error)
	SweepPhotos(ctx context.Context, limit int) (int, error)
	Post
}

// Config is what the workers are made of.
type Config struct {
	Engine *engine.Engine
	Market Market
	Store  store.Engine
	Queue  queue.Queue  // nil: the relay does every job itself
	Worker queue.Worker // nil: this process takes no tasks
	Owner  string       // names this process in the lease
	Alone  bool         // no other process works on this store: no lease is needed
	Index  bool         // jobs keep the search copy; false: every process that serves pages follows the changes (Copy)

	// Linger is how long a row stays in the outbox after it was told, so that every process that follows sees it.
	Linger time.Duration

	// Follow is called in this process with every deal that any process changed, soon after and possibly more than once;
	// nil: nobody listens. Copy is called as well, but for one deal no more than once in a few seconds; nil: this process
	// keeps no copy. Behind says that changes may have been missed: look at everything.
	Follow func(ctx context.Context, dealIDs []string) error
	Copy   func(ctx context.Context, dealIDs []string) error
	Behind func(ctx context.Context) error

	Mail    mail.Sender // nil: nobody is told anything by mail
	Compose func(l market.Letter, now time.Time) (mail.Message, error)

	Chores []Chore // further work that one process does at a time
	Tasks  []Chore // further work of this process, whoever holds the lease: it is safe to be done by several

	Logger *slog.Logger
}

// Chore is done now and then by the process that holds the lease.
type Chore struct {
	Name  string
	Every time.Duration
	Do    func(ctx context.Context) error
}

// Workers are the workers of one process.
type Workers struct {
	cfg     Config
	eng     *engine.Engine
	log     *slog.Logger
	lease   *lease
	closer  *closer
	alarms  *alarms
	relay   *relay
	courier courier
	bag     bag
	asked   asked

	stop  context.CancelFunc
	loops sync.WaitGroup
}

// New makes workers; they do nothing until Start. The store must have their collections (Specs).
func New(cfg Config) *Workers {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	w := &Workers{cfg: cfg, eng: cfg.Engine, log: cfg.Logger, stop: func() {}}
	w.lease = newLease(cfg.Store, cfg.Owner, cfg.Alone)
	w.closer = newCloser(cfg.Engine, cfg.Logger)
	w.alarms = newAlarms(w.closer.start)
	w.relay = newRelay(w)
	w.courier.queue, w.courier.log = cfg.Queue, cfg.Logger
	if cfg.Worker != nil {
		w.handle(cfg.Worker)
	}
	return w
}

// Specs declares the collections of this package.
func Specs() []store.Spec { return []store.Spec{{Name: Leases, Shape: LeaseRow{}}} }

// How often the loops look.
const (
	sweepEvery  = 2 * time.Second
	moneyEvery  = 5 * time.Second
	litterEvery = time.Minute
)

// Start begins to work.
func (w *Workers) Start(ctx context.Context) {
	ctx, w.stop = context.WithCancel(ctx)
	w.alarms.start()
	w.lease.keep(ctx, &w.loops)
	w.loop(ctx, sweepEvery, "deals", w.sweepDeals)
	w.loop(ctx, sweepEvery, "orders", w.sweepOrders)
	w.loop(ctx, moneyEvery, "money", w.sweepMoney)
	w.loop(ctx, litterEvery, "litter", w.sweepLitter)
	w.loop(ctx, litterEvery, "dead tasks", w.revive)
	for _, c := range w.cfg.Chores {
		w.loop(ctx, c.Every, c.Name, c.Do)
	}
	for _, c := range w.cfg.Tasks {
		w.loopIf(ctx, func() bool { return true }, c.Every, c.Name, c.Do)
	}
	if w.cfg.Mail != nil {
		w.loopAside(ctx, mailEvery, "news", w.writeNews)
		w.loopAside(ctx, mailEvery, "mail", w.sendMail)
	}
	w.loops.Go(func() { w.relay.run(ctx) })
	if w.cfg.Follow != nil {
		w.loops.Go(func() { newFollower(w).run(ctx) })
	}
	if w.cfg.Worker != nil {
		w.loops.Go(func() { w.takeTasks(ctx) })
	}
}

// stopBound is how long Stop waits for what is running; what it leaves is gone on with by whoever starts next.
const stopBound = 8 * time.Second

// Stop begins nothing new, waits for what is running and gives the lease away.
func (w *Workers) Stop() {
	w.stop()
	w.alarms.stop()
	done := make(chan struct{})
	go func() {
		w.loops.Wait()
		w.closer.wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(stopBound):
		w.log.Warn("workers are still busy; going without them")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	w.lease.release(ctx)
}

// Changed is the engine's hook: it sets the deal's alarm and wakes the relay. It never blocks.
func (w *Workers) Changed(d engine.Deal) {
	w.alarms.set(d, w.eng.Now())
	w.relay.wake()
}

// loop calls f now and then at an interval, while this process holds the lease.
func (w *Workers) loop(ctx context.Context, every time.Duration, name string, f func(context.Context) error) {
	w.loopIf(ctx, w.lease.held, every, name, f)
}

// loopAside is loop, but for moments in which many deals end.
func (w *Workers) loopAside(ctx context.Context, every time.Duration, name string, f func(context.Context) error) {
	a := aside{closer: w.closer}
	w.loopIf(ctx, func() bool { return w.lease.held() && !a.stands(time.Now()) }, every, name, f)
}

// loopIf calls f now and then at an interval, where it is this process's turn.
func (w *Workers) loopIf(ctx context.Context, turn func() bool, every time.Duration, name string, f func(context.Context) error) {
	w.loops.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			if turn() {
				if err := f(ctx); err != nil && ctx.Err() == nil {
					w.log.Warn("sweep", "of", name, "err", err)
				}
			}
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	})
}

// takeTasks starts the queue's worker as soon as its server answers, and stops it at the end.
func (w *Workers) takeTasks(ctx context.Context) {
	for {
		err := w.cfg.Worker.Start(ctx)
		if err == nil {
			break
		}
		w.log.Warn("the queue does not answer: jobs are done without it", "err", err)
		select {
		case <-time.After(sweepEvery):
		case <-ctx.Done():
			return
		}
	}
	<-ctx.Done()
	w.cfg.Worker.Stop()
}
