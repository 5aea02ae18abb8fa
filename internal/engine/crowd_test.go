package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/deal/group"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/testenv"
)

// crowdPromises: many at once, and afterwards the log, the answers, the standings and the books say the same.
var crowdPromises = []promise{
	{"HotAuction", hotAuction},
	{"HotGroup", hotGroup},
	{"StockIsNeitherOversoldNorUndersold", hotStock},
	{"CapIsNeitherPassedNorMissed", hotCap},
	{"ANewDealsCrowdIsKnown", knownCrowd},
	{"ListsFollowTheFirstEntry", firstEntryOrder},
}

// size is full on SQLite and in full runs, and else small.
func (w *world) size(full, small int) int {
	if w.backend.name == "sqlite" || testenv.Full() {
		return full
	}
	return small
}

// crowd runs so many clients at once, each with random numbers of its own.
func (w *world) crowd(clients int, run func(who string, r *rand.Rand)) {
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() { run(fmt.Sprint("m", i), rand.New(rand.NewPCG(1, uint64(i)))) })
	}
	all.Wait()
}

// acknowledged collects receipts from many clients.
type acknowledged struct {
	mu       sync.Mutex
	receipts []deal.Receipt
}

func (a *acknowledged) add(got engine.Accepted) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.receipts = append(a.receipts, got.Receipt)
}

// knownCrowd: who met a deal before its first bidder knows all that came since, and reads nobody's standing; who meets it
// later does. The owner of a binding request has a standing from the beginning.
func knownCrowd(w *world) {
	c := newAsked(w.store)
	first := w.over(c, nil)
	first.auction("a1")
	for i, who := range []string{"ann", "ben", "cem", "ann"} {
		first.enter(first.bid("a1", who, money.Amount(1100+100*i)))
	}
	if n := c.times(engine.Standings); n != 0 {
		w.Errorf("standings were read %d times", n)
	}
	later := w.over(c, nil)
	later.enter(later.bid("a1", "ben", 2000))
	if n := c.times(engine.Standings); n != 1 {
		w.Errorf("one who knew nothing read standings %d times, want once", n)
	}
	s, err := w.Standing(bg, "a1", "ben")
	w.must(err)
	if s.Pseudonym != "p2" {
		w.Errorf("the second bidder is %s now", s.Pseudonym)
	}
	if d := w.deal("a1"); d.Members != 3 {
		w.Errorf("%d members, want 3", d.Members)
	}
}

// stored says that every acknowledged entry, and nothing else, is in the log.
func (w *world) stored(dealID string, a *acknowledged) {
	w.Helper()
	if d := w.deal(dealID); d.Seq != int64(len(a.receipts)) {
		w.Errorf("the log of %s has %d lines behind the first, %d were acknowledged", dealID, d.Seq, len(a.receipts))
	}
	w.proves(dealID, a.receipts...)
	w.replayed(dealID)
	w.booksAgree()
}

// hotAuction: everybody bids on one piece, always a little above the minimum that he last heard of.
func hotAuction(w *world) {
	clients, each, want := 64, w.size(200, 10), w.size(1000, 50)
	w.auction("a1")
	var acks acknowledged
	w.crowd(clients, func(who string, r *rand.Rand) {
		minimum := money.Amount(1000 * unit)
		for n := range each {
			s := under(w.bid("a1", who, 0), fmt.Sprint("k", n), "h")
			s.Entry.Values = english.Bid{Max: minimum + money.Amount(r.IntN(40))*unit}
			got, err := w.Submit(bg, s)
			switch {
			case err == nil:
				acks.add(got)
				minimum = *got.Answer.Minimum
			case fault.Is(err, fault.CodeBelowMinimum):
				minimum = money.Amount(fault.From(err).Params["minimum"].(int64))
			default:
				w.Errorf("bid %d of %s: %v", n, who, err)
			}
		}
	})
	w.Logf("%d of %d bids accepted", len(acks.receipts), clients*each)
	if len(acks.receipts) < want {
		w.Errorf("only %d bids were accepted, want %d", len(acks.receipts), want)
	}
	w.stored("a1", &acks)
	w.close("a1")
	w.ended("a1", deal.Settled, 1)
}

// hotGroup: members join, raise, lower, take their pledges back and join again.
func hotGroup(w *world) {
	const members = 64
	each := w.size(25, 6)
	w.group("g1")
	var acks acknowledged
	w.crowd(members, func(who string, r *rand.Rand) {
		w.fund(1000*unit, who)
		in := false
		for n := range each {
			s := w.pledgeUpTo("g1", who, 1+r.Int64N(9), money.Amount(60+r.IntN(25)))
			if in && r.IntN(4) == 0 {
				s = w.withdraw("g1", who)
			}
			in = s.Entry.Act == deal.Pledge
			got, err := w.Submit(bg, under(s, fmt.Sprint("k", n), "h"))
			if err != nil {
				w.Errorf("%s %d of %s: %v", s.Entry.Act, n, who, err)
				continue
			}
			acks.add(got)
		}
	})
	w.stored("g1", &acks)
	d := w.close("g1")
	w.ended("g1", deal.Settled, int(d.Decision.Awards))
}

// rush lets 200 buyers take one to three of 50 pieces, half of them through another process.
type rush struct {
	taken  atomic.Int64 // pieces
	closed atomic.Int64 // answers that say that the entry closed the deal
	mu     sync.Mutex
	wanted []int64 // by those who were refused
	acks   acknowledged
}

const stock = 50

func (w *world) rush(enter func(as *world, who string, n int64) engine.Submission, lack fault.Code) *rush {
	both := [2]*world{w, w.another()}
	var ru rush
	w.crowd(200, func(who string, r *rand.Rand) {
		n := 1 + r.Int64N(3)
		as := both[r.IntN(2)]
		got, err := as.insist(under(enter(as, who, n), "k", "h"))
		switch {
		case err == nil:
			ru.taken.Add(n)
			ru.acks.add(got)
			if got.Closing {
				ru.closed.Add(1)
			}
		case fault.Is(err, lack):
			ru.mu.Lock()
			ru.wanted = append(ru.wanted, n)
			ru.mu.Unlock()
		case !fault.Is(err, fault.CodeClosed):
			w.Errorf("%d pieces for %s: %v", n, who, err)
		}
	})
	return &ru
}

// insist repeats an entry under its key as long as it is answered "unavailable", which two busy processes may be.
func (w *world) insist(s engine.Submission) (got engine.Accepted, err error) {
	for range 20 {
		if got, err = w.Submit(bg, s); !fault.Is(err, fault.CodeUnavailable) {
			break
		}
	}
	return got, err
}

// fits holds what was taken against what there was: never more, and nobody refused whom the rest would have served.
func (w *world) fits(ru *rush, left int64) {
	w.Helper()
	if taken := ru.taken.Load(); taken+left != stock || left < 0 {
		w.Errorf("%d pieces are taken and %d left of %d", taken, left, stock)
	}
	for _, n := range ru.wanted {
		if n <= left {
			w.Errorf("somebody was refused %d pieces, and %d are left", n, left)
		}
	}
}

func hotStock(w *world) {
	w.listing("f1", stock)
	ru := w.rush(func(as *world, who string, n int64) engine.Submission { return as.buy("f1", who, n) }, fault.CodeOutOfStock)
	public, err := w.Public(w.deal("f1"))
	w.must(err)
	w.fits(ru, *public.Left)
	w.stored("f1", &ru.acks)
	var ordered int64
	for _, o := range w.orders("f1") {
		ordered += o.Quantity
	}
	if ordered != ru.taken.Load() {
		w.Errorf("%d pieces are ordered, %d were bought", ordered, ru.taken.Load())
	}
	if w.Failed() {
		return
	}
	w.enter(w.lapsedAt("f1", ru.acks.receipts[0]))
	w.enter(w.buy("f1", "late", 1))
}

// lapsedAt is the site's word, after the time to pay, that the purchase of a receipt was not paid.
func (w *world) lapsedAt(dealID string, r deal.Receipt) engine.Submission {
	w.clock.pass(31 * time.Minute)
	for _, o := range w.orders(dealID) {
		if o.Seq == r.Seq {
			return w.bySite(dealID, o.Buyer, deal.Lapse, fixed.Lapse{Seq: r.Seq})
		}
	}
	w.Fatalf("line %d has no order", r.Seq)
	return engine.Submission{}
}

func hotCap(w *world) {
	var people []string
	for i := range 200 {
		people = append(people, fmt.Sprint("m", i))
	}
	w.fund(1000*unit, people...)
	w.group("g1", func(t *group.Terms) { t.Cap = stock })
	ru := w.rush(func(as *world, who string, n int64) engine.Submission { return as.pledge("g1", who, n) }, fault.CodeOverCap)
	public, err := w.Public(w.deal("g1"))
	w.must(err)
	w.fits(ru, stock-*public.Pieces)
	full := *public.Pieces == stock
	if closed := ru.closed.Load(); full != (closed == 1) || full != (w.deal("g1").Status == deal.Clearing) {
		w.Errorf("%d of %d pieces: %d pledges say that they closed the group, which is %s", *public.Pieces, stock, closed, w.deal("g1").Status)
	}
	w.stored("g1", &ru.acks)
	w.close("g1")
	w.ended("g1", deal.Settled, len(ru.acks.receipts))
}

// firstEntryOrder: somebody's list of deals has the last one he entered first, and bidding again moves none, whoever reads.
func firstEntryOrder(w *world) {
	for _, id := range []string{"a1", "a2", "a3"} {
		w.auction(id)
		w.enter(w.bid(id, "ann", 1100))
		w.clock.pass(time.Minute)
	}
	began := map[string]time.Time{}
	check := func(at *world) {
		w.Helper()
		page, err := at.FindStandings(bg, "ann", deal.English, 10, "")
		w.must(err)
		var got []string
		for _, r := range page.Docs {
			if got = append(got, r.Deal); began[r.Deal].IsZero() {
				began[r.Deal] = r.Since
			}
			if !r.Since.Equal(began[r.Deal]) {
				w.Errorf("%s: since %v, it was %v", r.Deal, r.Since, began[r.Deal])
			}
		}
		if !slices.Equal(got, []string{"a3", "a2", "a1"}) {
			w.Errorf("ann's deals are %v", got)
		}
	}
	check(w)
	w.enter(w.bid("a1", "ben", 1200))
	w.enter(w.bid("a1", "ann", 1500))
	check(w)
	later := w.another()
	later.clock.pass(time.Minute)
	later.enter(later.bid("a2", "ann", 1700))
	check(later)
}
