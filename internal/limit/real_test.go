package limit_test

import (
	"testing"
	"time"

	"haggle/internal/limit"
	"haggle/internal/testenv"
)

func TestWindowOnRedis(t *testing.T) {
	c := open(t, testenv.Redis(t))
	testWindow(t, limit.New(c, nil), time.Second, time.Sleep)
}

func TestProcessesShareTheCountOnRedis(t *testing.T) { testAtomic(t, testenv.Redis(t)) }

// While Redis is dead each process counts for itself; when it is back they share again.
func TestRedisDiesAndComesBack(t *testing.T) {
	server := testenv.OwnRedis(t)
	c := open(t, server.URL)
	a, b := limit.New(c, nil), limit.New(c, nil)
	try := func(l *limit.Limiter) bool {
		ok, _ := l.Allow(t.Context(), "k", 1, time.Minute)
		return ok
	}
	server.Kill()
	if !try(a) || try(a) || !try(b) {
		t.Error("without Redis each process has a window of its own")
	}
	server.Start(t)
	time.Sleep(1100 * time.Millisecond) // the mistrust
	if !try(a) || try(b) {
		t.Error("with Redis back, one window for both")
	}
}
