package engine

import (
	"context"
	"slices"
	"sync"
	"time"

	"haggle/internal/fault"
	"haggle/internal/store"
)

// item is one entry, or one closing, that waits on a lane.
type item struct {
	sub    Submission
	key    string // of the stored answer; "": none
	expire bool   // a closing, not an entry
	apart  bool   // the closing only decides: a try that would have settled, too, failed
	ahead  ahead  // of a closing: what its deal's decision is unfolded from
	done   chan verdict

	tries   int       // to have it decided, here or elsewhere
	until   time.Time // when it is given up; from the first try on
	cause   error     // why the last try came to nothing, where that is known
	again   bool      // another process may have decided it: nobody heard
	arrival *arrival  // it came from another process; nil: from a caller of this one
	waited  *Waited   // who gave it; nil: nobody follows
}

type verdict struct {
	accepted Accepted
	err      error
}

func newItem(s Submission) *item {
	it := &item{sub: s, done: make(chan verdict, 1)}
	if s.Key != nil {
		it.key = s.Key.id()
	}
	return it
}

// answer gives the item its verdict, once. It never blocks, also when nobody waits any more.
func (it *item) answer(v verdict) {
	if a := it.arrival; a != nil {
		a.v = v
		close(a.ready)
		return
	}
	it.done <- v
}

// await waits for the item's verdict; where ctx ends first, it is decided all the same.
func (it *item) await(ctx context.Context) verdict {
	select {
	case v := <-it.done:
		return v
	case <-ctx.Done():
		return verdict{err: ctx.Err()}
	}
}

// solo says that the item cannot share its commit.
func (it *item) solo() bool { return it.sub.Within != nil }

// lane is one committer and the queues of the deals that hash to it.
type lane struct {
	e     *Engine
	n     int
	cache *cache
	lease *lease          // nil: this process is alone
	ctx   context.Context // of its transactions

	release func() // gives the session of ctx back

	mu       sync.Mutex
	wake     *sync.Cond
	closings []*item
	entries  []*item
	waiting  map[string]int // entries by deal
	poked    bool           // the lease wants looking after
	abroad   int            // batches under way to the lane's owner
	away     int            // the items in them
	gone     LaneRow        // an owner who does not listen any more; zero: none
	company  int            // how many are about: those answered last, those who waited then, and those away
	spell    time.Duration  // how long those who come first wait for as many
	wanted   int            // how many the committer waits for; 0: it does not
	overtook bool           // entries went ahead of closings: now it is the turn of these
	closed   bool
	stopped  chan struct{}
}

func newLane(e *Engine, n int) *lane {
	l := &lane{e: e, n: n, cache: newCache(), ctx: context.Background(), waiting: map[string]int{}, stopped: make(chan struct{})}
	l.wake = sync.NewCond(&l.mu)
	if e.cfg.Farm != nil {
		l.lease = &lease{e: e, id: laneID(n, e.cfg.Lanes)}
	}
	return l
}

// poke makes the committer look after its lease.
func (l *lane) poke() {
	l.mu.Lock()
	l.poked = true
	l.wake.Signal()
	l.mu.Unlock()
}

// put queues an item. Closings of a deal go ahead of its entries.
func (l *lane) put(it *item) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 1})
	case it.expire:
		l.closings = append(l.closings, it)
	case l.waiting[it.sub.Deal] >= QueueBound:
		return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 1})
	default:
		l.waiting[it.sub.Deal]++
		l.entries = append(l.entries, it)
	}
	if len(l.entries) >= l.wanted || l.hurried() {
		l.wake.Signal()
	}
	return nil
}

// drain takes what waits now, up to one commit's worth; it blocks while nothing does. It takes nothing where the lease
// wants looking after first, and answers false at the end.
func (l *lane) drain() (batch []*item, poked, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.closings) == 0 && len(l.entries) == 0 && !l.poked {
		if l.closed && l.abroad == 0 {
			return nil, false, false
		}
		l.wake.Wait()
	}
	l.linger()
	poked, l.poked = l.poked, false
	return l.take(), poked, true
}

// Bounds on waiting for company: a part of what the last commit took, and never longer than nobody notices.
const (
	lingerPart = 2
	lingerMost = 8 * time.Millisecond
)

// answered notes how many were answered together and how long that took. Most of them come back: people who watch a deal
// bid against each other. Without waiting for them, those who were answered and those who came meanwhile would take turns,
// and each half would pay the whole price of a commit. A process that is alone has nobody to wait for.
func (l *lane) answered(n int, took time.Duration) {
	if l.lease == nil {
		return
	}
	l.mu.Lock()
	l.company, l.spell = n+len(l.entries)+l.away, min(took/lingerPart, lingerMost)
	l.mu.Unlock()
}

// linger lets those who came first wait until most of those who are about are there, for a spell that costs them less than a
// smaller commit costs everybody. Closings, and what commits alone, do not wait.
func (l *lane) linger() {
	l.wanted = min(l.company-l.company/4, l.e.cfg.Batch)
	if len(l.entries) < l.wanted && !l.hurried() {
		late := false
		timer := time.AfterFunc(l.spell, func() {
			l.mu.Lock()
			late = true
			l.wake.Signal()
			l.mu.Unlock()
		})
		defer timer.Stop()
		for !late && len(l.entries) < l.wanted && !l.hurried() {
			l.wake.Wait()
		}
	}
	l.wanted = 0
}

// hurried says that something waits which waits for nobody.
func (l *lane) hurried() bool {
	return l.poked || l.closed || len(l.closings) > 0 || len(l.entries) > 0 && (l.entries[0].solo() || l.entries[len(l.entries)-1].solo())
}

// closingsAtOnce is how many closings a commit takes: about as many as it can settle, and no more, so that entries of other
// deals do not wait for long.
const closingsAtOnce = 24

// take takes one commit's worth of what waits. Where closings wait and entries of other deals, the entries are committed
// first, by themselves, if that is soon done. Those that come meanwhile share the next commit with the closings, behind them.
func (l *lane) take() []*item {
	most := l.e.cfg.Batch
	batch := make([]*item, 0, min(most, len(l.closings)+len(l.entries)))
	n := min(most, len(l.closings), closingsAtOnce)
	if l.overtook = n > 0 && !l.overtook && l.mayOvertake(); l.overtook {
		n = 0
	}
	batch = append(batch, l.closings[:n]...)
	l.closings = l.closings[n:]
	n = together(l.entries, most-len(batch), len(batch) == 0)
	for _, it := range l.entries[:n] {
		l.leave(it.sub.Deal)
	}
	batch = append(batch, l.entries[:n]...)
	l.entries = l.entries[n:]
	return batch
}

// together counts the first entries that may share a commit: all up to one that must be alone, or that one.
func together(entries []*item, most int, first bool) int {
	for i, it := range entries {
		if i == most {
			return most
		}
		if it.solo() {
			if i == 0 && first {
				return 1
			}
			return i
		}
	}
	return min(most, len(entries))
}

// mayOvertake says that entries wait, and none of a deal whose closing waits. A farm's commits go to a server and back,
// which is most of what they take: there a commit more costs the closings more than it saves the entries.
func (l *lane) mayOvertake() bool {
	return l.lease == nil && len(l.entries) > 0 && !slices.ContainsFunc(l.closings, func(it *item) bool { return l.waiting[it.sub.Deal] > 0 })
}

func (l *lane) leave(dealID string) {
	if l.waiting[dealID]--; l.waiting[dealID] == 0 {
		delete(l.waiting, dealID)
	}
}

func (l *lane) run() {
	defer close(l.stopped)
	for batch, poked, ok := l.drain(); ok; batch, poked, ok = l.drain() {
		if poked && l.lease != nil {
			l.care()
		}
		if len(batch) > 0 {
			l.handle(batch)
		}
	}
}

func (l *lane) close() {
	l.mu.Lock()
	l.closed = true
	l.wake.Broadcast()
	l.mu.Unlock()
	<-l.stopped
	if l.lease != nil {
		ctx, cancel := context.WithTimeout(context.Background(), leaseBound)
		defer cancel()
		if err := l.lease.give(ctx, MemberRow{}); err != nil {
			l.e.cfg.Logger.Debug("giving a lane away; its lease runs out", "lane", l.n, "err", err)
		}
	}
	l.release()
}

// reserve gives the lane's transactions a session of their own, where the store has such, so that whoever takes the lane
// over can end what this process left open.
func (l *lane) reserve() {
	l.release = func() {}
	s, ok := l.e.cfg.Store.(store.Sessions)
	if !ok || l.lease == nil {
		return
	}
	ctx, id, release, err := s.Reserve(context.Background())
	if err != nil {
		l.e.cfg.Logger.Warn("no session for a lane", "lane", l.n, "err", err)
		return
	}
	l.ctx, l.lease.session, l.release = ctx, id, release
}

func (l *lane) forget(dealID string) { l.cache.drop(dealID) }
