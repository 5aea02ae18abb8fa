package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/money"
	"haggle/internal/store"
	"haggle/internal/store/txn"
)

// settlePromises: a settlement that is interrupted anywhere and taken up by anybody writes the same bytes.
var settlePromises = []promise{
	{"InterruptedBeforeAnyCommit", func(w *world) { w.interrupted(cutBefore) }},
	{"InterruptedAfterAnyCommit", func(w *world) { w.interrupted(cutAfter) }},
	{"CancelledBetweenAnyChunks", func(w *world) { w.interrupted(cutContext) }},
	{"ChunksOfAnySize", chunksOfAnySize},
	{"SettledTwice", settledTwice},
	{"TwoSettleAtOnce", twoSettle},
	{"TradeGoesOnBetweenChunks", tradeBetweenChunks},
	{"SettlesThoughOthersWinEveryTry", othersWin},
}

// settlementSteps is what the settlement of the group of decided takes: three ceilings opened, four awards, three holds
// given back, the closed line.
const settlementSteps = 3 + 4 + 3 + 1

func chunkOf(n int) func(*engine.Config) { return func(c *engine.Config) { c.Chunk = n } }

// decided builds, always the same way, a group of seven members of whom four are served, up to its decision.
func (w *world) decided() *world {
	w.Helper()
	w.wipe()
	w.drawn.Store(0)
	w.clock.set(newClock().Now())
	fresh := w.restarted()
	var people []string
	var pledges []engine.Submission
	for i := range 7 {
		who, ceiling := fmt.Sprint("m", i), money.Amount(80)
		if i >= 4 {
			ceiling = 61
		}
		people = append(people, who)
		pledges = append(pledges, fresh.pledgeUpTo("g1", who, 1, ceiling))
	}
	fresh.fund(1000*unit, people...)
	fresh.group("g1")
	for _, wait := range fresh.Queue(pledges...) {
		_, err := wait()
		w.must(err)
	}
	fresh.clock.set(*fresh.deal("g1").ClosesAt)
	fresh.expire("g1")
	return fresh
}

// settledAtOnce is what is stored after the settlement of decided, nothing having gone wrong.
func (w *world) settledAtOnce() string {
	w.Helper()
	fresh := w.decided()
	w.must(fresh.Settle(bg, "g1"))
	fresh.ended("g1", deal.Settled, 4)
	return fresh.dump()
}

// cut lets a settlement go wrong after n commits and gives the context to run it in.
type cut func(w *world, n int64) context.Context

// cutBefore fails every commit after the n-th, which leaves nothing of it.
func cutBefore(w *world, n int64) context.Context {
	var commits atomic.Int64
	w.hooks.before.Store(always(func() error {
		if commits.Add(1) > n {
			return errWire
		}
		return nil
	}))
	return bg
}

// cutAfter loses every answer after that of the n-th commit.
func cutAfter(w *world, n int64) context.Context {
	var commits atomic.Int64
	w.hooks.after.Store(always(func() error {
		if commits.Add(1) > n {
			return errWire
		}
		return nil
	}))
	return bg
}

// cutContext cancels the caller's context with the n-th commit.
func cutContext(w *world, n int64) context.Context {
	ctx, cancel := context.WithCancel(bg)
	var commits atomic.Int64
	w.hooks.after.Store(always(func() error {
		if commits.Add(1) >= n {
			cancel()
		}
		return nil
	}))
	return ctx
}

// interrupted cuts a settlement in steps of one after every number of commits (every third in small runs), and lets
// another engine go on.
func (w *world) interrupted(c cut) {
	want := w.settledAtOnce()
	for n := int64(0); n < settlementSteps; n += int64(w.size(1, 3)) {
		fresh := w.decided()
		ctx := c(w, n)
		err := fresh.restarted(chunkOf(1)).Settle(ctx, "g1")
		w.hooks.before.Store(nil)
		w.hooks.after.Store(nil)
		if done := fresh.deal("g1").Steps; err == nil || done < n {
			w.Fatalf("cut after %d commits: %d of %d steps are done, %v", n, done, settlementSteps, err)
		}
		fresh.clock.pass(day) // whenever it is taken up
		w.must(fresh.restarted(chunkOf(int(1+n%4))).Settle(bg, "g1"))
		w.same(fmt.Sprintf("cut after %d commits", n), fresh.dump(), want)
	}
}

func chunksOfAnySize(w *world) {
	want := w.settledAtOnce()
	for _, n := range []int{1, 2, 3, settlementSteps - 1, settlementSteps, 64} {
		fresh := w.decided()
		w.must(fresh.restarted(chunkOf(n)).Settle(bg, "g1"))
		w.same(fmt.Sprintf("chunks of %d", n), fresh.dump(), want)
	}
}

func settledTwice(w *world) {
	w.settledAtOnce()
	w.unchanged("a second settlement", func() {
		w.must(w.Settle(bg, "g1"))
		w.must(w.another().Settle(bg, "g1"))
		if closing, err := w.Expire(bg, "g1"); closing || err != nil {
			w.Errorf("a second closing: %v, %v", closing, err)
		}
	})
	if err := w.Settle(bg, "nowhere"); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("settling what is not there: %v", err)
	}
	w.auction("a1")
	w.unchanged("the settlement of an open deal", func() { w.must(w.Settle(bg, "a1")) })
}

// twoSettle: two processes settle one deal at the same time.
func twoSettle(w *world) {
	want := w.settledAtOnce()
	other := w.another(chunkOf(1))
	for range 3 {
		fresh := w.decided().restarted(chunkOf(2))
		var all sync.WaitGroup
		for _, p := range []*world{fresh, other} {
			all.Go(func() { w.ok(p.Settle(bg, "g1")) })
		}
		all.Wait()
		w.same("two settlements at once", fresh.dump(), want)
	}
}

// tradeBetweenChunks: other deals take entries while a settlement is under way, and their money is right.
func tradeBetweenChunks(w *world) {
	fresh := w.decided().restarted(chunkOf(1))
	fresh.group("g2")
	var commits atomic.Int64
	var between <-chan error
	w.hooks.after.Store(always(func() error {
		if commits.Add(1) == 4 {
			between = fresh.submitLater(fresh.pledge("g2", "m6", 3))
		}
		return nil
	}))
	w.must(fresh.Settle(bg, "g1"))
	w.must(<-between)
	fresh.enter(fresh.pledge("g2", "m6", 4))
	fresh.money("m6", 1000-4*80, 4*80)
	fresh.money("m0", 1000-70, 0)
	fresh.booksAgree()
	fresh.verified("g1")
}

// othersWin: a store that gives a commit up, because others were faster every time, does not stop a settlement.
func othersWin(w *world) {
	want := w.settledAtOnce()
	fresh := w.decided()
	w.hooks.before.Store(times(txn.MaxTries+2, store.ErrUnavailable))
	w.must(fresh.Settle(bg, "g1"))
	w.same("a settlement among others", fresh.dump(), want)
}
