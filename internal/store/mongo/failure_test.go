package mongo

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
	"haggle/internal/testenv"
)

// failing makes the server fail commands in some way.
func failing(t *testing.T, e *Engine, times any, how bson.D) {
	t.Helper()
	fail := func(mode any) error {
		return e.client.Database("admin").RunCommand(bg, bson.D{{Key: "configureFailPoint", Value: "failCommand"}, {Key: "mode", Value: mode}, {Key: "data", Value: how}}).Err()
	}
	ok(t, fail(times))
	t.Cleanup(func() { _ = fail("off") })
}

func times(n int) bson.D { return bson.D{{Key: "times", Value: n}} }

func on(commands ...string) bson.E { return bson.E{Key: "failCommands", Value: commands} }

func labels(l ...string) bson.E { return bson.E{Key: "errorLabels", Value: l} }

func TestServerFailures(t *testing.T) {
	code := func(n int) bson.E { return bson.E{Key: "errorCode", Value: n} }
	cut := bson.E{Key: "closeConnection", Value: true}
	for _, c := range []struct {
		name   string
		times  any
		how    bson.D
		runs   int
		want   error
		stored int64 // −1: nobody can know
	}{
		{"a write conflict runs the closure again", times(2), bson.D{on("insert"), code(112), labels(transientLabel)}, 3, nil, 1},
		{"a write conflict without end is unavailable", "alwaysOn", bson.D{on("insert"), code(112), labels(transientLabel)}, 12, store.ErrUnavailable, 0},
		{"a connection cut in the middle runs the closure again", times(1), bson.D{on("insert"), cut}, 2, nil, 1},
		{"a transaction lost at the commit runs again", times(1), bson.D{on("commitTransaction"), code(251), labels(transientLabel)}, 2, nil, 1},
		{"a commit cut off is repeated alone", times(3), bson.D{on("commitTransaction"), cut}, 1, nil, 1},
		{"a commit whose result is unknown is repeated alone", times(3), bson.D{on("commitTransaction"), code(50), labels(unknownLabel)}, 1, nil, 1},
		{"a commit whose result stays unknown is unknown", "alwaysOn", bson.D{on("commitTransaction"), code(50), labels(unknownLabel)}, 1, store.ErrUnknown, -1},
		{"a commit that was made and not confirmed is unknown", "alwaysOn",
			bson.D{on("commitTransaction"), {Key: "writeConcernError", Value: bson.D{{Key: "code", Value: 64}, {Key: "errmsg", Value: "waiting for replication timed out"}}}}, 1, store.ErrUnknown, 1},
		{"a failure of the abort does not matter", times(1), bson.D{on("abortTransaction"), cut}, 1, nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := fresh(t, options.Client())
			failing(t, e, c.times, c.how)
			runs := 0
			err := e.Tx(bg, func(ctx context.Context) error {
				runs++
				return e.Insert(ctx, "things", doc(t, "a"))
			})
			failing(t, e, "off", bson.D{})
			if !errors.Is(err, c.want) || runs != c.runs {
				t.Errorf("%d runs, %v; want %d, %v", runs, err, c.runs, c.want)
			}
			if c.stored < 0 {
				return
			}
			// a commit that was not confirmed shows once the majority has it
			ok(t, eventually(func() error {
				n, err := e.Count(bg, "things", store.Query{Index: store.ByID})
				if err == nil && n != c.stored {
					err = fmt.Errorf("%d documents stored, want %d", n, c.stored)
				}
				return err
			}))
		})
	}
}

// TestNoTransactionFollowsAnUnknownCommit: a session whose commit was first interrupted and then timed out does not serve
// another transaction. The driver leaves it in a state in which one of one call would be reported as committed and is
// not, and one of several calls fails.
func TestNoTransactionFollowsAnUnknownCommit(t *testing.T) {
	for _, reserve := range []bool{false, true} {
		t.Run(fmt.Sprintf("reserved=%v", reserve), func(t *testing.T) {
			var e *Engine
			failed := 0
			e = fresh(t, options.Client().SetMonitor(&event.CommandMonitor{Failed: func(_ context.Context, f *event.CommandFailedEvent) {
				if f.CommandName != "commitTransaction" {
					return
				}
				if failed++; failed == 1 {
					failing(t, e, "alwaysOn", bson.D{on("commitTransaction"), {Key: "errorCode", Value: 262}, labels(unknownLabel, "NetworkTimeoutError")})
				}
			}}))
			ctx := bg
			if reserve {
				in, _, release, err := e.Reserve(bg)
				ok(t, err)
				defer release()
				ctx = in
			}
			put := func(ids ...string) error {
				return e.Tx(ctx, func(ctx context.Context) error {
					for _, id := range ids {
						if err := e.Insert(ctx, "things", doc(t, id)); err != nil {
							return err
						}
					}
					return nil
				})
			}
			failing(t, e, times(1), bson.D{on("commitTransaction"), {Key: "errorCode", Value: 24}, labels(unknownLabel)})
			if err := put("a"); !errors.Is(err, store.ErrUnknown) || failed < 2 {
				t.Fatalf("a commit interrupted and timed out: %v after %d failures, want ErrUnknown after 2 and more", err, failed)
			}
			failing(t, e, "off", bson.D{})
			ok(t, put("b"))
			ok(t, put("c", "d"))
			for _, id := range []string{"b", "c", "d"} {
				if _, err := e.Get(bg, "things", id); err != nil {
					t.Errorf("%s was committed, and now: %v", id, err)
				}
			}
		})
	}
}

// TestReadsSurviveACutConnection: the driver repeats a read once.
func TestReadsSurviveACutConnection(t *testing.T) {
	e := fresh(t, options.Client())
	ok(t, e.Insert(bg, "things", doc(t, "a")))
	failing(t, e, times(1), bson.D{on("find"), {Key: "closeConnection", Value: true}})
	_, err := e.Get(bg, "things", "a")
	ok(t, err)
	failing(t, e, times(2), bson.D{on("find"), {Key: "closeConnection", Value: true}})
	if _, err := e.Get(bg, "things", "a"); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a read cut off twice: %v", err)
	}
}

// TestADeadServerIsUnavailable: calls that find no server say so, and in time.
func TestADeadServerIsUnavailable(t *testing.T) {
	t.Parallel()
	s := testenv.OwnMongod(t)
	e, err := Open(bg, s.URL, "haggle", store.Hooks{})
	ok(t, err)
	defer e.Close()
	ok(t, e.Ensure(bg, []store.Spec{things}))
	s.Kill()
	calls := map[string]func() error{
		"Get":      func() error { _, err := e.Get(bg, "things", "a"); return err },
		"Find":     func() error { _, err := e.Find(bg, "things", store.Query{Index: "kind"}); return err },
		"Count":    func() error { _, err := e.Count(bg, "things", store.Query{Index: "kind"}); return err },
		"Put":      func() error { return e.Put(bg, "things", doc(t, "a")) },
		"Now":      func() error { _, err := e.Now(bg); return err },
		"Snapshot": func() error { return e.Snapshot(bg, func(context.Context) error { return nil }) },
		"Ensure":   func() error { return e.Ensure(bg, []store.Spec{things}) },
	}
	var all sync.WaitGroup
	start := time.Now()
	for name, call := range calls {
		all.Go(func() {
			if err := call(); !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("%s without a server: %v", name, err)
			}
		})
	}
	all.Wait()
	if took := time.Since(start); took > 3*patience {
		t.Errorf("it took %v to say so", took)
	}
}

// TestStepDown: a server that steps down is unavailable for a moment, and nothing else.
func TestStepDown(t *testing.T) {
	e := fresh(t, options.Client())
	for _, command := range []string{"find", "aggregate"} {
		failing(t, e, times(2), bson.D{on(command), {Key: "errorCode", Value: 10107}})
		var err error
		if command == "find" {
			_, err = e.Get(bg, "things", "a")
		} else {
			_, err = e.Count(bg, "things", store.Query{Index: "kind"})
		}
		if !errors.Is(err, store.ErrUnavailable) {
			t.Errorf("%s: %v", command, err)
		}
		failing(t, e, "off", bson.D{})
	}
}

// TestKilledServer kills the server under writers and starts it again: everything acknowledged is there, and what
// failed said that it may or may not be.
func TestKilledServer(t *testing.T) {
	t.Parallel()
	s := testenv.OwnMongod(t)
	e, err := Open(bg, s.URL, "haggle", store.Hooks{})
	ok(t, err)
	defer e.Close()
	ok(t, e.Ensure(bg, []store.Spec{things}))
	var mu sync.Mutex
	acked := map[string]bool{}
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				id := fmt.Sprint(w, "-", i)
				err := e.Insert(bg, "things", doc(t, id), doc(t, id+"+"))
				mu.Lock()
				acked[id] = err == nil
				mu.Unlock()
				if err != nil && !errors.Is(err, store.ErrUnknown) && !errors.Is(err, store.ErrUnavailable) {
					t.Errorf("%s: %v", id, err)
				}
			}
		})
	}
	time.Sleep(300 * time.Millisecond)
	s.Kill()
	time.Sleep(200 * time.Millisecond)
	s.Start(t)
	if err := eventually(func() error { return e.Put(bg, "things", doc(t, "after")) }); err != nil {
		t.Errorf("no write after the restart: %v", err)
	}
	close(stop)
	writers.Wait()
	stored := map[string]bool{}
	ok(t, e.Scan(bg, "things", func(d bson.Raw) error { stored[d.Lookup("_id").StringValue()] = true; return nil }))
	n := 0
	for id, yes := range acked {
		if yes {
			n++
		}
		if yes && !stored[id] {
			t.Errorf("%s was acknowledged and is lost", id)
		}
		if stored[id] != stored[id+"+"] {
			t.Errorf("%s is stored by half", id)
		}
	}
	if n == 0 || n == len(acked) && len(acked) < 20 {
		t.Errorf("%d of %d acknowledged: nothing was tested", n, len(acked))
	}
}

func eventually(do func() error) (err error) {
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if err = do(); err == nil {
			return nil
		}
	}
	return err
}
