package engine

import (
	"context"
	"crypto/ed25519"
	"hash/fnv"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/store"
)

// Bounds of the engine: everything that can grow has one.
const (
	QueueBound   = 1024 // entries that wait on one deal
	DefaultBatch = 256  // entries in one commit
	DefaultChunk = 64   // settlement steps in one commit: the writer stays free for other deals
	maxTries     = 3    // a deal whose version moved is retried alone this often
	cacheBound   = 4096 // deals a lane keeps in memory
)

// Config is what an engine is made of.
type Config struct {
	Store      store.Engine
	Mechanisms deal.Registry
	Currency   money.Currency
	LogKey     ed25519.PrivateKey
	Gateway    string           // name of the payment gateway, for its account in the books
	Clock      func() time.Time // nil: time.Now
	Calendar   order.Calendar   // holidays, for the clocks of orders
	Lanes      int              // committers; 0: 1; the same in all processes of a farm
	Farm       *Farm            // the other processes; nil: this one is alone
	Batch      int              // entries a commit; 0: DefaultBatch; 1 turns group commit off
	Chunk      int              // settlement steps a commit; 0: DefaultChunk
	Apart      bool             // no deal is settled in the commit that decides it
	Logger     *slog.Logger

	// Changed is told of every deal after the commit that changed it, in order of version, best effort. It must not
	// block.
	Changed func(d Deal, lines []deal.Line)

	// Observe is told of every commit of a lane, for the metrics; nil: nobody. It must not block.
	Observe func(Commit)

	// Follow is told, for traces, that a lane takes up what waited: it gives the context for what the lane does with it, and
	// what is called when that is done, with the commit or the error. nil: nobody follows, and nothing is kept for it. It
	// must not block.
	Follow func(ctx context.Context, w Work, all []Waited) (context.Context, func(Commit, error))
}

// Engine takes entries and clears deals. Make one with New; Close stops its committers.
type Engine struct {
	cfg   Config
	rows  *rows
	lanes []*lane
	kinds kinds

	inbox   inbox
	members atomic.Pointer[[]MemberRow] // live processes, as last seen
	gave    atomic.Int64                // when this process last gave a lane away, Unix milliseconds
	untend  func()                      // ends the looking after leases
	tended  sync.WaitGroup
}

// New starts the committers. The store must have the engine's collections (Specs).
func New(cfg Config) *Engine {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Lanes < 1 {
		cfg.Lanes = 1
	}
	if cfg.Batch < 1 {
		cfg.Batch = DefaultBatch
	}
	if cfg.Chunk < 1 {
		cfg.Chunk = DefaultChunk
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Changed == nil {
		cfg.Changed = func(Deal, []deal.Line) {}
	}
	e := &Engine{cfg: cfg, rows: newRows(cfg.Store)}
	for n := range cfg.Lanes {
		e.lanes = append(e.lanes, newLane(e, n))
	}
	for _, l := range e.lanes {
		l.reserve()
		go l.run()
	}
	stop := make(chan struct{})
	e.untend = sync.OnceFunc(func() { close(stop) })
	if cfg.Farm != nil {
		e.tended.Go(func() { e.tend(stop) })
	}
	return e
}

// Close stops taking entries, decides what already waits, stops the committers and gives their lanes away.
func (e *Engine) Close() {
	e.untend()
	e.tended.Wait()
	for _, l := range e.lanes {
		l.close()
	}
	if e.cfg.Farm != nil {
		e.leaveFarm()
	}
}

// Now is the engine's clock: UTC, whole milliseconds.
func (e *Engine) Now() time.Time { return deal.Millis(e.cfg.Clock()) }

// Currency is the site's currency.
func (e *Engine) Currency() money.Currency { return e.cfg.Currency }

// Mechanism finds the rule of a kind.
func (e *Engine) Mechanism(k deal.Kind) (deal.Mechanism, bool) {
	m, ok := e.cfg.Mechanisms[k]
	return m, ok
}

func (e *Engine) lane(dealID string) *lane {
	h := fnv.New32a()
	_, _ = h.Write([]byte(dealID))
	return e.lanes[h.Sum32()%uint32(len(e.lanes))]
}

// Key is the idempotency key of a request.
type Key struct {
	Account string
	Value   string
	Hash    string // of method, path and body
}

func (k *Key) id() string { return k.Account + ":" + k.Value }

// Submission is one entry on its way in.
type Submission struct {
	Deal  string
	Entry deal.Entry
	ID    string // of the entry; unique, drawn before
	Key   *Key   // nil: none

	// Within joins more writes to the entry's commit: it runs after the rule accepted the entry, inside the
	// transaction, possibly several times. A refusal from it refuses the entry. Such an entry is committed alone.
	Within func(ctx context.Context, b *Books, now time.Time) error
}

// Accepted answers an accepted entry.
type Accepted struct {
	Receipt  deal.Receipt
	Answer   deal.Answer
	Orders   []order.Order // that began in the same commit
	Replayed bool          // the answer was given before, under the same key
	Closing  bool          // the entry ended the deal: Settle goes on from here
}

// Submit gives one entry to its deal and waits for the verdict. A nil error means committed: journaled, and on a
// majority where there is a replica set.
//
// Refusals are *fault.Error and leave nothing behind. `unavailable` with params.unknown says that the result of the
// commit is not known: repeat with the same key. When ctx ends first, the entry is decided all the same.
func (e *Engine) Submit(ctx context.Context, s Submission) (Accepted, error) {
	it := newItem(s)
	e.followed(ctx, it)
	if err := e.lane(s.Deal).put(it); err != nil {
		return Accepted{}, err
	}
	select {
	case v := <-it.done:
		return v.accepted, v.err
	case <-ctx.Done():
		return Accepted{}, fault.New(fault.CodeUnavailable, fault.Params{"unknown": true}).Because(ctx.Err())
	}
}

// Expire decides a deal whose time has come, and settles a small one in the same commit. It answers whether the deal now
// waits for its settlement; one that is not due, or was decided before, is left as it is.
func (e *Engine) Expire(ctx context.Context, dealID string) (closing bool, err error) {
	it := e.closing(ctx, dealID)
	if err := e.lane(dealID).put(it); err != nil {
		return false, err
	}
	v := it.await(ctx)
	return v.accepted.Closing, v.err
}

// closing makes the item that decides a deal whose time has come.
func (e *Engine) closing(ctx context.Context, dealID string) *item {
	it := newItem(Submission{Deal: dealID})
	it.expire = true
	e.followed(ctx, it)
	return it
}

// forget drops what the engine remembers of a deal, after somebody else wrote it.
func (e *Engine) forget(dealID string) { e.lane(dealID).forget(dealID) }
