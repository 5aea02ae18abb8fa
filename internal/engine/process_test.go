package engine_test

import (
	"fmt"
	"sync"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/request"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// processPromises: two processes over one store never contradict each other.
var processPromises = []promise{
	{"TwoProcessesOneDeal", twoProcesses},
	{"StaleMemoryRefusesNobody", staleMemory},
	{"StaleMemoryHidesNoClosing", staleClosing},
	{"PartOfTheCrowdInMemory", partOfTheCrowd},
	{"StaleMemoryCostsOneCommit", staleNeighbours},
}

// twoProcesses enter the same deals at the same time, over the same people's money.
func twoProcesses(w *world) {
	const clients, each = 4, 12
	both := [2]*world{w, w.another()}
	w.group("g1")
	var people []string
	for i := range 2 * clients {
		people = append(people, fmt.Sprint("m", i))
	}
	w.fund(100_000*unit, people...)
	var mu sync.Mutex
	var receipts []deal.Receipt
	var all sync.WaitGroup
	for i, who := range people {
		as, other := both[i%2], both[(i+1)%2]
		all.Go(func() {
			for n := range each {
				through := []*world{as, as, other}[n%3] // the same person through either process
				got, err := through.Submit(bg, through.pledge("g1", who, int64(1+n%4)))
				if err != nil {
					w.Errorf("pledge %d of %s: %v", n, who, err)
					continue
				}
				mu.Lock()
				receipts = append(receipts, got.Receipt)
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if d := w.deal("g1"); d.Entered != 2*clients*each || len(receipts) != 2*clients*each {
		w.Errorf("%d entries are stored and %d acknowledged, want %d", d.Entered, len(receipts), 2*clients*each)
	}
	w.close("g1")
	w.ended("g1", deal.Settled, 2*clients)
	w.proves("g1", receipts...)
	w.replayed("g1")
}

// staleMemory: a process that remembers a deal as it was does not refuse what the deal as it is would take.
func staleMemory(w *world) {
	other := w.another()
	w.listing("f1", 1)
	w.auction("a1")
	w.group("g1")
	w.fund(100*unit, "ann")
	sold := w.enter(w.buy("f1", "ann", 1))
	w.enter(w.bid("a1", "ann", 5000))
	w.enter(w.bid("a1", "bob", 4000))
	w.refused(w.buy("f1", "bob", 1), fault.CodeOutOfStock) // and remembers it
	w.refused(w.withdraw("g1", "ann"), fault.CodeNotFound)
	w.clock.pass(31 * time.Minute)
	other.enter(other.lapsed("f1", "ann", sold.Receipt.Seq))
	retract := other.submission("a1", "ann", deal.Retract, nil)
	retract.Entry.Reason = deal.Typo
	other.enter(retract)
	other.enter(other.pledge("g1", "ann", 1))
	w.enter(w.buy("f1", "bob", 1))
	w.enter(w.bid("a1", "cem", 1500))
	w.enter(w.withdraw("g1", "ann"))
}

// staleClosing: a process that remembers a deal as open sees that another one has decided it, and settles it.
func staleClosing(w *world) {
	other := w.another()
	w.fund(5000*unit, "ann")
	w.auction("a1", withBuyNow)
	w.refused(w.bid("a1", "bob", 999), fault.CodeBelowMinimum)
	if !w.Remembers("a1") {
		w.Fatal("the engine does not remember the auction: the test proves nothing")
	}
	other.enter(other.buyNow("a1", "ann"))
	w.expire("a1") // not due by what it remembers
	w.must(w.Settle(bg, "a1"))
	w.ended("a1", deal.Settled, 1)
	for _, p := range []*world{w, other} {
		p.refused(p.bid("a1", "bob", 9000), fault.CodeClosed)
	}
}

// staleNeighbours: a deal that another process wrote is decided anew by itself, and its neighbours once more together.
func staleNeighbours(w *world) {
	var mu sync.Mutex
	var commits []engine.Commit
	w = w.restarted(func(c *engine.Config) {
		c.Observe = func(c engine.Commit) { mu.Lock(); commits = append(commits, c); mu.Unlock() }
	})
	other := w.another()
	var bids []engine.Submission
	for i := range 10 {
		id := fmt.Sprint("a", i)
		w.auction(id)
		w.enter(w.bid(id, "ann", 1100))
		bids = append(bids, w.bid(id, "bob", 2000))
	}
	other.enter(other.bid("a3", "cem", 1500))
	for _, wait := range w.Queue(bids...) {
		got, err := wait()
		w.must(err)
		w.proves(got.Receipt.Deal, got.Receipt)
	}
	w.Close()                                        // all commits are observed
	commits = commits[min(len(commits), len(bids)):] // one for each of Ann's bids
	if len(commits) != 3 || commits[0].Retried != 10 || commits[1].Accepted != 9 || commits[2].Accepted != 1 {
		w.Errorf("commits %+v, want one that fails, one of 9 entries and one of the stale deal", commits)
	}
}

// partOfTheCrowd: a process that has met some of a deal's people since its start knows the others all the same, where
// they act and where everybody is asked for.
func partOfTheCrowd(w *world) {
	w.fund(1000*unit, "ann", "bob")
	w.group("g1")
	w.request("r1", request.RuleOpen, func(t *request.Terms) { t.MinimumStep = deal.Ptr(money.Amount(10 * unit)) })
	w.enter(w.pledge("g1", "ann", 2))
	w.enter(w.quote("r1", "ann", 400))
	w = w.restarted()
	w.enter(w.pledge("g1", "bob", 2))
	w.enter(w.withdraw("g1", "ann"))
	w.money("ann", 1000, 0)
	if got := w.enter(w.quote("r1", "bob", 450)); *got.Answer.Rank != 2 {
		w.Errorf("a dearer quote ranks %d, want 2", *got.Answer.Rank)
	}
	wait := w.Queue(w.quote("r1", "cem", 380), w.quote("r1", "dan", 390))
	for i, rank := range []int64{1, 2} {
		if got, err := wait[i](); err != nil || *got.Answer.Rank != rank {
			w.Errorf("quote %d ranks %+v, want %d: %v", i, got.Answer.Rank, rank, err)
		}
	}
	w.close("r1")
	w.ended("r1", deal.Settled, 1)
	w.close("g1")
	w.ended("g1", deal.Settled, 1)
}
