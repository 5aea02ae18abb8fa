//go:build crashpoints && unix

// Crash points. A program built with the tag `crashpoints` can be told to die, by SIGKILL to itself, right before or right
// after it calls the payment gateway or commits a change of an intent. The points lie around two ports, so that the use
// cases know nothing of them and a new act has its points without a line of its own; the program that people run has none
// of this. See TestCrashAtEveryStep.

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/market"
	"haggle/internal/pay"
	"haggle/internal/store"
)

// orders are what crash.json in the data folder says. Points are counted from 1 since it was written.
type orders struct {
	Kill  int           // the point to die at; 0: none
	Hold  int           // the point to wait at until the file crash-go is there; 0: none
	Ahead time.Duration // how far the market's clock is to be ahead; read at the start
}

// crasher counts points.
type crasher struct {
	dir string

	mu      sync.Mutex
	seen    time.Time // of the orders that are counted for
	passed  int
	current orders
}

func (h *house) armCrashpoints() {
	c := &crasher{dir: h.site.Data}
	if ahead := c.read().Ahead; ahead != 0 {
		now := h.now
		h.now = func() time.Time { return now().Add(ahead) }
	}
	h.store = &crashingStore{h.store, c}
	h.gateway = &crashingGateway{h.gateway, c}
}

// read gives the present orders; none where there is no file.
func (c *crasher) read() orders {
	c.mu.Lock()
	defer c.mu.Unlock()
	file := c.dir + "/crash.json"
	info, err := os.Stat(file)
	if err != nil {
		c.current = orders{}
		return c.current
	}
	if !info.ModTime().Equal(c.seen) {
		raw, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(raw, &c.current)
		}
		if err != nil {
			panic(fmt.Errorf("crash points: %w", err))
		}
		c.seen, c.passed = info.ModTime(), 0
	}
	return c.current
}

// pass is a point. It writes its name down, then may wait, then may not return.
func (c *crasher) pass(point string) {
	o := c.read()
	if o.Kill == 0 && o.Hold == 0 {
		return
	}
	c.mu.Lock()
	c.passed++
	n := c.passed
	c.mu.Unlock()
	if n == o.Hold {
		c.note("crash-held", point)
		for _, err := os.Stat(c.dir + "/crash-go"); err != nil; _, err = os.Stat(c.dir + "/crash-go") {
			time.Sleep(5 * time.Millisecond)
		}
	}
	if n == o.Kill {
		c.note("crash-killed", point)
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}

func (c *crasher) note(file, point string) {
	if err := os.WriteFile(c.dir+"/"+file, []byte(point), 0o600); err != nil {
		panic(err)
	}
}

// crashingGateway has a point before and after each call.
type crashingGateway struct {
	pay.Gateway
	c *crasher
}

func (g *crashingGateway) around(act pay.Act, call func() (pay.Outcome, error)) (pay.Outcome, error) {
	g.c.pass("before " + string(act))
	out, err := call()
	g.c.pass("after " + string(act))
	return out, err
}

func (g *crashingGateway) Charge(ctx context.Context, x pay.Charge) (pay.Outcome, error) {
	return g.around(pay.Charged, func() (pay.Outcome, error) { return g.Gateway.Charge(ctx, x) })
}

func (g *crashingGateway) Authorize(ctx context.Context, x pay.Charge) (pay.Outcome, error) {
	return g.around(pay.Authorized, func() (pay.Outcome, error) { return g.Gateway.Authorize(ctx, x) })
}

func (g *crashingGateway) Capture(ctx context.Context, x pay.Follow) (pay.Outcome, error) {
	return g.around(pay.Captured, func() (pay.Outcome, error) { return g.Gateway.Capture(ctx, x) })
}

func (g *crashingGateway) Release(ctx context.Context, x pay.Follow) (pay.Outcome, error) {
	return g.around(pay.Released, func() (pay.Outcome, error) { return g.Gateway.Release(ctx, x) })
}

func (g *crashingGateway) Refund(ctx context.Context, x pay.Follow) (pay.Outcome, error) {
	return g.around(pay.Refunded, func() (pay.Outcome, error) { return g.Gateway.Refund(ctx, x) })
}

func (g *crashingGateway) Payout(ctx context.Context, x pay.Payout) (pay.Outcome, error) {
	return g.around(pay.PaidOut, func() (pay.Outcome, error) { return g.Gateway.Payout(ctx, x) })
}

// crashingStore has a point before and after each commit that writes an intent.
type crashingStore struct {
	store.Engine
	c *crasher
}

// touching is what a transaction's context carries: whether it wrote an intent.
type touching struct{}

func (s *crashingStore) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if ctx.Value(touching{}) != nil {
		return s.Engine.Tx(ctx, fn)
	}
	var touched bool
	err := s.Engine.Tx(context.WithValue(ctx, touching{}, &touched), func(ctx context.Context) error {
		touched = false
		err := fn(ctx)
		if err == nil && touched {
			s.c.pass("before commit")
		}
		return err
	})
	if err == nil && touched {
		s.c.pass("after commit")
	}
	return err
}

// write is one write: of the transaction around it, else a commit of its own.
func (s *crashingStore) write(ctx context.Context, coll string, do func() error) error {
	if coll != market.Intents {
		return do()
	}
	if touched, inside := ctx.Value(touching{}).(*bool); inside {
		*touched = true
		return do()
	}
	s.c.pass("before commit")
	err := do()
	if err == nil {
		s.c.pass("after commit")
	}
	return err
}

func (s *crashingStore) Insert(ctx context.Context, coll string, docs ...bson.Raw) error {
	return s.write(ctx, coll, func() error { return s.Engine.Insert(ctx, coll, docs...) })
}

func (s *crashingStore) Replace(ctx context.Context, coll string, docs ...store.Versioned) error {
	return s.write(ctx, coll, func() error { return s.Engine.Replace(ctx, coll, docs...) })
}

func (s *crashingStore) Put(ctx context.Context, coll string, docs ...bson.Raw) error {
	return s.write(ctx, coll, func() error { return s.Engine.Put(ctx, coll, docs...) })
}
