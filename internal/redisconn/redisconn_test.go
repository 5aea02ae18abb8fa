package redisconn_test

import (
	"context"
	"testing"
	"time"

	"haggle/internal/redisconn"
)

func TestEmbeddedExpiresKeys(t *testing.T) {
	c, err := redisconn.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if !c.Embedded() {
		t.Error("an empty address is not embedded")
	}
	if err := c.Set(t.Context(), "k", "v", 1500*time.Millisecond).Err(); err != nil {
		t.Fatal(err)
	}
	if got := c.Get(t.Context(), "k").Val(); got != "v" {
		t.Errorf("got %q", got)
	}
	time.Sleep(3 * time.Second)
	if n := c.Exists(t.Context(), "k").Val(); n != 0 {
		t.Error("the key outlived its time")
	}
}

func TestEmbeddedServersAreSeparate(t *testing.T) {
	a, errA := redisconn.Open(t.Context(), "")
	b, errB := redisconn.Open(t.Context(), "")
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	defer a.Close()
	defer b.Close()
	a.Set(t.Context(), "k", "v", 0)
	if n := b.Exists(t.Context(), "k").Val(); n != 0 {
		t.Error("one embedded server sees the other's keys")
	}
}

func TestNoServerFailsFast(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for _, url := range []string{"redis://127.0.0.1:1/0", "http://x", "redis://127.0.0.1:1/words"} {
		start := time.Now()
		if _, err := redisconn.Open(ctx, url); err == nil {
			t.Errorf("%s: connected", url)
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%s: took %v to say no", url, took)
		}
	}
}

func TestDialNeedsNoServer(t *testing.T) {
	c, err := redisconn.Dial("redis://127.0.0.1:1/0")
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if c.Embedded() || c.Ping(t.Context()).Err() == nil {
		t.Error("a server that is not there answers")
	}
	if _, err := redisconn.Dial("http://127.0.0.1"); err == nil {
		t.Error("an address that is none is taken")
	}
}
