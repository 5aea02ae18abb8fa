package redisq_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"haggle/internal/queue"
	"haggle/internal/queue/redisq"
	"haggle/internal/redisconn"
)

// bench is a queue and a worker on one server.
type bench struct {
	*redisq.Queue
	worker *redisq.Worker
	conn   *redisconn.Conn
	ran    chan run
}

// run is one call of a handler.
type run struct {
	task queue.Task
	at   time.Time
}

func newBench(t *testing.T, url string, jobs int) *bench {
	t.Helper()
	conn, err := redisconn.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	conn.FlushAll(t.Context())
	b := &bench{redisq.New(conn), redisq.NewWorker(conn, jobs, nil), conn, make(chan run, 1000)}
	b.worker.Handle("note", func(_ context.Context, task queue.Task) error {
		b.ran <- run{task, time.Now()}
		return nil
	})
	t.Cleanup(func() { b.worker.Stop(); _ = conn.Close() })
	return b
}

func (b *bench) start(t *testing.T) {
	t.Helper()
	if err := b.worker.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) add(t *testing.T, task queue.Task) {
	t.Helper()
	if err := b.Enqueue(t.Context(), task); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) next(t *testing.T) run {
	t.Helper()
	select {
	case r := <-b.ran:
		return r
	case <-time.After(8 * time.Second):
		t.Fatal("no task ran in 8 s")
		panic("unreachable")
	}
}

func (b *bench) quiet(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case r := <-b.ran:
		t.Errorf("%+v ran, too", r.task)
	case <-time.After(d):
	}
}

func testRuns(t *testing.T, b *bench) {
	for range 3 { // the same task three times is one, as long as it waits
		b.add(t, queue.Task{Kind: "note", ID: "row1:1", Payload: []byte("deal d1"), Queue: queue.Index, Retries: 2})
	}
	b.start(t)
	got := b.next(t).task
	if got.Kind != "note" || got.ID != "row1:1" || string(got.Payload) != "deal d1" || got.Queue != queue.Index || got.Retries != 2 {
		t.Errorf("got %+v", got)
	}
	b.quiet(t, 300*time.Millisecond)
}

func testNeverEarly(t *testing.T, b *bench) {
	b.start(t)
	base := time.Now().Add(700 * time.Millisecond)
	for i := range 30 { // spread over a second, so that whole seconds fall in between
		b.add(t, queue.Task{Kind: "note", ID: fmt.Sprint("d", i), At: base.Add(time.Duration(i) * 37 * time.Millisecond), Queue: queue.Close})
	}
	for range 30 {
		r := b.next(t)
		late := r.at.Sub(r.task.At)
		if late < 0 {
			t.Errorf("%s began %v early", r.task.ID, -late)
		}
		if late > 1500*time.Millisecond {
			t.Errorf("%s began %v late", r.task.ID, late)
		}
	}
}

func testFailures(t *testing.T, b *bench) {
	b.worker.Handle("panic", func(context.Context, queue.Task) error { panic("a bug") })
	tries := make(chan time.Time, 10)
	b.worker.Handle("fail", func(context.Context, queue.Task) error {
		tries <- time.Now()
		return errors.New("not now")
	})
	b.worker.Handle("slow", func(ctx context.Context, _ queue.Task) error {
		<-ctx.Done()
		b.ran <- run{queue.Task{Kind: "slow"}, time.Now()}
		return ctx.Err()
	})
	b.start(t)
	b.add(t, queue.Task{Kind: "panic", ID: "p"})
	b.add(t, queue.Task{Kind: "unheard-of", ID: "u", Retries: 5})
	b.add(t, queue.Task{Kind: "fail", ID: "f", Retries: 1})
	b.add(t, queue.Task{Kind: "slow", ID: "s", Timeout: 100 * time.Millisecond})
	if got := b.next(t); got.task.Kind != "slow" {
		t.Errorf("ran %+v", got)
	}
	first, second := <-tries, <-tries
	if gap := second.Sub(first); gap < time.Second {
		t.Errorf("tried again after %v", gap)
	}
	b.archived(t, 4)
	b.add(t, queue.Task{Kind: "note", ID: "n"}) // the worker is alive
	b.next(t)
}

// archived waits until that many tasks have failed for good.
func (b *bench) archived(t *testing.T, want int) {
	t.Helper()
	var got queue.Depth
	for range 100 {
		depths, err := b.Depths(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if got = depths[queue.Settle]; got.Archived == want {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("archived %+v, want %d", got, want)
}

// testFloods fills two queues with tasks that take long: tasks of the others begin as if nothing was.
func testFloods(t *testing.T, b *bench) {
	release := make(chan struct{})
	var atOnce, most atomic.Int32
	b.worker.Handle("slow", func(ctx context.Context, _ queue.Task) error {
		most.Store(max(most.Load(), atOnce.Add(1)))
		defer atOnce.Add(-1)
		select {
		case <-release:
		case <-ctx.Done():
		}
		return nil
	})
	for i := range 200 {
		for _, name := range []queue.Name{queue.Index, queue.Notify} {
			b.add(t, queue.Task{Kind: "slow", ID: fmt.Sprint(name, i), Queue: name})
		}
	}
	depths, err := b.Depths(t.Context())
	if err != nil || depths[queue.Index].Pending != 200 || depths[queue.Close].Pending != 0 {
		t.Errorf("depths %v, %v", depths, err)
	}
	b.start(t)
	time.Sleep(300 * time.Millisecond) // the flood has all hands that it gets
	for i := range 60 {
		b.add(t, queue.Task{Kind: "note", ID: fmt.Sprint("c", i), Queue: queue.Close, At: time.Now()})
		b.add(t, queue.Task{Kind: "note", ID: fmt.Sprint("s", i), Queue: queue.Settle, At: time.Now()})
	}
	for range 120 {
		if r := b.next(t); r.at.Sub(r.task.At) > 2*time.Second {
			t.Errorf("%s began %v late", r.task.ID, r.at.Sub(r.task.At))
		}
	}
	if n := most.Load(); n != 2+1 {
		t.Errorf("%d tasks of the floods ran at once, of 16 hands; want 2 of notify and 1 of index", n)
	}
	close(release)
}

// testRevive: a dead task keeps its id taken, is shown with its reason, and is run again once the cause is gone.
func testRevive(t *testing.T, b *bench) {
	var gone atomic.Bool
	b.worker.Handle("ill", func(_ context.Context, task queue.Task) error {
		if !gone.Load() {
			return errors.New("no medicine")
		}
		b.ran <- run{task, time.Now()}
		return nil
	})
	b.start(t)
	b.add(t, queue.Task{Kind: "ill", ID: "x", Payload: []byte("patient")})
	b.archived(t, 1)
	b.add(t, queue.Task{Kind: "ill", ID: "x"})
	b.quiet(t, 300*time.Millisecond)
	dead, err := b.Dead(t.Context(), 10)
	if err != nil || len(dead) != 1 || dead[0].Kind != "ill" || dead[0].ID != "x" || dead[0].Why != "no medicine" || time.Since(dead[0].At) > 10*time.Second {
		t.Errorf("dead: %+v, %v", dead, err)
	}
	if n, err := b.Revive(t.Context(), time.Now().Add(-time.Minute)); n != 0 || err != nil {
		t.Errorf("revived %d that died just now, %v", n, err)
	}
	later := time.Now().Add(time.Minute)
	if n, err := b.Revive(t.Context(), later); n != 1 || err != nil {
		t.Errorf("revived %d, %v", n, err)
	}
	time.Sleep(300 * time.Millisecond)
	b.archived(t, 1) // the cause is not gone
	gone.Store(true)
	if n, err := b.Revive(t.Context(), later); n != 1 || err != nil {
		t.Errorf("revived %d, %v", n, err)
	}
	if got := b.next(t).task; string(got.Payload) != "patient" {
		t.Errorf("ran %+v", got)
	}
	b.archived(t, 0)
}

func testStopWaits(t *testing.T, b *bench) {
	began, ended := make(chan struct{}), make(chan struct{})
	b.worker.Handle("long", func(context.Context, queue.Task) error {
		close(began)
		time.Sleep(400 * time.Millisecond)
		close(ended)
		return nil
	})
	b.start(t)
	b.add(t, queue.Task{Kind: "long", ID: "l"})
	<-began
	b.worker.Stop()
	select {
	case <-ended:
	default:
		t.Error("Stop did not wait for the running handler")
	}
	b.add(t, queue.Task{Kind: "note", ID: "n"})
	b.quiet(t, 300*time.Millisecond)
}

// suite runs every promise on a fresh bench.
func suite(t *testing.T, url string) {
	for _, c := range []struct {
		name string
		jobs int
		test func(*testing.T, *bench)
	}{
		{"a task runs once", 0, testRuns}, {"never before its time", 0, testNeverEarly}, {"failures are contained", 0, testFailures},
		{"a flood delays no other queue", 16, testFloods}, {"the dead are revived", 0, testRevive}, {"stop waits", 0, testStopWaits},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, newBench(t, url, c.jobs)) })
	}
}

func TestEmbedded(t *testing.T) { suite(t, "") }

func TestServerDown(t *testing.T) {
	b := newBench(t, "", 0)
	_ = b.conn.UniversalClient.Close()
	start := time.Now()
	if err := b.worker.Start(t.Context()); err == nil {
		t.Error("started without a server")
	}
	if err := b.Enqueue(t.Context(), queue.Task{Kind: "note", ID: "n"}); err == nil {
		t.Error("enqueued without a server")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v to say no", took)
	}
}
