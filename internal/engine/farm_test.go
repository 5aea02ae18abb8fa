package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// farmPromises: several processes share the lanes; whoever is given an entry, its lane's owner decides it, once.
var farmPromises = []promise{
	{"FarmSharesItsLanes", farmShares},
	{"FarmAnswersAsOne", farmAnswers},
	{"FarmRefusesAsOne", farmRefuses},
	{"FarmUnderLoad", farmUnderLoad},
	{"FarmLosesAnOwner", farmLosesOwner},
	{"FarmLosesAnAnswer", farmLosesAnswer},
	{"FarmHearsNothing", farmHearsNothing},
	{"FarmDoesNotWaitForAnAnswer", farmDoesNotWait},
	{"FarmFencesWhoSlept", farmFences},
	{"FarmWithoutAddresses", farmOfWorkers},
	{"FarmClosesDeals", farmCloses},
	{"FarmSkipsTheUnfit", farmUnfit},
}

// wires join the processes of a farm in memory, and are cut where a test says so.
type wires struct {
	mu    sync.Mutex
	at    map[string]*engine.Engine
	away  map[string]bool        // nobody listens there any more
	cut   atomic.Int64           // so many messages are not delivered
	lost  atomic.Int64           // so many answers do not come back
	given atomic.Int64           // messages delivered
	hold  atomic.Pointer[func()] // called with the next message, before it is delivered
}

var errCut = errors.New("the wire is cut")

func (n *wires) send(ctx context.Context, address string, lane int, body []byte) ([]byte, error) {
	n.mu.Lock()
	e, away := n.at[address], n.away[address]
	n.mu.Unlock()
	switch {
	case e == nil || away:
		return nil, engine.ErrAway
	case n.cut.Add(-1) >= 0:
		return nil, errCut
	}
	if hold := n.hold.Swap(nil); hold != nil {
		(*hold)()
	}
	n.given.Add(1)
	out, err := e.Receive(ctx, lane, body)
	if n.lost.Add(-1) >= 0 {
		return nil, errCut
	}
	return out, err
}

// farm starts processes over the world's store; the world's own engine stays out of it.
func (w *world) farm(names ...string) (*wires, []*world) {
	n := &wires{at: map[string]*engine.Engine{}, away: map[string]bool{}}
	var all []*world
	for _, name := range names {
		all = append(all, w.member(n, name, name))
	}
	return n, all
}

// member starts one more process of a farm.
func (w *world) member(n *wires, name, address string, options ...func(*engine.Config)) *world {
	w.Helper()
	options = append(options, func(c *engine.Config) {
		c.Lanes = 4
		c.Farm = &engine.Farm{Name: name, Address: address, Send: n.send}
	})
	p := w.another(options...)
	n.mu.Lock()
	n.at[address] = p.Engine
	n.mu.Unlock()
	return p
}

// until waits for something that other goroutines bring about.
func (w *world) until(what string, ok func() bool) {
	w.Helper()
	for end := time.Now().Add(15 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			w.Fatalf("%s: it does not happen", what)
		}
	}
}

// ownerOf finds the process that decides a deal, and one that does not.
func (w *world) ownerOf(dealID string, farm []*world) (owner, other *world) {
	w.Helper()
	w.until("somebody owns the lane", func() bool {
		owner, other = nil, nil
		for _, p := range farm {
			if p.Owns(dealID) {
				owner = p
			} else {
				other = p
			}
		}
		return owner != nil && other != nil
	})
	return owner, other
}

func farmShares(w *world) {
	n, farm := w.farm("p1", "p2")
	even := func(each int) func() bool {
		return func() bool {
			for _, p := range farm {
				if p.OwnedLanes() != each {
					return false
				}
			}
			return true
		}
	}
	w.until("two own two lanes each", even(2))
	farm = append(farm, w.member(n, "p3", "p3"), w.member(n, "p4", "p4"))
	w.until("four own one each", even(1))
	farm[0].Engine.Close()
	farm[1].Engine.Close()
	farm = farm[2:]
	w.until("the two that are left own two each", even(2))
}

// farmAnswers: what an owner answers comes through another process as it is, for every act that is answered otherwise.
func farmAnswers(w *world) {
	_, farm := w.farm("p1", "p2")
	w.until("both own lanes", func() bool { return farm[0].OwnedLanes() == 2 && farm[1].OwnedLanes() == 2 })
	all := w.keyed()
	for i, s := range all {
		_, other := w.ownerOf(s.Deal, farm)
		first := other.enter(s)
		if first.Replayed {
			w.Errorf("%s %s: the first answer is a replay", s.Deal, s.Entry.Act)
		}
		for _, p := range append(farm, w) {
			s.ID = fmt.Sprintf("again %d", i)
			if again := p.enter(s); answer(again) != answer(first) || !again.Replayed {
				w.Errorf("%s, %s: replayed %v\n%s\nwant\n%s", s.Deal, s.Entry.Act, again.Replayed, answer(again), answer(first))
			}
		}
		w.proves(s.Deal, first.Receipt)
	}
}

// farmRefuses: a refusal comes through with its numbers.
func farmRefuses(w *world) {
	_, farm := w.farm("p1", "p2")
	w.auction("a1")
	w.group("g1")
	w.fund(100*unit, "ann")
	_, other := w.ownerOf("a1", farm)
	for _, c := range []struct {
		s    engine.Submission
		want fault.Code
	}{
		{w.bid("a1", "ann", 900), fault.CodeBelowMinimum},
		{w.bid("a1", owner, 2000), fault.CodeOwnDeal},
		{w.bid("nowhere", "ann", 2000), fault.CodeNotFound},
		{w.pledge("g1", "ann", 3), fault.CodeInsufficientFunds},
	} {
		_, here := w.Submit(bg, c.s)
		_, there := other.Submit(bg, c.s)
		h, o := fault.From(here), fault.From(there)
		if h.Code != c.want || o.Code != c.want || fmt.Sprint(h.Params) != fmt.Sprint(o.Params) || fmt.Sprint(h.Fields) != fmt.Sprint(o.Fields) {
			w.Errorf("%s in %s: %v here, %v through another process", c.s.Entry.Act, c.s.Deal, here, there)
		}
	}
}

// farmUnderLoad: nothing is lost, doubled or out of order while three processes take entries and lanes change hands.
func farmUnderLoad(w *world) {
	n, farm := w.farm("p1", "p2")
	deals := []string{"g1", "g2", "g3", "g4", "g5", "g6"}
	const people, each = 8, 15
	var names []string
	for i := range people {
		names = append(names, fmt.Sprint("m", i))
	}
	w.fund(1_000_000*unit, names...)
	for _, id := range deals {
		w.group(id)
	}
	var accepted atomic.Int64
	var all sync.WaitGroup
	for i, who := range names {
		all.Go(func() {
			for k := range each {
				through := farm[(i+k)%len(farm)]
				s := under(through.pledge(deals[(i+k)%len(deals)], who, int64(1+k%3)), fmt.Sprint("k", k), "h")
				if _, err := through.Submit(bg, s); err != nil {
					w.Errorf("pledge %d of %s: %v", k, who, err)
					return
				}
				accepted.Add(1)
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	w.member(n, "p3", "p3") // lanes are given to it meanwhile
	all.Wait()
	stored := int64(0)
	for _, id := range deals {
		stored += w.deal(id).Entered
		w.close(id)
		w.replayed(id)
	}
	if stored != people*each || accepted.Load() != stored {
		w.Errorf("%d entries are stored, %d acknowledged, want %d", stored, accepted.Load(), people*each)
	}
}

// farmLosesOwner: an owner who refuses the connection is replaced at once, not when its lease runs out.
func farmLosesOwner(w *world) {
	n, farm := w.farm("p1", "p2")
	w.auction("a1")
	dead, survivor := w.ownerOf("a1", farm)
	survivor.enter(survivor.bid("a1", "ann", 1100))
	dead.StopTending()
	n.mu.Lock()
	for address, e := range n.at {
		n.away[address] = e == dead.Engine
	}
	n.mu.Unlock()
	began := time.Now()
	survivor.enter(survivor.bid("a1", "bob", 2000))
	if took := time.Since(began); took > engine.LeaseFor/2 {
		w.Errorf("the lane was taken over after %v", took)
	}
	if !survivor.Owns("a1") {
		w.Error("the survivor does not own the lane")
	}
}

// farmLosesAnswer: the owner decided and its answer was lost; asked again, it answers the same, once.
func farmLosesAnswer(w *world) {
	n, farm := w.farm("p1", "p2")
	w.group("g1")
	w.fund(1000*unit, "ann")
	_, other := w.ownerOf("g1", farm)
	n.lost.Store(1)
	got := other.enter(other.pledge("g1", "ann", 2))
	if d := w.deal("g1"); d.Entered != 1 || got.Receipt.Seq != d.Seq {
		w.Errorf("%d entries, %d lines; the receipt is of line %d", d.Entered, d.Seq, got.Receipt.Seq)
	}
	w.proves("g1", got.Receipt)
}

// farmHearsNothing: messages that are not delivered are sent again, and nothing is decided twice.
func farmHearsNothing(w *world) {
	n, farm := w.farm("p1", "p2")
	w.group("g1")
	w.fund(1000*unit, "ann")
	_, other := w.ownerOf("g1", farm)
	n.cut.Store(3)
	other.enter(other.pledge("g1", "ann", 2))
	if d := w.deal("g1"); d.Entered != 1 {
		w.Errorf("%d entries", d.Entered)
	}
}

// farmDoesNotWait: while a message is on its way to a lane's owner, the next ones do not wait for its answer.
func farmDoesNotWait(w *world) {
	n, farm := w.farm("p1", "p2")
	w.group("g1")
	w.fund(1000*unit, "ann", "ben")
	_, other := w.ownerOf("g1", farm)
	other.enter(other.pledge("g1", "ann", 1))
	under, held := make(chan struct{}), make(chan struct{})
	release := sync.OnceFunc(func() { close(held) })
	defer release()
	hold := func() { close(under); <-held }
	n.hold.Store(&hold)
	slow := make(chan error, 1)
	go func() { _, err := other.Submit(bg, other.pledge("g1", "ann", 2)); slow <- err }()
	<-under
	ctx, cancel := context.WithTimeout(bg, 5*time.Second)
	defer cancel()
	if _, err := other.Submit(ctx, other.pledge("g1", "ben", 3)); err != nil {
		w.Fatalf("beside a message that is held: %v", err)
	}
	select {
	case err := <-slow:
		w.Fatalf("the test proves nothing: the first message was answered, %v", err)
	default:
	}
	release()
	if err := <-slow; err != nil {
		w.Errorf("the message that was held: %v", err)
	}
	if d := w.deal("g1"); d.Entered != 3 {
		w.Errorf("%d entries, want 3", d.Entered)
	}
}

// farmFences: a process that slept through the end of its lease writes nothing when it wakes up.
func farmFences(w *world) {
	n := &wires{at: map[string]*engine.Engine{}, away: map[string]bool{}}
	var written atomic.Int64
	slept := w.member(n, "p1", "p1", func(c *engine.Config) {
		c.Observe = func(x engine.Commit) { written.Add(int64(x.Accepted)) }
	})
	w.auction("a1")
	slept.enter(slept.bid("a1", "ann", 1100))
	slept.StopTending()
	before := written.Load()
	other := w.member(n, "p2", "p2")
	time.Sleep(engine.LeaseFor + engine.LeaseFor/2)
	other.enter(other.bid("a1", "bob", 1500))
	if !other.Owns("a1") || !slept.Owns("a1") {
		w.Fatalf("the test proves nothing: the sleeper owns %v, the other %v", slept.Owns("a1"), other.Owns("a1"))
	}
	got := slept.enter(slept.bid("a1", "cem", 2000))
	if written.Load() != before {
		w.Error("the sleeper has written behind the fence")
	}
	if d := w.deal("a1"); d.Entered != 3 || got.Receipt.Seq != d.Seq {
		w.Errorf("%d entries, receipt of line %d", d.Entered, got.Receipt.Seq)
	}
}

// farmOfWorkers: who cannot be reached decides while he is alone, and leaves the lanes to who can.
func farmOfWorkers(w *world) {
	n := &wires{at: map[string]*engine.Engine{}, away: map[string]bool{}}
	worker := w.member(n, "w1", "")
	w.auction("a1")
	worker.enter(worker.bid("a1", "ann", 1100))
	if !worker.Owns("a1") {
		w.Fatal("the worker does not own the lane")
	}
	web := w.member(n, "p1", "p1")
	w.until("the reachable one has taken all lanes", func() bool { return web.OwnedLanes() == 4 })
	web.enter(web.bid("a1", "bob", 1500))
	worker.enter(worker.bid("a1", "cem", 2000))
	if worker.Owns("a1") {
		w.Error("the worker has taken the lane back")
	}
}

// farmCloses: a closing asked for anywhere happens once, and ahead of entries.
func farmCloses(w *world) {
	_, farm := w.farm("p1", "p2")
	d := w.auction("a1")
	w.fund(5000*unit, "ann")
	_, other := w.ownerOf("a1", farm)
	other.enter(other.bid("a1", "ann", 1100))
	if closing, err := other.Expire(bg, "a1"); closing || err != nil {
		w.Errorf("before its time: %v, %v", closing, err)
	}
	w.clock.pass(d.ClosesAt.Sub(w.Now()))
	for _, p := range farm {
		if closing, err := p.Expire(bg, "a1"); !closing || err != nil {
			w.Errorf("at its time: %v, %v", closing, err)
		}
	}
	w.must(other.Settle(bg, "a1"))
	w.ended("a1", deal.Settled, 1)
	_, err := other.Submit(bg, other.bid("a1", "bob", money.Amount(9000)))
	if !fault.Is(err, fault.CodeClosed) {
		w.Errorf("after its time: %v", err)
	}
}

// farmUnfit: a process that may decide nothing gives its lanes away.
func farmUnfit(w *world) {
	n := &wires{at: map[string]*engine.Engine{}, away: map[string]bool{}}
	var ill atomic.Bool
	one := w.member(n, "p1", "p1")
	unfit := w.another(func(c *engine.Config) {
		c.Lanes = 4
		c.Farm = &engine.Farm{Name: "p2", Address: "p2", Send: n.send, Fit: func() bool { return !ill.Load() }}
	})
	n.mu.Lock()
	n.at["p2"] = unfit.Engine
	n.mu.Unlock()
	w.until("both own lanes", func() bool { return one.OwnedLanes() == 2 && unfit.OwnedLanes() == 2 })
	ill.Store(true)
	w.until("the fit one owns all", func() bool { return one.OwnedLanes() == 4 && unfit.OwnedLanes() == 0 })
	w.auction("a1")
	unfit.enter(unfit.bid("a1", "ann", 1100))
}
