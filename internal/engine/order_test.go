package engine_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/deal/group"
	"haggle/internal/deal/request"
	"haggle/internal/engine"
	"haggle/internal/money"
	"haggle/internal/testenv"
)

// orderPromises: how entries are grouped into commits changes nothing.
var orderPromises = []promise{{"AnyBatchSizeSameBytes", anyBatchSize}}

const sequenceLength = 60

// sequences is how many random sequences are tried.
func (w *world) sequences() int {
	all := testenv.Checks(1) >= 10_000
	switch {
	case w.backend.name == "sqlite" && all:
		return 200
	case w.backend.name == "sqlite":
		return 40
	case all:
		return 25
	}
	return 5
}

// anyBatchSize plays random sequences in three markets that differ in nothing but the size of their commits.
func anyBatchSize(w *world) {
	sizes := []int{1, 7, 256}
	traces := make([][]string, len(sizes))
	var counts outcome
	var all sync.WaitGroup
	for i, n := range sizes {
		m := newWorld(w.TB, w.backend, func(c *engine.Config) { c.Batch, c.Chunk = n, 1+n%64 })
		all.Go(func() { traces[i] = m.playAll(w.sequences(), &counts) })
	}
	all.Wait()
	if w.Failed() {
		return
	}
	for seed := range w.sequences() {
		for i := range sizes {
			w.same(fmt.Sprintf("sequence %d in commits of %d", seed, sizes[i]), traces[i][seed], traces[0][seed])
		}
	}
	w.Logf("in each of %d markets: %d entries accepted, %d refused, %d replayed", len(sizes), counts.accepted.Load()/3, counts.refused.Load()/3, counts.replayed.Load()/3)
	if counts.accepted.Load() == 0 || counts.refused.Load() == 0 || counts.replayed.Load() == 0 {
		w.Error("the sequences prove little")
	}
}

// playAll plays so many sequences, one after the other, and gives the trace of each.
func (w *world) playAll(sequences int, counts *outcome) []string {
	start := w.clock.Now()
	traces := make([]string, sequences)
	for seed := range traces {
		w.clock.set(start)
		p := &play{world: w, r: rand.New(rand.NewPCG(8, uint64(seed))), name: fmt.Sprintf("s%03d", seed), outcome: counts}
		traces[seed] = p.run()
	}
	return traces
}

// outcome counts how entries fared.
type outcome struct{ accepted, refused, replayed atomic.Int64 }

func (o *outcome) count(got engine.Accepted, err error) {
	switch {
	case err != nil:
		o.refused.Add(1)
	case got.Replayed:
		o.replayed.Add(1)
	default:
		o.accepted.Add(1)
	}
}

// play is one random sequence over a deal of each kind.
type play struct {
	*world
	*outcome
	r      *rand.Rand
	name   string
	before []engine.Submission // entries so far
	trace  strings.Builder     // all that anybody is told, and all that is left
}

func (p *play) id(kind string) string            { return p.name + kind }
func (p *play) person() string                   { return fmt.Sprintf("%s-m%d", p.name, p.r.IntN(5)) }
func (p *play) some(n int64) int64               { return 1 + p.r.Int64N(n) }
func (p *play) units(from, n int64) money.Amount { return money.Amount(from+p.r.Int64N(n)) * unit }

var playKinds = []string{"a", "f", "g", "q", "h"}

func (p *play) run() string {
	p.openAll()
	for left := sequenceLength; left > 0; {
		n := min(left, 1+p.r.IntN(20))
		var all []engine.Submission
		for range n {
			all = append(all, p.next())
		}
		p.tell(all)
		left -= n
		p.clock.pass(time.Duration(p.r.Int64N(200)) * time.Second)
	}
	for _, k := range playKinds {
		p.end(p.id(k))
	}
	for i := range 5 {
		p.left(fmt.Sprintf("%s-m%d", p.name, i))
	}
	return p.trace.String()
}

// openAll opens a deal of each kind, the money of everybody being short.
func (p *play) openAll() {
	for i := range 2 {
		amount := money.Amount(p.some(3000)) * unit
		p.fund(amount, fmt.Sprintf("%s-m%d", p.name, i), fmt.Sprintf("%s-m%d", p.name, i+2))
	}
	length := 20*time.Minute + time.Duration(p.r.IntN(600))*time.Second
	p.open(p.opening(p.id("a"), deal.English, &english.Terms{StartPrice: 1000 * unit, BuyNowPrice: deal.Ptr(money.Amount(2000 * unit)),
		ReservePrice: deal.Ptr(p.units(1000, 500))}, length))
	p.open(p.opening(p.id("f"), deal.Fixed, &fixed.Terms{Price: 100 * unit, Quantity: deal.Ptr(p.some(9))}, length))
	p.open(p.opening(p.id("g"), deal.Group, &group.Terms{Tiers: []group.Tier{{From: 2, UnitPrice: 80 * unit}, {From: 6, UnitPrice: 60 * unit}},
		CaseSize: 2 * p.r.Int64N(2), Cap: 18 * p.r.Int64N(2)}, length))
	p.open(p.opening(p.id("q"), deal.Request, &request.Terms{NamedPrice: 500 * unit, Rule: request.RuleOpen, MinimumStep: deal.Ptr(money.Amount(10 * unit))}, length))
	p.open(p.opening(p.id("h"), deal.Request, &request.Terms{NamedPrice: 500 * unit, Rule: request.RuleSealed, Floor: deal.Ptr(money.Amount(100 * unit))}, length))
}

// next draws an entry, or repeats one under its key, sometimes with another hash.
func (p *play) next() engine.Submission {
	if n := len(p.before); n > 0 && p.r.IntN(6) == 0 {
		s := p.before[p.r.IntN(n)]
		if p.r.IntN(4) == 0 {
			s.Key = &engine.Key{Account: s.Key.Account, Value: s.Key.Value, Hash: "another"}
		}
		s.ID = fmt.Sprintf("%s again %d", p.name, p.drawn.Add(1))
		return s
	}
	s := p.draw()
	s.ID = fmt.Sprintf("%s-e%d", p.name, len(p.before))
	s.Entry.Salts = salts(s.ID)
	s = under(s, s.ID, "h")
	p.before = append(p.before, s)
	return s
}

func (p *play) draw() engine.Submission {
	who := p.person()
	switch p.r.IntN(20) {
	case 0, 1, 2, 3, 4:
		s := p.bid(p.id("a"), who, 0)
		s.Entry.Values = english.Bid{Max: p.units(950, 1200)}
		return s
	case 5:
		return p.buyNow(p.id("a"), who)
	case 6:
		s := p.submission(p.id("a"), who, deal.Retract, nil)
		s.Entry.Reason = deal.Typo
		return s
	case 7, 8:
		return p.buy(p.id("f"), who, p.some(3))
	case 9:
		return p.bySite(p.id("f"), who, deal.Lapse, fixed.Lapse{Seq: p.some(4)})
	case 10, 11, 12, 13:
		return p.submission(p.id("g"), who, deal.Pledge, group.Pledge{Quantity: p.some(6), Ceiling: deal.Ptr(p.units(55, 30))})
	case 14:
		return p.withdraw(p.id("g"), who)
	case 15, 16, 17:
		return p.quote(p.id("q"), who, money.Amount(300+p.r.Int64N(220)))
	case 18:
		return p.quote(p.id("h"), who, money.Amount(80+p.r.Int64N(440)))
	}
	return p.byOwner(p.id([]string{"a", "g"}[p.r.IntN(2)]), []deal.Act{deal.Cancel, deal.EndEarly, deal.Pledge}[p.r.IntN(3)], nil)
}

// tell queues entries together and writes down what each of their makers is told, but for its place in a commit's tree.
func (p *play) tell(all []engine.Submission) {
	for i, wait := range p.Queue(all...) {
		got, err := wait()
		p.count(got, err)
		got.Receipt.Head = deal.SignedHead{}
		fmt.Fprintf(&p.trace, "%s %s %s: %s %v %v\n", all[i].ID, all[i].Deal, all[i].Entry.Act, answer(got), got.Replayed, err)
	}
}

// end closes a deal and writes down its log, its orders and what is left of its crowd.
func (p *play) end(dealID string) {
	d := p.deal(dealID)
	if d.Status == deal.Open {
		p.clock.set(later(*d.ClosesAt, p.clock.Now()).Add(40 * time.Minute)) // after which no purchase can be paid
		for _, o := range p.orders(dealID) {
			_, _ = p.Submit(bg, p.bySite(dealID, o.Buyer, deal.Lapse, fixed.Lapse{Seq: o.Seq}))
		}
		if p.deal(dealID).Status == deal.Open {
			p.expire(dealID)
		}
	}
	p.must(p.Settle(bg, dealID))
	d = p.deal(dealID)
	p.verified(dealID)
	p.nothingHeld(dealID)
	fmt.Fprintf(&p.trace, "%s is %s %+v %s\n%s", dealID, d.Status, *d.Decision, d.State, p.log(dealID))
	crowd, err := p.Crowd(bg, dealID)
	p.must(err)
	for _, s := range crowd {
		fmt.Fprintf(&p.trace, "%s %s %d %v %d %+v\n", s.Account, s.Pseudonym, s.Seq, s.Active, s.Hold, p.encodedText(s.Values))
	}
	for _, o := range p.orders(dealID) {
		fmt.Fprintf(&p.trace, "%s %s %s %d %s\n", o.ID, o.Buyer, o.Seller, o.Total, o.Status)
	}
	for _, a := range p.awards(dealID) {
		fmt.Fprintf(&p.trace, "%+v\n", a)
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// left writes down somebody's money and how it moved.
func (p *play) left(who string) {
	b, err := p.Balance(bg, who)
	p.must(err)
	fmt.Fprintf(&p.trace, "%s: %d free, %d held\n", who, b.Available, b.Held)
	page, err := p.FindJournal(bg, "user", who, 0, "")
	p.must(err)
	for _, j := range page.Docs {
		fmt.Fprintf(&p.trace, "%s %s %v\n", j.ID, j.Reason, j.Postings)
	}
}
