package engine_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// queuePromises: what waits is bounded, shares its commits, and is answered.
var queuePromises = []promise{
	{"QueueOfADealIsBounded", queueBound},
	{"WaitingEntriesShareACommit", shareACommit},
	{"LanesWorkSideBySide", lanes},
	{"DecidedThoughTheCallerIsGone", callerGone},
	{"CloseDecidesWhatWaits", closeDecides},
	{"ChangesAreToldInOrder", changesTold},
}

// stopCommits holds the next commit until release is called.
func (w *world) stopCommits() (stopped <-chan struct{}, release func()) {
	reached, gate := make(chan struct{}), make(chan struct{})
	var once sync.Once
	w.hooks.before.Store(always(func() error {
		once.Do(func() { close(reached); <-gate })
		return nil
	}))
	return reached, func() { close(gate) }
}

// submitLater submits entries one after the other, each without waiting for its verdict.
func (w *world) submitLater(s engine.Submission) <-chan error {
	done := make(chan error, 1)
	go func() {
		_, err := w.Submit(bg, s)
		done <- err
	}()
	return done
}

func queueBound(w *world) {
	w.auction("a1")
	w.auction("a2")
	stopped, release := w.stopCommits()
	first := w.submitLater(w.bid("a1", "ann", 1000))
	<-stopped
	var all []engine.Submission
	for range engine.QueueBound {
		all = append(all, w.bid("a1", "bob", 999))
	}
	wait := w.Queue(all...)
	if !w.turnsAway(w.bid("a1", "cem", 1500)) {
		w.Error("the entry beyond the bound is not turned away")
	}
	other := w.submitLater(w.bid("a2", "cem", 1500))
	release()
	w.must(<-first)
	w.must(<-other)
	for _, f := range wait {
		if _, err := f(); !fault.Is(err, fault.CodeBelowMinimum) {
			w.Fatal(err)
		}
	}
	w.enter(w.bid("a1", "cem", 1500))
}

// shareACommit: one commit carries what waits, of several deals, under one signature; each deal's lines are one segment.
func shareACommit(w *world) {
	var mu sync.Mutex
	var commits []engine.Commit
	w = w.restarted(func(c *engine.Config) {
		c.Batch = 10
		c.Observe = func(c engine.Commit) { mu.Lock(); commits = append(commits, c); mu.Unlock() }
	})
	for _, id := range []string{"a1", "a2", "a3"} {
		w.auction(id)
	}
	var all []engine.Submission
	for i := range 12 {
		all = append(all, w.bid(fmt.Sprint("a", 1+i%3), fmt.Sprint("m", i), 2000))
	}
	all[11] = w.bid("a3", "m11", 1)
	signatures := map[string]int{}
	for _, wait := range w.Queue(all...) {
		if got, err := wait(); err == nil {
			signatures[got.Receipt.Head.Signature]++
			w.proves(got.Receipt.Deal, got.Receipt)
		}
	}
	w.Close()
	if len(commits) != 2 || commits[0].Items != 10 || commits[0].Accepted+commits[0].Refused != 10 || commits[1].Items != 2 || len(signatures) > 2 {
		w.Errorf("commits %+v with %d signatures, want one of 10 items and one of 2", commits, len(signatures))
	}
}

func lanes(w *world) {
	w = w.restarted(func(c *engine.Config) { c.Lanes = 3 })
	w.fund(1_000_000*unit, "ann")
	var all sync.WaitGroup
	for i := range 12 {
		id := fmt.Sprint("g", i)
		w.group(id)
		all.Go(func() {
			for n := range 5 {
				if _, err := w.Submit(bg, w.pledge(id, "ann", int64(1+n))); err != nil {
					w.Errorf("%s: %v", id, err)
				}
			}
		})
	}
	all.Wait()
	for i := range 12 {
		w.replayed(fmt.Sprint("g", i))
	}
	w.money("ann", 1_000_000-12*5*80, 12*5*80)
	w.booksAgree()
}

func callerGone(w *world) {
	w.auction("a1")
	stopped, release := w.stopCommits()
	ctx, cancel := context.WithCancel(bg)
	s := under(w.bid("a1", "ann", 1100), "k", "h")
	done := make(chan error, 1)
	go func() {
		_, err := w.Submit(ctx, s)
		done <- err
	}()
	<-stopped
	cancel()
	if err := <-done; !isUnknown(err) {
		w.Errorf("the caller who left is told %v", err)
	}
	release()
	if got := w.enter(s); !got.Replayed || got.Receipt.Seq != 1 {
		w.Errorf("when he comes back: %+v", got)
	}
}

func closeDecides(w *world) {
	w = w.restarted()
	w.auction("a1")
	stopped, release := w.stopCommits()
	first := w.submitLater(w.bid("a1", "ann", 1000))
	<-stopped
	wait := w.Queue(w.bid("a1", "bob", 1100), w.bid("a1", "cem", 1200))
	closed := make(chan struct{})
	go func() { w.Close(); close(closed) }()
	for !w.turnsAway(w.bid("a1", "dan", 1)) {
	}
	release()
	w.must(<-first)
	for _, f := range wait {
		if _, err := f(); err != nil {
			w.Error(err)
		}
	}
	<-closed
	if n := w.deal("a1").Entered; n != 3 {
		w.Errorf("%d bids were entered, want 3", n)
	}
}

// turnsAway says whether the engine takes no entries any more.
func (w *world) turnsAway(s engine.Submission) bool {
	ctx, cancel := context.WithTimeout(bg, 20*time.Millisecond)
	defer cancel()
	_, err := w.Submit(ctx, s)
	return fault.Is(err, fault.CodeUnavailable) && !isUnknown(err)
}

// changesTold: whoever watches is told of every change after its commit, in order of version.
func changesTold(w *world) {
	var mu sync.Mutex
	var told []engine.Deal
	seq := int64(-1)
	w = w.restarted(chunkOf(2), func(c *engine.Config) {
		c.Changed = func(d engine.Deal, lines []deal.Line) {
			mu.Lock()
			defer mu.Unlock()
			told = append(told, d)
			for _, l := range lines {
				if l.Seq != seq+1 {
					w.Errorf("line %d is told after line %d", l.Seq, seq)
				}
				seq = l.Seq
			}
		}
	})
	w.auction("a1")
	for i := range 5 {
		w.enter(w.bid("a1", "ann", money.Amount(1000+i)))
	}
	w.close("a1")
	w.Close()
	mu.Lock()
	defer mu.Unlock()
	for i, d := range told {
		if d.Version != int64(i+1) {
			w.Errorf("version %d is told at place %d", d.Version, i)
		}
	}
	if d := w.deal("a1"); d.Version != int64(len(told)) || d.Seq != seq {
		w.Errorf("told of %d versions and line %d, stored are %d and %d", len(told), seq, d.Version, d.Seq)
	}
}
