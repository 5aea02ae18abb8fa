package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver"

	"haggle/internal/store"
	"haggle/internal/testenv"
)

// The tests of this file cause, on a real server, everything that several processes over one database are known to meet,
// and say what the port makes of it.

// ear hears the commands of a client and the codes that servers answer.
type ear struct {
	mu    sync.Mutex
	sent  []string
	lsids map[string]bson.Raw // of the last command of each name
	codes []int
}

func listening() (*ear, *options.ClientOptions) {
	x := &ear{lsids: map[string]bson.Raw{}}
	code := func(err error) {
		var c driver.Error
		if errors.As(err, &c) {
			x.codes = append(x.codes, int(c.Code))
		}
	}
	return x, options.Client().SetMonitor(&event.CommandMonitor{
		Started: func(_ context.Context, s *event.CommandStartedEvent) {
			x.mu.Lock()
			defer x.mu.Unlock()
			x.sent = append(x.sent, s.CommandName)
			if id, ok := s.Command.Lookup("lsid").DocumentOK(); ok {
				x.lsids[s.CommandName] = slices.Clone(id)
			}
		},
		Failed: func(_ context.Context, f *event.CommandFailedEvent) {
			x.mu.Lock()
			defer x.mu.Unlock()
			if f.CommandName != "abortTransaction" { // of what the server has ended by itself; it does not matter
				code(f.Failure)
			}
		},
		Succeeded: func(_ context.Context, s *event.CommandSucceededEvent) {
			x.mu.Lock()
			defer x.mu.Unlock()
			errs, _ := s.Reply.Lookup("writeErrors").ArrayOK()
			values, _ := errs.Values()
			for _, v := range values {
				x.codes = append(x.codes, int(v.Document().Lookup("code").AsInt64()))
			}
		},
	})
}

// met reports whether the server answered a code.
func (x *ear) met(code int) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Contains(x.codes, code)
}

// since is what was sent behind the first n commands.
func (x *ear) since(n int) []string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return slices.Clone(x.sent[n:])
}

func (x *ear) count() int { return len(x.since(0)) }

func next(id string, read int64) store.Versioned {
	raw, err := bson.Marshal(append(byID(id), bson.E{Key: "version", Value: read + 1}))
	if err != nil {
		panic(err)
	}
	return store.Versioned{ID: id, Version: read, Doc: raw}
}

// meanwhile runs a transaction that holds what write writes until release is called, which answers its error.
func meanwhile(t *testing.T, e *Engine, write func(ctx context.Context) error) (release func() error) {
	t.Helper()
	inside, leave, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- e.Tx(bg, func(ctx context.Context) error {
			err := write(ctx)
			close(inside)
			<-leave
			return err
		})
	}()
	<-inside
	let := sync.OnceFunc(func() { close(leave) })
	t.Cleanup(let) // a test that fails waits for nobody
	return func() error { let(); return <-done }
}

// TestTwoTransactionsOneDocument: 112 at once; the closure runs again until the other has committed, and sees what it wrote.
func TestTwoTransactionsOneDocument(t *testing.T) {
	x, opts := listening()
	e := fresh(t, opts)
	ok(t, e.Insert(bg, "things", doc(t, "a", bson.E{Key: "version", Value: int64(0)})))
	release := meanwhile(t, e, func(ctx context.Context) error { return e.Replace(ctx, "things", next("a", 0)) })
	runs := 0
	ok(t, e.Tx(bg, func(ctx context.Context) error {
		if runs++; runs == 2 {
			ok(t, release())
		}
		d, err := e.Get(ctx, "things", "a")
		if err != nil {
			return err
		}
		read, _ := store.Version(d)
		return e.Replace(ctx, "things", next("a", read))
	}))
	d, err := e.Get(bg, "things", "a")
	ok(t, err)
	if v, _ := store.Version(d); v != 2 || runs < 2 || !x.met(112) {
		t.Errorf("version %d after %d runs; codes %v", v, runs, x.codes)
	}
}

// TestAStaleVersionIsAConflict: the server says nothing but that it matched no document; the port says which.
func TestAStaleVersionIsAConflict(t *testing.T) {
	x, opts := listening()
	e := fresh(t, opts)
	ok(t, e.Insert(bg, "things", doc(t, "a", bson.E{Key: "version", Value: int64(5)}), doc(t, "b", bson.E{Key: "version", Value: int64(0)})))
	err := e.Replace(bg, "things", next("b", 0), next("a", 4))
	var conflict *store.ConflictError
	if !errors.As(err, &conflict) || !slices.Equal(conflict.IDs, []string{"a"}) || len(x.codes) > 0 {
		t.Errorf("%v; codes %v", err, x.codes)
	}
	d, err := e.Get(bg, "things", "b")
	ok(t, err)
	if v, _ := store.Version(d); v != 0 {
		t.Error("the rest of the transaction happened")
	}
}

// TestNothingIsSentAfterAFailure: a swallowed error would be a 251 with the label that makes a driver run the closure for
// two minutes. The port answers the first error again and sends nothing.
func TestNothingIsSentAfterAFailure(t *testing.T) {
	x, opts := listening()
	e := fresh(t, opts)
	ok(t, e.Insert(bg, "things", doc(t, "a")))
	runs, from := 0, 0
	err := e.Tx(bg, func(ctx context.Context) error {
		runs++
		_ = e.Insert(ctx, "things", doc(t, "a"))
		from = x.count()
		var twice *store.DuplicateError
		if _, err := e.Get(ctx, "things", "a"); !errors.As(err, &twice) {
			t.Errorf("a call after the failure: %v", err)
		}
		return nil
	})
	var twice *store.DuplicateError
	if !errors.As(err, &twice) || runs != 1 || x.met(251) {
		t.Errorf("%d runs, %v; codes %v", runs, err, x.codes)
	}
	if sent := x.since(from); !slices.Equal(sent, []string{"abortTransaction"}) {
		t.Errorf("after the failure %v was sent", sent)
	}
}

// TestALostTransactionRunsAgain: the server has ended it (251), as it does with those that take too long, or whose session
// another process has killed.
func TestALostTransactionRunsAgain(t *testing.T) {
	x, opts := listening()
	e := fresh(t, opts)
	runs := 0
	ok(t, e.Tx(bg, func(ctx context.Context) error {
		runs++
		if err := e.Insert(ctx, "things", doc(t, fmt.Sprint("run", runs))); err != nil {
			return err
		}
		if runs == 1 {
			kill := bson.D{{Key: "killSessions", Value: bson.A{x.lsids["insert"]}}}
			ok(t, e.client.Database("admin").RunCommand(bg, kill).Err())
		}
		return e.Insert(ctx, "things", doc(t, "b"))
	}))
	if _, err := e.Get(bg, "things", "run1"); !errors.Is(err, store.ErrNotFound) || runs != 2 || !x.met(251) {
		t.Errorf("%d runs, what the first wrote: %v; codes %v", runs, err, x.codes)
	}
}

// TestATransactionLeftOpenIsEnded: a process that died inside a transaction holds its documents until the server ends it
// (transactionLifetimeLimitSeconds); others are unavailable or wait, and then go on.
func TestATransactionLeftOpenIsEnded(t *testing.T) {
	t.Parallel()
	e := fresh(t, options.Client())
	dead, err := e.client.StartSession()
	ok(t, err)
	defer dead.EndSession(bg)
	ok(t, dead.StartTransaction(inTransaction()))
	_, err = e.db.Collection("things").InsertOne(mongo.NewSessionContext(bg, dead), doc(t, "a"))
	ok(t, err)
	if err := e.Put(bg, "things", doc(t, "a")); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("behind a transaction left open: %v", err)
	}
	start := time.Now()
	ok(t, eventually(func() error { return e.Put(bg, "things", doc(t, "a")) }))
	t.Logf("free after %v more", time.Since(start).Round(100*time.Millisecond))
}

// TestAKeyThatIsCommittedAlready: 11000 without a label. The transaction is dead, nothing of it happened, it does not run
// again.
func TestAKeyThatIsCommittedAlready(t *testing.T) {
	x, opts := listening()
	e := fresh(t, opts)
	ok(t, e.Insert(bg, "things", doc(t, "a", bson.E{Key: "email", Value: "x"})))
	runs := 0
	err := e.Tx(bg, func(ctx context.Context) error {
		runs++
		ok(t, e.Insert(ctx, "things", doc(t, "before")))
		return e.Insert(ctx, "things", doc(t, "b", bson.E{Key: "email", Value: "x"}))
	})
	var twice *store.DuplicateError
	if !errors.As(err, &twice) || twice.Index != "email" || runs != 1 || !x.met(11000) {
		t.Errorf("%d runs, %v; codes %v", runs, err, x.codes)
	}
	if _, err := e.Get(bg, "things", "before"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what came before it: %v", err)
	}
}

// TestOneKeyInTwoOpenTransactions: 112, so the closure runs again, and then the key is taken or it is not.
func TestOneKeyInTwoOpenTransactions(t *testing.T) {
	for _, commits := range []bool{true, false} {
		x, opts := listening()
		e := fresh(t, opts)
		release := meanwhile(t, e, func(ctx context.Context) error {
			if err := e.Insert(ctx, "things", doc(t, "a", bson.E{Key: "email", Value: "x"})); err != nil || commits {
				return err
			}
			return errOwn
		})
		runs := 0
		err := e.Tx(bg, func(ctx context.Context) error {
			if runs++; runs == 2 {
				if err := release(); (err == nil) != commits {
					t.Errorf("the other transaction: %v", err)
				}
			}
			return e.Insert(ctx, "things", doc(t, "b", bson.E{Key: "email", Value: "x"}))
		})
		var twice *store.DuplicateError
		if errors.As(err, &twice) != commits || !commits && err != nil || runs < 2 || !x.met(112) {
			t.Errorf("the other commits %v: %d runs, %v; codes %v", commits, runs, err, x.codes)
		}
	}
}

var errOwn = errors.New("the test's own error")

// TestListsUnderAnIndex: MongoDB takes the same key twice in one list under a unique index, and an empty list counts as
// null. The port indexes no lists, and its validators keep others from writing them.
func TestListsUnderAnIndex(t *testing.T) {
	e := fresh(t, options.Client())
	plain := e.db.Collection("plain")
	_, err := plain.Indexes().CreateOne(bg, mongo.IndexModel{Keys: bson.D{{Key: "keys", Value: 1}}, Options: options.Index().SetUnique(true)})
	ok(t, err)
	_, err = plain.InsertOne(bg, append(byID("a"), bson.E{Key: "keys", Value: bson.A{"k", "k"}}))
	ok(t, err) // the server's own behaviour, which this is about
	_, err = plain.InsertOne(bg, append(byID("b"), bson.E{Key: "keys", Value: bson.A{}}))
	ok(t, err)
	if _, err = plain.InsertOne(bg, append(byID("c"), bson.E{Key: "keys", Value: bson.A{}})); !hasCode(err, 11000) {
		t.Errorf("a second empty list: %v", err)
	}
	for _, list := range []bson.A{{"k", "k"}, {}} {
		if e.Insert(bg, "things", doc(t, "a", bson.E{Key: "email", Value: list})) == nil {
			t.Errorf("the port indexed %v", list)
		}
		if _, err := e.db.Collection("things").InsertOne(bg, append(byID("a"), bson.E{Key: "email", Value: list})); !hasCode(err, 121) {
			t.Errorf("past the port, %v: %v", list, err)
		}
	}
}

// TestACollectionYoungerThanTheSnapshot: 246; the closure runs again and sees it.
func TestACollectionYoungerThanTheSnapshot(t *testing.T) {
	x, opts := listening()
	e := fresh(t, opts)
	young := store.Spec{Name: "young"}
	runs := 0
	ok(t, e.Tx(bg, func(ctx context.Context) error {
		runs++
		if _, err := e.Get(ctx, "things", "a"); err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		if runs == 1 { // the snapshot is fixed now
			ok(t, e.Ensure(bg, []store.Spec{young}))
			ok(t, e.Insert(bg, "young", doc(t, "a")))
		}
		_, err := e.Get(ctx, "young", "a")
		return err
	}))
	if runs != 2 || !x.met(246) {
		t.Errorf("%d runs; codes %v", runs, x.codes)
	}
}

// TestAnIndexBehindATransaction: whoever changes a collection waits for the open transactions on it, and all that come
// after wait for him: 24 after five milliseconds, and the closure runs again.
func TestAnIndexBehindATransaction(t *testing.T) {
	x, opts := listening()
	e := fresh(t, opts)
	release := meanwhile(t, e, func(ctx context.Context) error { return e.Insert(ctx, "things", doc(t, "a")) })
	built := make(chan error, 1)
	go func() {
		built <- e.Ensure(bg, []store.Spec{{Name: "things", Indexes: append(things.Indexes[:2:2], store.Index{Name: "later", Fields: []store.Field{{Path: "later"}}})}})
	}()
	time.Sleep(300 * time.Millisecond) // it waits for the lock now
	runs := 0
	ok(t, e.Tx(bg, func(ctx context.Context) error {
		if runs++; runs == 2 {
			ok(t, release())
			ok(t, <-built)
		}
		return e.Insert(ctx, "things", doc(t, "b"))
	}))
	if runs < 2 || !x.met(24) {
		t.Errorf("%d runs; codes %v", runs, x.codes)
	}
}

// TestADeadlineInsideATransaction: the driver drops the connection. Nothing was changed, and what the transaction held is
// free at once, although its caller has gone.
func TestADeadlineInsideATransaction(t *testing.T) {
	e := fresh(t, options.Client())
	ctx, cancel := context.WithTimeout(bg, 300*time.Millisecond)
	defer cancel()
	err := e.Tx(ctx, func(ctx context.Context) error {
		ok(t, e.Insert(ctx, "things", doc(t, "a")))
		failing(t, e, times(1), bson.D{on("find"), {Key: "blockConnection", Value: true}, {Key: "blockTimeMS", Value: 1500}})
		_, err := e.Get(ctx, "things", "a")
		return err
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a caller that could not wait: %v", err)
	}
	start := time.Now()
	if _, err := e.Get(bg, "things", "a"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("what it wrote: %v", err)
	}
	ok(t, e.Insert(bg, "things", doc(t, "a")))
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("the document was held for %v", took)
	}
}

// TestADeadlineDuringTheCommit: the commit goes on for a caller that has gone, and its answer is the true one.
func TestADeadlineDuringTheCommit(t *testing.T) {
	e := fresh(t, options.Client())
	failing(t, e, times(1), bson.D{on("commitTransaction"), {Key: "blockConnection", Value: true}, {Key: "blockTimeMS", Value: 600}})
	ctx, cancel := context.WithTimeout(bg, 300*time.Millisecond)
	defer cancel()
	ok(t, e.Insert(ctx, "things", doc(t, "a")))
	_, err := e.Get(bg, "things", "a")
	ok(t, err)
}

// TestChangeStreamsNeedAMajority: what the port's own handle reads with opens one; local read concern is refused.
func TestChangeStreamsNeedAMajority(t *testing.T) {
	e := fresh(t, options.Client())
	stream, err := e.db.Collection("things").Watch(bg, mongo.Pipeline{})
	ok(t, err)
	ok(t, stream.Close(bg))
	local := e.db.Collection("things", options.Collection().SetReadConcern(readconcern.Local()))
	if _, err := local.Watch(bg, mongo.Pipeline{}); !hasCode(err, 72) {
		t.Errorf("a change stream with local read concern: %v", err)
	}
}

// TestASnapshotThatIsTooOld: the server keeps a moment readable for a while only (here one second); a backup that takes
// longer fails and says so.
func TestASnapshotThatIsTooOld(t *testing.T) {
	t.Parallel()
	s := testenv.OwnMongod(t)
	e, err := Open(bg, s.URL, "haggle", store.Hooks{})
	ok(t, err)
	defer e.Close()
	ok(t, e.Ensure(bg, []store.Spec{things}))
	ok(t, e.client.Database("admin").RunCommand(bg, bson.D{{Key: "setParameter", Value: 1}, {Key: "minSnapshotHistoryWindowInSeconds", Value: 1}}).Err())
	var docs []bson.Raw
	for i := range 1200 {
		docs = append(docs, doc(t, fmt.Sprintf("%04d", i)))
	}
	ok(t, e.Insert(bg, "things", docs...))
	seen := 0
	err = e.Dump(bg, func(string, bson.Raw) error {
		if seen++; seen == 1 {
			for end := time.Now().Add(4 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
				ok(t, e.Put(bg, "things", doc(t, "busy", bson.E{Key: "n", Value: seen})))
			}
		}
		return nil
	})
	if !errors.Is(err, ErrTooOld) || seen >= 1201 {
		t.Errorf("%d documents of a moment that is gone: %v", seen, err)
	}
}

// TestADumpOutlivesTheBoundOfTransactions: the server ends transactions after five seconds here; a dump is none.
func TestADumpOutlivesTheBoundOfTransactions(t *testing.T) {
	t.Parallel()
	e := fresh(t, options.Client())
	var docs []bson.Raw
	for i := range 1200 {
		docs = append(docs, doc(t, fmt.Sprintf("%04d", i)))
	}
	ok(t, e.Insert(bg, "things", docs...))
	seen := 0
	ok(t, e.Dump(bg, func(string, bson.Raw) error {
		if seen++; seen%400 == 1 {
			ok(t, e.Put(bg, "things", doc(t, fmt.Sprint("x", seen))))
			time.Sleep(2200 * time.Millisecond)
		}
		return nil
	}))
	if seen != 1200 {
		t.Errorf("%d documents", seen)
	}
}
