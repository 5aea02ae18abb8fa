package acceptance

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/testenv"
)

// farm is a site of several processes over one MongoDB and one Redis.
type farm struct {
	t      *testing.T
	common []string
	db     *driver.Database
	web    []*market
	work   []*testenv.Site
}

// newFarm starts so many web processes and workers; more are arguments of all.
func newFarm(t *testing.T, webs, workers int, more ...string) *farm {
	t.Helper()
	name := fmt.Sprintf("farm%d", rand.Uint32())
	uri := strings.Replace(testenv.Mongod(t), "/?", "/"+name+"?", 1)
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	f := &farm{t: t, db: client.Database(name),
		common: append([]string{"--limits=off", fmt.Sprint("--lanes=", siteLanes), "--mongo=" + uri, "--redis=" + testenv.Redis(t), "--secret=" + strings.Repeat("s", 40)}, more...)}
	for range webs {
		f.addWeb()
	}
	for range workers {
		f.work = append(f.work, testenv.Command(t, "worker", f.common...))
	}
	f.even()
	return f
}

func (f *farm) addWeb(more ...string) *market {
	f.t.Helper()
	args := slices.Concat(f.common, more)
	m := &market{t: f.t, args: args, site: testenv.Command(f.t, "web", args...)}
	f.web = append(f.web, m)
	return m
}

// through is the same person at another process.
func (p person) through(m *market) person { p.m = m; return p }

// siteLanes is how many lanes the farms here share: more than one, so that each process owns some and sends to others.
const siteLanes = 2

// owners reads who owns each lane.
func (f *farm) owners() map[int]string {
	f.t.Helper()
	cur, err := f.db.Collection("lanes").Find(context.Background(), bson.D{})
	if err != nil {
		f.t.Fatal(err)
	}
	var rows []struct {
		ID      string `bson:"_id"`
		Address string
	}
	if err := cur.All(context.Background(), &rows); err != nil {
		f.t.Fatal(err)
	}
	out := map[int]string{}
	for _, r := range rows {
		var n int
		_, _ = fmt.Sscanf(r.ID, "lane:%d", &n)
		out[n] = r.Address
	}
	return out
}

// even waits until the web processes share the lanes.
func (f *farm) even() {
	f.t.Helper()
	f.until("the processes share the lanes", func() bool {
		count := map[string]int{}
		for _, a := range f.owners() {
			count[a]++
		}
		for _, m := range f.web {
			if c := count[m.address()]; c < siteLanes/len(f.web) || c > (siteLanes+len(f.web)-1)/len(f.web) {
				return false
			}
		}
		return true
	})
}

func (f *farm) until(what string, ok func() bool) {
	f.t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			f.t.Fatalf("%s: it does not happen; lanes %v", what, f.owners())
		}
	}
}

func (m *market) address() string { return strings.TrimPrefix(m.site.URL, "http://") }

// ownerOf finds the process that decides a deal, and another.
func (f *farm) ownerOf(id string) (owner, other *market) {
	f.t.Helper()
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	lane := int(h.Sum32() % siteLanes)
	f.until("the lane has an owner among the web processes", func() bool {
		owner, other = nil, nil
		address := f.owners()[lane]
		for _, m := range f.web {
			if m.address() == address {
				owner = m
			} else {
				other = m
			}
		}
		return owner != nil
	})
	return owner, other
}

// bidders bid on one auction, each under keys of its own, until stop; every answer is noted with its time.
type bidders struct {
	j       *journal
	stop    atomic.Bool
	wg      sync.WaitGroup
	mu      sync.Mutex
	heard   []time.Time
	insists int
}

func (b *bidders) run(id string, all []person, amount *atomic.Int64) {
	for _, p := range all {
		b.wg.Add(1)
		go func() {
			defer b.wg.Done()
			for !b.stop.Load() {
				s := &sent{p: p, path: "/listings/" + id + "/bids", body: obj{"max": amount.Add(200)}, key: b.j.key()}
				if s.send(); s.ack == nil {
					b.mu.Lock()
					b.insists++
					b.mu.Unlock()
					s.insist()
				}
				b.j.add(s)
				b.mu.Lock()
				b.heard = append(b.heard, time.Now())
				b.mu.Unlock()
			}
		}()
	}
}

// silence is the longest time without an answer between two moments.
func (b *bidders) silence(from, to time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	last, worst := from, time.Duration(0)
	for _, at := range b.heard {
		if at.After(from) && at.Before(to) {
			worst = max(worst, at.Sub(last))
			last = at
		}
	}
	return max(worst, to.Sub(last))
}

// TestOwnerOfALaneDies kills the process that decides an auction while people bid through the other one: nothing
// acknowledged is lost, nothing is decided twice, and the silence is short.
func TestOwnerOfALaneDies(t *testing.T) {
	f := newFarm(t, 2, 1)
	seller := f.web[0].person("seller", 0)
	id := seller.auction(3600, obj{"startPrice": 100, "increments": [][]int{{0, 100}}})
	j := &journal{}
	var amount atomic.Int64
	var bidding []person
	for i := range 16 {
		bidding = append(bidding, f.web[0].person(fmt.Sprintf("bidder%d", i), 0))
	}
	var silences []time.Duration
	times := kills(2, 2)
	for range times {
		f.even()
		owner, other := f.ownerOf(id)
		b := &bidders{j: j}
		for i := range bidding {
			bidding[i] = bidding[i].through(other)
		}
		b.run(id, bidding, &amount)
		time.Sleep(700 * time.Millisecond)
		at := time.Now()
		owner.site.Kill()
		time.Sleep(4 * time.Second)
		b.stop.Store(true)
		b.wg.Wait()
		silences = append(silences, b.silence(at, at.Add(4*time.Second)))
		j.killed++
		j.asked += b.insists
		owner.site.Start()
	}
	slices.Sort(silences)
	median, worst := silences[len(silences)/2], silences[len(silences)-1]
	t.Logf("%d kills, silence median %v, worst %v", times, median, worst)
	if median > 500*time.Millisecond || worst > 3500*time.Millisecond {
		t.Errorf("silence median %v, worst %v; want at most 0.5 s and 3.5 s", median, worst)
	}
	f.sound(j, id)
}

// TestOwnerOfALaneSleeps stops the process that decides an auction for longer than its lease and wakes it up under load.
func TestOwnerOfALaneSleeps(t *testing.T) {
	f := newFarm(t, 2, 1)
	seller := f.web[0].person("seller", 0)
	id := seller.auction(3600, obj{"startPrice": 100, "increments": [][]int{{0, 100}}})
	j := &journal{}
	var amount atomic.Int64
	var bidding []person
	for i := range 16 {
		bidding = append(bidding, f.web[0].person(fmt.Sprintf("bidder%d", i), 0))
	}
	for range kills(4, 1) {
		f.even()
		owner, other := f.ownerOf(id)
		b := &bidders{j: j}
		for i := range bidding { // some through the sleeper: what they sent is decided once, too
			through := other
			if i%4 == 0 {
				through = owner
			}
			bidding[i] = bidding[i].through(through)
		}
		b.run(id, bidding, &amount)
		time.Sleep(500 * time.Millisecond)
		owner.site.Pause()
		time.Sleep(4 * time.Second)
		owner.site.Resume()
		time.Sleep(500 * time.Millisecond)
		b.stop.Store(true)
		b.wg.Wait()
		j.asked += b.insists
	}
	f.sound(j, id)
}

// sound holds the auction's log against the journal, and the whole store against its invariants.
func (f *farm) sound(j *journal, id string) {
	f.t.Helper()
	for _, s := range j.sent {
		if s.ack == nil {
			f.t.Fatalf("%s under key %s was never answered", s.path, s.key)
		}
	}
	m := f.web[0]
	j.holdBids(f.t, m, id)
	m.balanced()
	if stdout, stderr, code := testenv.Run(f.t, "", "verify", m.logOf(id)); code != 0 {
		f.t.Errorf("verify: %s%s", stdout, stderr)
	}
}

// TestWireBetweenProcessesIsSealed records what one web process sends the other: a maximum that travels there is not
// found in it, in no form.
func TestWireBetweenProcessesIsSealed(t *testing.T) {
	t.Parallel()
	f := newFarm(t, 1, 0)
	tap := newTap(t)
	tapped := f.addWeb("--advertise=" + tap.address)
	tap.to = tapped.address()
	const planted = 731_946_500
	seller := f.web[0].person("seller", 0)
	bidder := f.web[0].person("bidder", 0)
	f.until("the tapped process owns lanes and decides a bid", func() bool {
		id := seller.auction(3600, obj{"startPrice": 100})
		bidder.do("POST", "/listings/"+id+"/bids", obj{"max": planted}).want(201)
		return tap.bytes() > 2000
	})
	traffic := tap.all()
	little, big := binary.LittleEndian.AppendUint32(nil, planted), binary.BigEndian.AppendUint32(nil, planted)
	for _, form := range [][]byte{[]byte("731946500"), []byte("7319465"), []byte("7,319,465"), little, big, []byte(bidder.id), []byte("english")} {
		if bytes.Contains(traffic, form) {
			t.Errorf("%q is on the wire", form)
		}
	}
	if !bytes.Contains(traffic, []byte("POST /internal/lanes/")) {
		t.Error("nothing was forwarded: the test shows nothing")
	}
	if strings.Contains(tapped.site.Log()+f.web[0].site.Log(), "/internal/lanes") {
		t.Error("the log tells of messages between processes")
	}
}

// tap carries connections to an address and keeps what goes through.
type tap struct {
	address, to string
	mu          sync.Mutex
	kept        bytes.Buffer
}

func newTap(t *testing.T) *tap {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	p := &tap{address: l.Addr().String()}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.carry(c)
		}
	}()
	return p
}

func (p *tap) carry(c net.Conn) {
	defer c.Close()
	to, err := net.Dial("tcp", p.to)
	if err != nil {
		return
	}
	defer to.Close()
	go func() { _, _ = io.Copy(to, io.TeeReader(c, p)) }()
	_, _ = io.Copy(c, io.TeeReader(to, p))
}

// Write keeps what goes through.
func (p *tap) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kept.Write(b)
}

func (p *tap) bytes() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kept.Len()
}

func (p *tap) all() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return bytes.Clone(p.kept.Bytes())
}

// TestFarmTakesEveryEntryOnce lets 64 people bid on one auction and on 200 through two web processes, each request through
// the one whose turn it is: every acknowledged bid stands in its log once, and nothing else does.
func TestFarmTakesEveryEntryOnce(t *testing.T) {
	m := newFarm(t, 2, 2).asOne()
	seller := m.person("seller", 0)
	var crowd []person
	for i := range 64 {
		crowd = append(crowd, m.person(fmt.Sprintf("bidder%d", i), 0))
	}
	for _, auctions := range []int{1, 200} {
		t.Run(fmt.Sprint(auctions, " auctions"), func(t *testing.T) {
			ids := make([]string, auctions)
			for i := range ids {
				ids[i] = seller.auction(3600, obj{"startPrice": 100, "increments": [][]int{{0, 100}}})
			}
			accepted := bidAll(t, crowd, ids)
			total := 0
			for _, id := range ids {
				total += heldAgainst(t, m, id, accepted[id])
			}
			t.Logf("%d bids accepted, each once in its log", total)
			if total < 200 {
				t.Errorf("only %d bids were accepted: the test shows little", total)
			}
		})
	}
	m.balanced()
}

// bidAll lets everybody bid some times on auctions drawn at random, and gives the receipts by auction.
func bidAll(t *testing.T, crowd []person, ids []string) map[string][]obj {
	const each = 25
	var mu sync.Mutex
	var all sync.WaitGroup
	accepted := map[string][]obj{}
	amounts := make([]atomic.Int64, len(ids))
	for n, p := range crowd {
		all.Go(func() {
			for k := range each {
				i := rand.IntN(len(ids))
				a := p.do("POST", "/listings/"+ids[i]+"/bids", obj{"max": 100 * amounts[i].Add(2)}, "Idempotency-Key", fmt.Sprint("load-", n, "-", k, "-", len(ids)))
				switch a.status {
				case 201:
					mu.Lock()
					accepted[ids[i]] = append(accepted[ids[i]], a.obj())
					mu.Unlock()
				case 422: // outbid meanwhile
				default:
					t.Errorf("a bid: %d %s", a.status, a.body)
				}
			}
		})
	}
	all.Wait()
	return accepted
}

// heldAgainst holds an auction's log against receipts, and counts them.
func heldAgainst(t *testing.T, m *market, id string, receipts []obj) int {
	t.Helper()
	lines := m.lines(id)
	entered := 0
	for i, l := range lines {
		if l.num("seq") != int64(i) {
			t.Errorf("deal %s: line %d stands at %d", id, l.num("seq"), i)
		}
		if l.str("kind") == "entered" {
			entered++
		}
	}
	seen := map[int64]bool{}
	for _, r := range receipts {
		seq := r.num("receipt.seq")
		if seen[seq] || seq >= int64(len(lines)) || lines[seq].str("hash") != r.str("receipt.hash") {
			t.Errorf("deal %s: the receipt of line %d is not the log's, or stands twice", id, seq)
		}
		seen[seq] = true
	}
	if entered != len(receipts) {
		t.Errorf("deal %s: %d lines for %d receipts", id, entered, len(receipts))
	}
	return len(receipts)
}
