package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	cashUnit     = 100
	rounds       = 5 // how often each of two that are compared takes its turn
	singleRounds = 3 // the same, where new deals are opened for each turn
)

// trade opens what is traded in a market and gives the requests for it.
type trade func(m *market) (offer, error)

// offer is what was opened: the requests for it and, where there are several deals, those by which a connection comes to each.
type offer struct {
	fill request
	come request
	n    int // requests that take one connection to all of them
}

// measure opens something new and loads it once.
func (b *bench) measure(m *market, name string, open trade) (figure, error) {
	o, err := open(m)
	if err != nil {
		return figure{}, err
	}
	return load(name, b.each, o.fill, m.addrs...)
}

// hotAuction bids on one auction, amounts from one shared counter that rises by one cash unit.
func hotAuction(m *market) (offer, error) {
	id, err := m.open("/listings", auction())
	var amount atomic.Int64
	amount.Store(cashUnit)
	return offer{fill: func(conn int, r *fasthttp.Request) {
		m.fill(r, m.tokens[conn], "/listings/"+id+"/bids", fmt.Appendf(nil, `{"max":%d}`, amount.Add(cashUnit)))
	}}, err
}

func auction() map[string]any {
	return map[string]any{"title": "Bench", "category": "electronics-cameras", "condition": "good", "format": "english", "startPrice": cashUnit,
		"durationSeconds": 3600, "increments": [][]int{{0, cashUnit}}}
}

// auctions bids on n auctions, a random one a request, amounts rising in each.
func auctions(n int) trade {
	return func(m *market) (offer, error) {
		ids := make([]string, n)
		amounts := make([]atomic.Int64, n)
		for i := range ids {
			id, err := m.open("/listings", auction())
			if err != nil {
				return offer{}, err
			}
			ids[i] = id
		}
		bid := func(conn, i int, r *fasthttp.Request) {
			m.fill(r, m.tokens[conn], "/listings/"+ids[i]+"/bids", fmt.Appendf(nil, `{"max":%d}`, amounts[i].Add(2*cashUnit)))
		}
		var came [connections]int
		return offer{n: n,
			fill: func(conn int, r *fasthttp.Request) { bid(conn, rand.IntN(n), r) },
			come: func(conn int, r *fasthttp.Request) { came[conn]++; bid(conn, (conn+came[conn])%n, r) }}, nil
	}
}

// hotGroup changes pledges in one group: every change is accepted, its hold posted.
func hotGroup(m *market) (offer, error) {
	id, err := m.open("/groups", map[string]any{"title": "Bench", "category": "food-tea", "durationSeconds": 3600, "lastPhaseSeconds": 0,
		"tiers": []map[string]any{{"from": 10, "unitPrice": 72_000}, {"from": 100, "unitPrice": 64_000}, {"from": 1_000, "unitPrice": 60_000}}})
	var turn [connections]int
	return offer{fill: func(conn int, r *fasthttp.Request) {
		turn[conn]++
		m.fill(r, m.tokens[conn], "/groups/"+id+"/pledges", fmt.Appendf(nil, `{"quantity":%d}`, 1+turn[conn]%7))
	}}, err
}

// getPage loads one page as the signed-in people.
func (b *bench) getPage(m *market, name, path string) (figure, error) {
	return load(name, b.each, func(conn int, r *fasthttp.Request) {
		r.SetRequestURI("http://" + m.addr + path)
		r.Header.Set("Cookie", "haggle="+m.tokens[conn])
	}, m.addr)
}

func (b *bench) getPlain(addr, name string, size int) (figure, error) {
	uri := fmt.Sprintf("http://%s/page/%d", addr, size)
	if code, _, err := fasthttp.Get(nil, uri); err != nil || code != 200 {
		return figure{}, fmt.Errorf("GET %s: %d %v", uri, code, err)
	}
	return load(name, b.each, func(_ int, r *fasthttp.Request) { r.SetRequestURI(uri) }, addr)
}

func (b *bench) plainJSON(addr string) (figure, error) {
	return load("plain Fiber JSON", b.each, func(_ int, r *fasthttp.Request) {
		r.Header.SetMethod("POST")
		r.SetRequestURI("http://" + addr + "/json")
		r.Header.SetContentType("application/json")
		r.SetBody([]byte(`{"max":123400}`))
	}, addr)
}

// sqlite measures the embedded market against plain Fiber and against itself with group commit off.
func (b *bench) sqlite() ([]floor, error) {
	fmt.Println("SQLite, flushed before the answer:")
	addr, stop, err := b.plain()
	if err != nil {
		return nil, err
	}
	defer stop()
	group, err := b.haggle("group", 256)
	if err != nil {
		return nil, err
	}
	defer group.stop()
	single, err := b.haggle("single", 1)
	if err != nil {
		return nil, err
	}
	defer single.stop()
	return b.sqliteRows(addr, group, single)
}

func (b *bench) sqliteRows(addr string, group, single *market) ([]floor, error) {
	plain, err := b.plainJSON(addr)
	if err != nil {
		return nil, err
	}
	floors, err := b.pageRows(addr, group) // first: nothing that follows from a load goes on behind them
	if err != nil {
		return nil, err
	}
	pairs := []struct {
		name string
		open trade
		add  func(on, off figure)
	}{
		{"one hot auction", hotAuction, func(on, off figure) {
			floors = append(floors, floor{"hot auction: decided / plain Fiber JSON", on.decided / plain.decided, 0.20, true},
				floor{"hot auction: accepted share, %", 100 * on.accepted / on.decided, 8, false},
				floor{"hot auction: accepted / group commit off", on.accepted / off.accepted, 0.7, false})
		}},
		{"100 auctions", auctions(100), func(on, off figure) {
			floors = append(floors, floor{"100 auctions: accepted / group commit off", on.accepted / off.accepted, 2, false})
		}},
		{"one hot group", hotGroup, func(on, off figure) {
			floors = append(floors, floor{"hot group: accepted pledges / group commit off", on.accepted / off.accepted, 4, true})
		}},
	}
	for _, p := range pairs {
		on, off, err := b.besideSingle(group, single, p.name, p.open)
		if err != nil {
			return nil, err
		}
		p.add(on, off)
	}
	return floors, nil
}

// besideSingle loads a market with group commit and one without in turn, several times, each time in new deals and behind nothing
// that an earlier load left: the figures of the turn whose ratio is the median.
func (b *bench) besideSingle(group, single *market, name string, open trade) (on, off figure, err error) {
	turns := make([][2]figure, singleRounds)
	for i := range turns {
		for k, m := range []*market{group, single} {
			if turns[i][k], err = b.measure(m, []string{name, name + ", group commit off"}[k], open); err != nil {
				return on, off, err
			}
			m.rest()
		}
	}
	slices.SortFunc(turns, func(x, y [2]figure) int { return cmp.Compare(x[0].accepted*y[1].accepted, y[0].accepted*x[1].accepted) })
	return turns[singleRounds/2][0], turns[singleRounds/2][1], nil
}

// pageRows measures pages against plain Fiber at equal bytes. What is listed has to be indexed first.
func (b *bench) pageRows(addr string, m *market) ([]floor, error) {
	var floors []floor
	if _, err := auctions(100)(m); err != nil {
		return nil, err
	}
	id, err := m.open("/listings", auction())
	if err != nil {
		return nil, err
	}
	m.rest()
	for _, p := range []struct {
		name, path string
		min        float64
	}{{"list page", "/search", 0.5}, {"deal page", "/deals/" + id, 0.2}} {
		got, err := b.besidePlain(addr, m, p.name, p.path)
		if err != nil {
			return nil, err
		}
		floors = append(floors, floor{p.name + " / plain Fiber page of equal bytes", got, p.min, true})
	}
	return floors, nil
}

// besidePlain loads a page and a plain one of equal bytes in turn, several times: the median of the ratios.
func (b *bench) besidePlain(addr string, m *market, name, path string) (float64, error) {
	size, err := m.size(path, m.tokens[0])
	if err != nil {
		return 0, err
	}
	ratios := make([]float64, rounds)
	for i := range ratios {
		ours, err := b.getPage(m, fmt.Sprintf("%s, signed in, %d bytes", name, size), path)
		if err != nil {
			return 0, err
		}
		theirs, err := b.getPlain(addr, fmt.Sprintf("plain Fiber page, %d bytes", size), size)
		if err != nil {
			return 0, err
		}
		ratios[i] = ours.accepted / theirs.accepted
	}
	slices.Sort(ratios)
	return ratios[rounds/2], nil
}

// mongo measures a hot group on a replica set of one: group commit against one transaction a pledge.
func (b *bench) mongo(mongod string) ([]floor, error) {
	fmt.Println("\nMongoDB, majority and journal before the answer:")
	addr, stop, err := b.server(mongod, "--replSet", "rs0", "--bind_ip", "127.0.0.1", "--dbpath", b.dir,
		"--wiredTigerCacheSizeGB", "1", "--logpath", filepath.Join(b.dir, "mongod.log"), "--setParameter", "transactionLifetimeLimitSeconds=5")
	if err != nil {
		return nil, err
	}
	defer stop()
	if out, err := exec.Command("go", "run", "./scripts/replset", addr).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("replica set: %w\n%s", err, out)
	}
	time.Sleep(2 * time.Second)
	gain, err := b.mongoGroup(addr)
	if err != nil {
		return nil, err
	}
	floors := []floor{{"MongoDB, hot group: group commit / one transaction a pledge", gain, 15, true}}
	more, err := b.farms(addr)
	return append(floors, more...), err
}

// mongoGroup loads a hot group with group commit and without in turn, several times: the median of the ratios.
func (b *bench) mongoGroup(addr string) (float64, error) {
	var pair []*market
	for _, batch := range []int{256, 1} {
		name := fmt.Sprintf("mongo-%d", batch)
		m, err := b.haggle(name, batch, onMongo(addr, name)...)
		if err != nil {
			return 0, err
		}
		defer m.stop()
		pair = append(pair, m)
	}
	ratios := make([]float64, rounds)
	for i := range ratios {
		rates := make([]float64, len(pair))
		for k, m := range pair {
			if err := alone(pair, m); err != nil {
				return 0, err
			}
			f, err := b.measure(m, []string{"one hot group", "one hot group, a transaction a pledge"}[k], hotGroup)
			if err != nil {
				return 0, err
			}
			rates[k] = f.accepted
		}
		ratios[i] = rates[0] / rates[1]
	}
	slices.Sort(ratios)
	return ratios[rounds/2], nil
}

// onMongo are the variables of a market over a database.
func onMongo(addr, name string) []string {
	return []string{"HAGGLE_MONGO=mongodb://" + addr + "/" + name + "?replicaSet=rs0", "HAGGLE_SECRET=0123456789abcdef0123456789abcdef"}
}
