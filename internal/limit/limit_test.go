package limit_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"haggle/internal/limit"
	"haggle/internal/redisconn"
)

func open(t *testing.T, url string) *redisconn.Conn {
	t.Helper()
	c, err := redisconn.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// testWindow is the promise of Allow, wherever the counts live.
func testWindow(t *testing.T, l *limit.Limiter, per time.Duration, pass func(time.Duration)) {
	for i := range 3 {
		if ok, _ := l.Allow(t.Context(), "a", 3, per); !ok {
			t.Fatalf("try %d was refused", i+1)
		}
	}
	for range 5 {
		ok, wait := l.Allow(t.Context(), "a", 3, per)
		if ok || wait <= 0 || wait > per {
			t.Errorf("beyond the limit: %v, wait %v", ok, wait)
		}
	}
	if ok, _ := l.Allow(t.Context(), "b", 3, per); !ok {
		t.Error("another key was refused")
	}
	pass(per / 4)
	if ok, _ := l.Allow(t.Context(), "a", 3, per); ok {
		t.Error("granted in the middle of a used-up window")
	}
	pass(per - per/5)
	if ok, _ := l.Allow(t.Context(), "a", 3, per); !ok {
		t.Error("refused in a new window: refused tries must not lengthen the wait")
	}
}

func TestWindowInProcess(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l := limit.New(nil, func() time.Time { return now })
	testWindow(t, l, time.Minute, func(d time.Duration) { now = now.Add(d) })
}

func TestWindowOnEmbeddedRedis(t *testing.T) {
	begun := false
	testWindow(t, limit.New(open(t, ""), nil), 2*time.Second, func(d time.Duration) {
		if begun {
			d += time.Second // its clock goes in steps of a second
		}
		begun = true
		time.Sleep(d)
	})
}

func testAtomic(t *testing.T, url string) {
	c := open(t, url)
	var granted atomic.Int32
	var callers sync.WaitGroup
	for range 4 { // processes
		l := limit.New(c, nil)
		for range 10 {
			callers.Go(func() {
				for range 10 {
					if ok, _ := l.Allow(context.Background(), "atomic", 50, time.Minute); ok {
						granted.Add(1)
					}
				}
			})
		}
	}
	callers.Wait()
	if granted.Load() != 50 {
		t.Errorf("%d of 400 tries passed a limit of 50", granted.Load())
	}
}

func TestProcessesShareTheCountEmbedded(t *testing.T) { testAtomic(t, "") }

func TestRedisGoneCountsHere(t *testing.T) {
	c := open(t, "")
	l := limit.New(c, nil)
	l.Allow(t.Context(), "a", 2, time.Minute)
	_ = c.UniversalClient.Close()
	start := time.Now()
	var got []bool
	for range 100 {
		ok, _ := l.Allow(t.Context(), "a", 2, time.Minute)
		got = append(got, ok)
	}
	if !got[0] || !got[1] || got[2] || got[99] {
		t.Errorf("without Redis: %v", got[:4])
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("100 tries without Redis took %v", took)
	}
}

func TestKeysAreBounded(t *testing.T) {
	l := limit.New(nil, nil)
	for i := range 70_000 {
		if ok, _ := l.Allow(t.Context(), fmt.Sprint(i), 1, time.Hour); !ok {
			t.Fatalf("key %d was refused its first try", i)
		}
	}
	if ok, _ := l.Allow(t.Context(), "69999", 1, time.Hour); ok { // was counted last, nothing came after it
		t.Error("the newest key was forgotten")
	}
}
