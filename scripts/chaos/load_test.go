package chaos

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Cards of the sandbox gateway.
const (
	goodCard     = "4242424242424242"
	declinedCard = "4000000000000002"
	expiredCard  = "4000000000000069"
	lateCard     = "4000000000000341" // accepted, and taken back 5 s later
)

// crowd is who trades on a site, and what: made once, it trades through every fault.
type crowd struct {
	site   *site
	seller *person
	people []*person // who bid and pledge
	savers []*person
	hot    string   // one auction that everybody bids on
	spread []string // and many
	groups []string
	amount atomic.Int64  // of the last bid
	pace   time.Duration // how long opening one group of a large batch took, the last time
}

// size is how many people a crowd has.
type size struct{ people, savers, spread, groups int }

func newCrowd(s *site, n size) *crowd {
	c := &crowd{site: s, seller: s.person("seller", 0)}
	c.amount.Store(1000)
	var mu sync.Mutex
	register := func(list *[]*person, name string, money int64) func() {
		return func() {
			p := s.person(name, money)
			mu.Lock()
			defer mu.Unlock()
			*list = append(*list, p)
		}
	}
	var all []func()
	for range n.people {
		all = append(all, register(&c.people, "member", plenty))
	}
	for range n.savers {
		all = append(all, register(&c.savers, "saver", 0))
	}
	each(8, all)
	c.hot = c.auction(3600, "Film camera")
	for i := range n.spread {
		c.spread = append(c.spread, c.auction(3600, fmt.Sprintf("Lens %d", i)))
	}
	for i := range n.groups {
		c.groups = append(c.groups, c.group(time.Now().Add(time.Hour), fmt.Sprintf("Oolong %d", i), 0))
	}
	return c
}

func (c *crowd) auction(seconds int, title string) string {
	return c.seller.must("/listings", obj{"title": title, "category": "electronics-cameras", "condition": "good", "format": "english",
		"startPrice": 100, "increments": [][]int{{0, 100}}, "durationSeconds": seconds, "softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
}

// ladder are the prices of a group's tiers.
var ladder = []int{72_000, 64_000, 60_000}

// group opens a group buy; cap 0: none.
func (c *crowd) group(closes time.Time, title string, limit int) string {
	c.site.t.Helper()
	return c.seller.must("/groups", groupBody(closes, title, limit))
}

func groupBody(closes time.Time, title string, limit int) obj {
	body := obj{"title": title, "category": "food-tea", "lastPhaseSeconds": 0, "closesAt": closes.UTC().Format("2006-01-02T15:04:05Z"),
		"tiers": []obj{{"from": 2, "unitPrice": ladder[0]}, {"from": 4, "unitPrice": ladder[1]}, {"from": 6, "unitPrice": ladder[2]}}}
	if limit > 0 {
		body["cap"] = limit
	}
	return body
}

// pledged are the pieces of a batch's three members, whose ceilings are the three prices: all pay the cheapest; none pays,
// for two are too few; two pay the second and the third gets his money back.
var pledged = [][3]int{{1, 2, 3}, {1, 1, 1}, {3, 1, 1}}

// batch is what closes or runs out while one fault lasts.
type batch struct {
	groups, auctions []string
	listing          string
	capped           string
	closes           time.Time
}

// open opens a batch: so many groups with three pledges each that settle at one moment, some auctions with them, a listing
// with fewer pieces than buyers, a group with a cap below its crowd.
func (c *crowd) open(groups int, ahead time.Duration, r *rand.Rand) *batch {
	began := time.Now()
	ahead = max(ahead, min(30*time.Second, c.pace*time.Duration(groups)*3/2))
	b := &batch{closes: began.Add(ahead).Truncate(time.Second)}
	b.listing = c.seller.must("/listings", obj{"title": "Notebook", "category": "books-fiction", "condition": "new", "format": "fixed", "price": 30_000, "quantity": 12})
	b.capped = c.group(began.Add(time.Hour), "A cake", 6)
	var all []func()
	var mu sync.Mutex
	for i := range groups {
		first := r.IntN(len(c.people))
		all = append(all, func() {
			var made struct{ ID string }
			status, answer := c.seller.post("/groups", groupBody(b.closes, fmt.Sprintf("Tea %d", i), 0), false)
			if status != 201 || json.Unmarshal(answer, &made) != nil {
				return // too late: the machine is slower than it was
			}
			mu.Lock()
			b.groups = append(b.groups, made.ID)
			mu.Unlock()
			for k, pieces := range pledged[i%len(pledged)] {
				c.people[(first+k)%len(c.people)].post("/groups/"+made.ID+"/pledges", obj{"quantity": pieces, "ceiling": ladder[k]}, false)
			}
		})
	}
	each(16, all)
	if groups > 100 {
		c.pace = time.Since(began) / time.Duration(groups)
	}
	left := int(time.Until(b.closes)/time.Second) + 1
	for i := range 4 {
		b.auctions = append(b.auctions, c.auction(max(1, left), fmt.Sprintf("Radio %d", i)))
	}
	return b
}

// each runs functions, so many at once.
func each(atOnce int, all []func()) {
	todo := make(chan func())
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			for f := range todo {
				f()
			}
		})
	}
	for _, f := range all {
		todo <- f
	}
	close(todo)
	wg.Wait()
}

// load is a crowd at work.
type load struct {
	stop atomic.Bool
	wg   sync.WaitGroup
}

// start sets the crowd to work on the hot auction, on many, on groups, on the batch, and on wallets. walkers: savers who
// do not ask again.
func (c *crowd) start(b *batch, seed uint64, walkers bool) *load {
	l := &load{}
	work := func(i uint64, pause time.Duration, do func(r *rand.Rand)) {
		r := rand.New(rand.NewPCG(seed, i))
		l.wg.Go(func() {
			for !l.stop.Load() {
				do(r)
				time.Sleep(pause/2 + time.Duration(r.Int64N(int64(pause))))
			}
		})
	}
	for i, p := range c.people {
		work(uint64(i), 80*time.Millisecond, func(r *rand.Rand) { c.act(p, b, i, r) })
	}
	for i, p := range c.savers {
		work(uint64(1000+i), 120*time.Millisecond, func(r *rand.Rand) {
			card := []string{goodCard, goodCard, goodCard, goodCard, lateCard, declinedCard, expiredCard}[r.IntN(7)]
			p.post("/wallet/deposits", obj{"amount": 100 * (1 + r.IntN(50)), "card": card}, walkers && i%2 == 0)
		})
	}
	return l
}

// act does one thing: most bid on the hot auction, the others here and there.
func (c *crowd) act(p *person, b *batch, i int, r *rand.Rand) {
	away := r.IntN(10) == 0
	switch n := r.IntN(10); {
	case i%2 == 0 || n < 3:
		p.post("/listings/"+c.hot+"/bids", obj{"max": c.amount.Add(200)}, away)
	case n < 6:
		auctions := slices.Concat(c.spread, b.auctions)
		p.post("/listings/"+auctions[r.IntN(len(auctions))]+"/bids", obj{"max": 100 * (10 + r.IntN(5000))}, away)
	case n < 9:
		groups := append(slices.Clone(c.groups), b.capped)
		p.post("/groups/"+groups[r.IntN(len(groups))]+"/pledges", obj{"quantity": 1 + r.IntN(3), "ceiling": ladder[r.IntN(len(ladder))]}, away)
	default:
		c.buy(p, b, r)
	}
}

// buy buys a piece and, mostly, pays it.
func (c *crowd) buy(p *person, b *batch, r *rand.Rand) {
	status, answer := p.post("/listings/"+b.listing+"/purchases", obj{"quantity": 1}, false)
	var got struct{ Order struct{ ID string } }
	if json.Unmarshal(answer, &got) == nil && status == 201 && r.IntN(4) > 0 {
		p.post("/orders/"+got.Order.ID+"/pay", obj{"method": "wallet"}, false)
	}
}

// end lets everybody finish what he began.
func (l *load) end() {
	l.stop.Store(true)
	l.wg.Wait()
}
