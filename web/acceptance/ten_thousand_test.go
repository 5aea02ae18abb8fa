package acceptance

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"haggle/internal/testenv"
)

// rush is a crowd of auctions that end in the same second, while others trade on.
type rush struct {
	m        *market
	auctions int
	sellers  []person
	bidders  []person
	opening  time.Duration // what it took
	end      time.Time
	ids      []string
}

// Floors of the full size: from the deadline to the last settled deal, and the answers to bids meanwhile. A smaller run,
// which is one beside other tests, has its share of the time and what a start costs, or as long as it took to open the
// auctions and to bid on them: three requests each.
const (
	rushAuctions = 10_000
	rushSample   = 300
	rushLarge    = 1000
	rushVerified = 500
	rushBids     = 50              // a second, on other deals
	rushBefore   = 4 * time.Second // so long others bid before the end, at least
	rushStart    = 2 * time.Second
	rushSlow     = 20 * time.Second // what a sample beside other tests may take: it prints its figures, the full size holds them
)

func TestTenThousandEndInOneSecondOnSQLite(t *testing.T) {
	beside(t)
	newRush(start(t)).run(10*time.Second, 100*time.Millisecond)
}

func TestTenThousandEndInOneSecondOnMongoDB(t *testing.T) {
	beside(t)
	newRush(onMongo(t)).run(30*time.Second, 250*time.Millisecond)
}

// beside lets a usual sample run beside other tests; larger ones have the machine for themselves.
func beside(t *testing.T) {
	if !testenv.Large() {
		t.Parallel()
	}
}

func newRush(m *market) *rush {
	r := &rush{m: m, auctions: testenv.Draw(rushSample, rushLarge, rushAuctions)}
	for i := range 20 {
		r.sellers = append(r.sellers, m.person(fmt.Sprint("seller", i), 0))
	}
	for i := range 40 {
		r.bidders = append(r.bidders, m.person(fmt.Sprint("bidder", i), 0))
	}
	return r
}

// run opens the auctions, waits for their end and measures until the last is settled.
func (r *rush) run(within, answered time.Duration) {
	t := r.m.t
	r.open()
	share := float64(r.auctions) / rushAuctions
	if share < 1 {
		within = max(time.Duration(share*float64(within))+rushStart, 2*r.opening, rushSlow)
	}
	if !testenv.Full() {
		time.Sleep(time.Until(r.end.Add(-rushBefore)))
	}
	other := r.trade()
	shelves := r.shelves() // nothing is opened any more: they stay as they are
	time.Sleep(time.Until(r.end))
	before := other.turn()
	seen := r.settled(shelves, 2*within+time.Minute)
	time.Sleep(time.Until(r.end.Add(3 * time.Second))) // enough answers to judge by
	during := other.stop()
	r.sold()
	late := r.verify(int(share * rushVerified))
	t.Logf("%d auctions, opened and bid on in %v: settled %v after the deadline (p99 %v), decided p99 %v late; %d bids elsewhere p99 %v (before: %d, p99 %v)",
		r.auctions, r.opening, seen[len(seen)-1], p99(seen), p99(late), len(during), p99(during), len(before), p99(before))
	if last := seen[len(seen)-1]; last > within {
		t.Errorf("the last of %d is settled %v after the deadline; want within %v", r.auctions, last, within)
	}
	if limit := r.patience(answered, before); p99(during) > limit {
		t.Errorf("p99 of the bids elsewhere is %v; want %v", p99(during), limit)
	}
}

// patience is how long bids elsewhere may take: the floor, and in a run beside other tests some times what they took
// before, but not for ever.
func (r *rush) patience(floor time.Duration, before []time.Duration) time.Duration {
	if testenv.Full() {
		return floor
	}
	return max(floor, 4*p99(before), rushSlow)
}

// open opens the auctions and lets two people bid on each. A tenth, which ends much later, tells how long that takes.
func (r *rush) open() {
	begun := time.Now()
	sample := r.auctions / 10
	r.openAll(sample, begun.Add(time.Hour))
	need := time.Since(begun) * time.Duration(r.auctions/sample)
	r.end = time.Now().Add(need*3 + 8*time.Second).Truncate(time.Second)
	begun = time.Now()
	r.ids = r.openAll(r.auctions, r.end)
	r.opening = time.Since(begun)
	if left := time.Until(r.end); left < rushBefore {
		r.m.t.Fatalf("opening them took until %v before their end", left)
	}
}

// openAll opens so many auctions with two bids each; all end at one moment.
func (r *rush) openAll(n int, end time.Time) []string {
	ids := make([]string, n)
	r.each(16, n, func(i int) { ids[i] = r.openOne(i, end) })
	if slices.Contains(ids, "") {
		r.m.t.FailNow()
	}
	return ids
}

func (r *rush) openOne(i int, end time.Time) string {
	a := r.sellers[i%len(r.sellers)].try("POST", "/listings", obj{"title": fmt.Sprint("Film camera ", i), "category": "electronics-cameras", "condition": "good",
		"format": "english", "startPrice": 100_000, "closesAt": end.UTC().Format("2006-01-02T15:04:05.000Z"), "softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
	if a.err != nil || a.status != 201 {
		r.m.t.Errorf("%s: %d %v %s", a.what, a.status, a.err, a.body)
		return ""
	}
	id := a.obj().str("id")
	for k, most := range []int{120_000, 200_000} {
		a := r.bidders[(2*i+k)%len(r.bidders)].try("POST", "/listings/"+id+"/bids", obj{"max": most})
		if a.err != nil || a.status != 201 {
			r.m.t.Errorf("%s: %d %v %s", a.what, a.status, a.err, a.body)
			return ""
		}
	}
	return id
}

// shelf is a page of a seller's own deals.
type shelf struct {
	seller person
	cursor string
}

// shelves are the pages that hold the auctions, those opened first first: these are closed first.
func (r *rush) shelves() []shelf {
	var all [][]shelf
	for _, seller := range r.sellers {
		var own []shelf
		for s := (shelf{seller: seller}); len(own) == 0 || s.cursor != ""; {
			own = append(own, s)
			s.cursor = seller.do("GET", s.path(), nil).want(200).obj().str("next")
		}
		slices.Reverse(own)
		all = append(all, own)
	}
	var out []shelf
	for i := range slices.MaxFunc(all, func(a, b []shelf) int { return len(a) - len(b) }) {
		for _, own := range all {
			if i < len(own) {
				out = append(out, own[i])
			}
		}
	}
	return out
}

func (s shelf) path() string {
	if s.cursor == "" {
		return "/me/deals/selling"
	}
	return "/me/deals/selling?cursor=" + url.QueryEscape(s.cursor)
}

// settled reads the status of every auction, a page at a time, until it is settled; it gives how long after the deadline
// each was seen so, in order. (One request for each auction would take as long as the market takes to settle it.)
func (r *rush) settled(shelves []shelf, patience time.Duration) []time.Duration {
	const (
		readers = 4
		again   = 200 * time.Millisecond // a look at a page costs the market, too
	)
	waits := make(map[string]bool, len(r.ids))
	for _, id := range r.ids {
		waits[id] = true
	}
	var seen []time.Duration
	var mu sync.Mutex
	read := func(s shelf) (done bool) {
		a := s.seller.try("GET", s.path(), nil)
		at := time.Since(r.end)
		var page struct {
			Items []struct{ ID, Status string }
		}
		if a.err != nil || a.status != 200 || json.Unmarshal(a.body, &page) != nil {
			r.m.t.Errorf("%s: %d %v %s", a.what, a.status, a.err, a.body)
			return true
		}
		mu.Lock()
		defer mu.Unlock()
		done = true
		for _, d := range page.Items {
			switch {
			case !waits[d.ID]:
			case d.Status == "settled":
				delete(waits, d.ID)
				seen = append(seen, at)
			case at > patience:
				r.m.t.Errorf("after %v deal %s is %s", at, d.ID, d.Status)
			default:
				done = false
			}
		}
		return done
	}
	var group sync.WaitGroup
	turn := make(chan shelf)
	for range readers {
		group.Go(func() {
			for s := range turn {
				for !read(s) {
					time.Sleep(again)
				}
			}
		})
	}
	for _, s := range shelves {
		turn <- s
	}
	close(turn)
	group.Wait()
	if len(waits) > 0 {
		r.m.t.Fatalf("%d of %d auctions were not seen settled", len(waits), len(r.ids))
	}
	slices.Sort(seen)
	return seen
}

// sold reads every auction by itself: each ended with a winner.
func (r *rush) sold() {
	r.each(8, len(r.ids), func(i int) {
		a := r.m.guest().try("GET", "/deals/"+r.ids[i], nil)
		if a.status != 200 || a.obj().str("status") != "settled" || a.obj().str("outcome.result") != "sold" {
			r.m.t.Errorf("%s: %d %v %s", a.what, a.status, a.err, a.body)
		}
	})
}

// each calls f with every number below n, some at a time, until the test has failed.
func (r *rush) each(atOnce, n int, f func(i int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range atOnce {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n && !r.m.t.Failed(); i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	group.Wait()
}

// verify holds the logs of some auctions against the offline verifier, and gives how late each was decided, in order.
func (r *rush) verify(some int) []time.Duration {
	var late []time.Duration
	for _, i := range rand.Perm(len(r.ids))[:some] {
		r.m.verified(r.ids[i])
		log := strings.Split(strings.TrimSpace(string(r.m.guest().do("GET", "/deals/"+r.ids[i]+"/log", nil, "Accept", "application/jsonl").want(200).body)), "\n")
		var last struct {
			At   time.Time
			Kind string
		}
		if err := json.Unmarshal([]byte(log[len(log)-1]), &last); err != nil || last.Kind != "closed" {
			r.m.t.Errorf("deal %s ends with %s", r.ids[i], log[len(log)-1])
		}
		late = append(late, last.At.Sub(r.end))
	}
	slices.Sort(late)
	return late
}

// trade bids on other deals at an even pace, whether or not the answers come.
func (r *rush) trade() *pacer {
	const deals = 10
	var ids []string
	for i := range deals {
		ids = append(ids, r.sellers[i].auction(3600, obj{"startPrice": 100, "increments": [][]int{{0, 100}}}))
	}
	p := &pacer{m: r.m, quit: make(chan struct{}), began: time.Now()}
	var amount atomic.Int64
	p.group.Go(func() {
		for n := 0; ; n++ {
			due := p.began.Add(time.Duration(n) * time.Second / rushBids)
			select {
			case <-p.quit:
				return
			case <-time.After(time.Until(due)):
			}
			p.group.Go(func() {
				a := r.bidders[n%len(r.bidders)].try("POST", "/listings/"+ids[n%deals]+"/bids", obj{"max": 100_000 + 1000*amount.Add(1)})
				p.note(a, time.Since(due))
			})
		}
	})
	return p
}

// pacer is what became of bids at an even pace. An answer counts from when the bid was due.
type pacer struct {
	m     *market
	began time.Time
	quit  chan struct{}
	group sync.WaitGroup
	mu    sync.Mutex
	took  []time.Duration
}

func (p *pacer) note(a answer, took time.Duration) {
	if a.err != nil || a.status != 201 && a.status != 422 { // of two on one deal the later may be too low
		p.m.t.Errorf("a bid elsewhere: %d %v %s", a.status, a.err, a.body)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.took = append(p.took, took)
}

// turn gives the times so far, in order, and begins anew.
func (p *pacer) turn() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	took := p.took
	p.took = nil
	slices.Sort(took)
	return took
}

func (p *pacer) stop() []time.Duration {
	close(p.quit)
	p.group.Wait()
	return p.turn()
}

// p99 is the time that 99 of 100 do not exceed; all are in order.
func p99(all []time.Duration) time.Duration {
	if len(all) == 0 {
		return 0
	}
	return all[(len(all)-1)*99/100]
}
