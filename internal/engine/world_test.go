package engine_test

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/store"
)

// world is a market under test: a store, an engine over it, and a clock that the test moves.
type world struct {
	testing.TB
	*engine.Engine
	backend backend
	place   string
	store   store.Engine
	clock   *clock
	hooks   *hooks
	drawn   *atomic.Int64 // ids of entries
}

var bg = context.Background()

// unit is the cash unit of the tests' currency.
const unit = 100

var currency = func() money.Currency {
	c, err := money.Lookup("TWD")
	if err != nil {
		panic(err)
	}
	return c
}()

var (
	logKey    = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	logPublic = logKey.Public().(ed25519.PublicKey)
)

// newWorld makes an empty market in a place of its own. Options change the engine's configuration.
func newWorld(t testing.TB, b backend, options ...func(*engine.Config)) *world {
	t.Helper()
	w := &world{TB: t, backend: b, place: b.place(t), clock: newClock(), hooks: &hooks{}, drawn: new(atomic.Int64)}
	w.store = w.openStore()
	w.Engine = w.engineOver(w.store, options...)
	return w
}

// openStore opens one more store over the world's place. All share the world's hooks.
func (w *world) openStore() store.Engine {
	w.Helper()
	st, err := w.backend.open(w.TB, w.place, store.Hooks{BeforeCommit: w.hooks.beforeCommit, AfterCommit: w.hooks.afterCommit})
	w.must(err)
	w.Cleanup(func() { _ = st.Close() })
	w.must(st.Ensure(bg, engine.Specs()))
	return st
}

// engineOver starts one more engine, as another process would.
func (w *world) engineOver(st store.Engine, options ...func(*engine.Config)) *engine.Engine {
	cfg := engine.Config{Store: st, Mechanisms: registry.All(), Currency: currency, LogKey: logKey, Gateway: "sandbox", Clock: w.clock.Now, Apart: true}
	for _, o := range options {
		o(&cfg)
	}
	e := engine.New(cfg)
	w.Cleanup(e.Close)
	return e
}

// another is the same market as another process sees it: its own store and engine over the same place.
func (w *world) another(options ...func(*engine.Config)) *world {
	w.Helper()
	st := w.openStore()
	return w.over(st, options)
}

// restarted is the same market after a restart of its engine.
func (w *world) restarted(options ...func(*engine.Config)) *world {
	return w.over(w.store, options)
}

// over is the same market with an engine of its own over a store.
func (w *world) over(st store.Engine, options []func(*engine.Config)) *world {
	o := *w
	o.store, o.Engine = st, w.engineOver(st, options...)
	return &o
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// ok is must for goroutines.
func (w *world) ok(err error) {
	w.Helper()
	if err != nil {
		w.Error(err)
	}
}

// fund gives people free money.
func (w *world) fund(amount money.Amount, users ...string) {
	w.Helper()
	w.must(w.store.Tx(bg, func(ctx context.Context) error {
		b, err := w.OpenBooks(ctx, w.Now(), users...)
		if err != nil {
			return err
		}
		for _, u := range users {
			if err := b.Post(ledger.Deposit("i-"+u, u, "sandbox", amount, w.Now())); err != nil {
				return err
			}
		}
		return b.Flush(ctx)
	}))
}

// wipe removes everything from the store, so that the same market can be built again.
func (w *world) wipe() {
	w.Helper()
	for _, spec := range engine.Specs() {
		var ids []string
		w.must(w.store.Scan(bg, spec.Name, func(doc bson.Raw) error {
			id, err := store.ID(doc)
			ids = append(ids, id)
			return err
		}))
		w.must(w.store.Delete(bg, spec.Name, ids...))
	}
}

// clock is the time of a market; it moves only when it is told to.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.set(time.Date(2026, 11, 22, 1, 30, 0, 0, time.UTC))
	return c
}

func (c *clock) Now() time.Time       { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *clock) set(t time.Time)      { c.ms.Store(t.UnixMilli()) }
func (c *clock) pass(d time.Duration) { c.ms.Add(d.Milliseconds()) }

// hooks cut the wire of a store around its commits, when a test arms them.
type hooks struct{ before, after atomic.Pointer[func() error] }

func (h *hooks) beforeCommit(context.Context) error { return call(&h.before) }
func (h *hooks) afterCommit(context.Context) error  { return call(&h.after) }

func call(hook *atomic.Pointer[func() error]) error {
	if f := hook.Load(); f != nil {
		return (*f)()
	}
	return nil
}

// times makes a hook that fails its first n calls.
func times(n int64, err error) *func() error {
	var calls atomic.Int64
	f := func() error {
		if calls.Add(1) <= n {
			return err
		}
		return nil
	}
	return &f
}

// always makes a hook that runs f at every call.
func always(f func() error) *func() error { return &f }

// salts are the salts of an entry or a deal: always the same for the same id.
func salts(id string) []string {
	out := make([]string, 3)
	for i := range out {
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", id, i))
		out[i] = hex.EncodeToString(sum[:])
	}
	return out
}

// submission is a member's entry under an id that was not used before.
func (w *world) submission(dealID, account string, act deal.Act, values any) engine.Submission {
	id := fmt.Sprintf("e%06d", w.drawn.Add(1))
	return engine.Submission{Deal: dealID, ID: id,
		Entry: deal.Entry{Account: account, Role: deal.Member, Act: act, Values: values, Salts: salts(id)}}
}

// enter submits an entry that must be accepted.
func (w *world) enter(s engine.Submission) engine.Accepted {
	w.Helper()
	got, err := w.Submit(bg, s)
	if err != nil {
		w.Fatalf("%s of %s in %s: %v", s.Entry.Act, s.Entry.Account, s.Deal, err)
	}
	return got
}
