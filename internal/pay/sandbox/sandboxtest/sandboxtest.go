// Package sandboxtest is the conformance suite of the sandbox's storages: over each the sandbox keeps every promise of a
// gateway, and a place in a chain is taken once.
package sandboxtest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"haggle/internal/pay"
	"haggle/internal/pay/paytest"
	"haggle/internal/pay/sandbox"
)

// Run checks a kind of storage. fresh is called once a test and gives what connects to one storage, again and again, as
// processes do that share it.
func Run(t *testing.T, fresh func(t *testing.T) (connect func() sandbox.Storage)) {
	paytest.Run(t, func(t *testing.T) *paytest.Bench { return bench(t, fresh(t)) })
	t.Run("a place is taken once", func(t *testing.T) { places(t, fresh(t)()) })
	t.Run("late failures in order", func(t *testing.T) { late(t, fresh(t)()) })
}

// Card is a test card by its number.
func Card(t *testing.T, number string) pay.Card {
	t.Helper()
	c, err := pay.ParseCard(number)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Clock is a time that tests move.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock is a clock at some noon.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Sleep turns the clock on.
func (c *Clock) Sleep(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func bench(t *testing.T, connect func() sandbox.Storage) *paytest.Bench {
	clock := NewClock()
	open := func() pay.Gateway { return sandbox.New(sandbox.Config{Storage: connect(), Clock: clock.Now}) }
	return &paytest.Bench{
		Gateway: open(), Reopen: open, Sleep: clock.Sleep, LateAfter: sandbox.LateAfter,
		Good: Card(t, sandbox.CardGood), Declined: Card(t, sandbox.CardDeclined), Expired: Card(t, sandbox.CardExpired),
		Challenge: Card(t, sandbox.CardChallenge), Late: Card(t, sandbox.CardLate),
	}
}

func places(t *testing.T, s sandbox.Storage) {
	root := sandbox.Record{Intent: "a", Root: "a"}
	for _, c := range []struct {
		what string
		rec  sandbox.Record
		want error
	}{
		{"root", root, nil}, {"the same again", root, sandbox.ErrTaken},
		{"its follower", sandbox.Record{Intent: "b", Root: "a", Seq: 1}, nil},
		{"another in that place", sandbox.Record{Intent: "c", Root: "a", Seq: 1}, sandbox.ErrTaken},
		{"a known intent in a free place", sandbox.Record{Intent: "b", Root: "a", Seq: 2}, sandbox.ErrTaken},
		{"the next place", sandbox.Record{Intent: "c", Root: "a", Seq: 2}, nil},
	} {
		if err := s.Append(t.Context(), c.rec); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	if got, err := s.Chain(t.Context(), "b"); err != nil || len(got) != 3 || got[2].Intent != "c" {
		t.Errorf("chain %+v, %v", got, err)
	}
}

// late asks for what fails within bounds, both of them included.
func late(t *testing.T, s sandbox.Storage) {
	noon := NewClock().Now()
	for i, minute := range []int{3, 1, 2, 4, 0} {
		id := string(rune('a' + i))
		r := sandbox.Record{Intent: id, Root: id, At: noon, FailsAt: noon.Add(time.Duration(minute) * time.Minute)}
		if minute == 0 {
			r.FailsAt = time.Time{} // never
		}
		if err := s.Append(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	got, err := s.Late(t.Context(), noon.Add(time.Minute), noon.Add(3*time.Minute))
	var order string
	for _, r := range got {
		order += r.Intent
	}
	if err != nil || order != "bca" {
		t.Errorf("order %q, %v; want bca", order, err)
	}
}
