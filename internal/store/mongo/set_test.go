package mongo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
	"haggle/internal/testenv"
)

// TestFailover runs 64 writers over a set of three nodes while its primary steps down, and then is killed. Each writer
// does what a client does: it repeats an entry under its id until it knows that it is in. An entry raises one of a few
// counters by compare-and-set in the same transaction, so that one that happened twice, or by half, would show.
func TestFailover(t *testing.T) {
	t.Parallel()
	set := testenv.OwnMongodSet(t)
	wire := newWire()
	e, err := open(bg, options.Client().ApplyURI(set.URL+weak).SetMonitor(wire.monitor()), "haggle", store.Hooks{})
	ok(t, err)
	defer e.Close()
	ok(t, e.Ensure(bg, []store.Spec{things, {Name: "counters"}}))
	h := &hammer{e: e, stop: make(chan struct{})}
	for c := range counters {
		ok(t, e.Insert(bg, "counters", counter(t, fmt.Sprint(c), 0)))
	}
	var all sync.WaitGroup
	for w := range 64 {
		all.Go(func() { h.write(t, w) })
	}
	h.atLeast(t, 300)
	begun := time.Now()
	set.StepDown(t)
	h.atLeast(t, h.acked.Load()+300)
	t.Logf("step-down: writing again within %v", time.Since(begun).Round(10*time.Millisecond))
	begun = time.Now()
	dead := set.Primary(t)
	dead.Kill()
	h.atLeast(t, h.acked.Load()+300)
	t.Logf("SIGKILL: writing again within %v", time.Since(begun).Round(10*time.Millisecond))
	dead.Start(t) // the killed node comes back and follows
	h.atLeast(t, h.acked.Load()+100)
	close(h.stop)
	all.Wait()
	h.hold(t)
	for why := range wire.weak {
		t.Error(why)
	}
	t.Logf("%d entries, %d of unknown outcome, %d in when asked again", h.acked.Load(), h.unknown.Load(), h.twice.Load())
}

const counters = 16

func counter(t testing.TB, id string, n int64) bson.Raw {
	return doc(t, id, bson.E{Key: "version", Value: n}, bson.E{Key: "n", Value: n})
}

type hammer struct {
	e     *Engine
	stop  chan struct{}
	known sync.Map // ids that were acknowledged

	acked, unknown, twice atomic.Int64
}

// write makes one entry after the other until the end.
func (h *hammer) write(t *testing.T, w int) {
	for i := 0; ; i++ {
		select {
		case <-h.stop:
			return
		default:
		}
		id := fmt.Sprintf("%02d-%06d", w, i)
		if err := h.insist(t, id, fmt.Sprint(w%counters)); err != nil {
			t.Errorf("%s: %v", id, err)
			return
		}
		h.known.Store(id, true)
		h.acked.Add(1)
	}
}

// insist repeats an entry until it is in.
func (h *hammer) insist(t *testing.T, id, count string) error {
	for end := time.Now().Add(60 * time.Second); ; {
		err := h.enter(t, id, count)
		var twice *store.DuplicateError
		var conflict *store.ConflictError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &twice): // an earlier try happened
			h.twice.Add(1)
			return nil
		case errors.Is(err, store.ErrUnknown):
			h.unknown.Add(1)
		case errors.Is(err, store.ErrUnavailable), errors.As(err, &conflict):
		default:
			return err
		}
		if time.Now().After(end) {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (h *hammer) enter(t *testing.T, id, count string) error {
	return h.e.Tx(bg, func(ctx context.Context) error {
		d, err := h.e.Get(ctx, "counters", count)
		if err != nil {
			return err
		}
		n := d.Lookup("n").AsInt64()
		err = h.e.Insert(ctx, "things", doc(t, id, bson.E{Key: "kind", Value: count}, bson.E{Key: "n", Value: n + 1}))
		if err != nil {
			return err
		}
		return h.e.Replace(ctx, "counters", store.Versioned{ID: count, Version: n, Doc: counter(t, count, n+1)})
	})
}

func (h *hammer) atLeast(t *testing.T, n int64) {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); h.acked.Load() < n; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d entries, want %d", h.acked.Load(), n)
		}
	}
}

// hold looks for everything acknowledged, and for each counter's numbers, every one once.
func (h *hammer) hold(t *testing.T) {
	stored := map[string]bool{}
	numbers := map[string]map[int64]string{}
	ok(t, h.e.Scan(bg, "things", func(d bson.Raw) error {
		id, kind, n := d.Lookup("_id").StringValue(), d.Lookup("kind").StringValue(), d.Lookup("n").AsInt64()
		stored[id] = true
		if numbers[kind] == nil {
			numbers[kind] = map[int64]string{}
		}
		if other, twice := numbers[kind][n]; twice {
			t.Errorf("%s and %s are both number %d of counter %s", id, other, n, kind)
		}
		numbers[kind][n] = id
		return nil
	}))
	h.known.Range(func(id, _ any) bool {
		if !stored[id.(string)] {
			t.Errorf("%s was acknowledged and is lost", id)
		}
		return true
	})
	ok(t, h.e.Scan(bg, "counters", func(d bson.Raw) error {
		id, n := d.Lookup("_id").StringValue(), d.Lookup("n").AsInt64()
		if int64(len(numbers[id])) != n || numbers[id][n] == "" || numbers[id][1] == "" {
			t.Errorf("counter %s stands at %d over %d entries", id, n, len(numbers[id]))
		}
		return nil
	}))
}
