package acceptance

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"haggle/internal/testenv"
)

// kills is how often a crash test pulls the plug: few by default, HAGGLE_KILLS sets the full count of the bidding test,
// a third of it while deals settle, half of it on MongoDB.
func kills(share, otherwise int) int {
	n, err := strconv.Atoi(os.Getenv("HAGGLE_KILLS"))
	if err != nil {
		return otherwise
	}
	return max(1, n/share)
}

// crashSeed is printed with every crash test, so that its moments can be had again.
func crashSeed(t *testing.T) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	if s, err := strconv.ParseUint(os.Getenv("HAGGLE_SEED"), 10, 64); err == nil {
		seed = s
	}
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// onMongo starts a market over a database of its own on a real mongod.
func onMongo(t *testing.T) *market {
	t.Helper()
	uri := strings.Replace(testenv.Mongod(t), "/?", fmt.Sprintf("/alone%d?", people.Add(1)), 1)
	return start(t, "--mongo="+uri, "--secret=0123456789abcdef0123456789abcdef")
}

// sent is a request whose fate the killer writes down.
type sent struct {
	p    person
	path string
	body obj
	key  string
	ack  *answer // nil: the connection broke, the outcome is not known
}

// send sends a request under its key and notes what is known of it.
func (s *sent) send() {
	a := s.p.try("POST", s.path, s.body, "Idempotency-Key", s.key)
	if a.err == nil && a.status != 503 {
		s.ack = &a
	}
}

// insisting is how long a client repeats a request: a dead process's open transaction holds what it wrote until MongoDB
// ends it, and every answer until then is 503.
const insisting = 30 * time.Second

// insist repeats the request under its key until it is answered.
func (s *sent) insist() bool {
	for end := time.Now().Add(insisting); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if s.send(); s.ack != nil {
			return true
		}
	}
	return false
}

// journal is what the killer remembers; it outlives every process that it kills.
type journal struct {
	mu     sync.Mutex
	sent   []*sent
	killed int
	known  int // acknowledged before the kill
	asked  int // unknown, and repeated with their key
	next   atomic.Int64
}

func (j *journal) add(s *sent) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.sent = append(j.sent, s)
}

// pull lets clients work for a while, kills the site under them, starts it again, and repeats every request whose
// outcome is not known: each must get one answer.
func (j *journal) pull(m *market, work time.Duration, clients []func() *sent) {
	var wg sync.WaitGroup
	for _, next := range clients {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for {
				s := next()
				s.send()
				j.add(s)
				if s.ack == nil {
					return
				}
			}
		}()
	}
	time.Sleep(work)
	m.site.Kill()
	wg.Wait()
	m.site.Start()
	j.killed++
	for _, s := range j.sent {
		if s.ack != nil {
			j.known++
			continue
		}
		j.asked++
		if !s.insist() {
			m.t.Fatalf("%s under key %s is still not known after %s", s.path, s.key, insisting)
		}
	}
	j.known -= j.asked // counted again in a later round
}

func (j *journal) key() string { return fmt.Sprintf("crash-%d", j.next.Add(1)) }

// TestCrashWhileBidding kills the site while 16 people bid and four put money into their wallets.
func TestCrashWhileBidding(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { crashWhileBidding(t, start(t), kills(1, 3)) })
	t.Run("mongo", func(t *testing.T) { crashWhileBidding(t, onMongo(t), kills(2, 1)) })
}

func crashWhileBidding(t *testing.T, m *market, times int) {
	random := crashSeed(t)
	seller := m.person("seller", 0)
	id := seller.auction(3600, obj{"startPrice": 100, "increments": [][]int{{0, 100}}})
	j := &journal{}
	var amount atomic.Int64
	amount.Store(100)
	var clients []func() *sent
	for i := range 16 {
		p := m.person(fmt.Sprintf("bidder%d", i), 0)
		clients = append(clients, func() *sent {
			return &sent{p: p, path: "/listings/" + id + "/bids", body: obj{"max": amount.Add(200)}, key: j.key()}
		})
	}
	var savers []person
	for i := range 4 {
		p := m.person(fmt.Sprintf("saver%d", i), 0)
		savers = append(savers, p)
		clients = append(clients, func() *sent {
			return &sent{p: p, path: "/wallet/deposits", body: obj{"amount": 1000, "card": "4242424242424242"}, key: j.key()}
		})
	}
	for range times {
		j.pull(m, time.Duration(50+random.IntN(350))*time.Millisecond, clients)
	}
	j.holdBids(t, m, id)
	j.holdDeposits(t, savers)
	m.balanced()
	if stdout, stderr, code := testenv.Run(t, "", "verify", m.logOf(id)); code != 0 {
		t.Errorf("verify: %s%s", stdout, stderr)
	}
}

// holdBids holds the log against the journal: every acknowledged bid is there, and nobody's stands twice.
func (j *journal) holdBids(t *testing.T, m *market, id string) {
	t.Helper()
	lines := m.lines(id)
	entered := 0
	for _, l := range lines {
		if l.str("kind") == "entered" {
			entered++
		}
	}
	lost, accepted := 0, map[int64]string{}
	for _, s := range j.sent {
		if s.ack.status != 201 || s.path == "/wallet/deposits" {
			continue
		}
		r := s.ack.obj()
		seq := r.num("receipt.seq")
		if twin, twice := accepted[seq]; twice {
			t.Errorf("line %d answers the keys %s and %s", seq, twin, s.key)
		}
		accepted[seq] = s.key
		if seq >= int64(len(lines)) || lines[seq].str("hash") != r.str("receipt.hash") {
			lost++
		}
	}
	t.Logf("%d kills, %d requests, %d bids accepted, %d unknown and asked again, %d lost, %d lines", j.killed, len(j.sent), len(accepted), j.asked, lost, entered)
	if lost > 0 || entered != len(accepted) {
		t.Errorf("%d bids lost; %d lines for %d accepted bids", lost, entered, len(accepted))
	}
	if len(accepted) == 0 {
		t.Error("no bid was accepted: the test shows nothing")
	}
}

// holdDeposits holds wallets against the journal: each acknowledged deposit is there once.
func (j *journal) holdDeposits(t *testing.T, savers []person) {
	t.Helper()
	want := map[string]int64{}
	for _, s := range j.sent {
		if s.path == "/wallet/deposits" && s.ack.status == 201 {
			want[s.p.id] += 1000
		}
	}
	for _, p := range savers {
		if got, _ := p.wallet(); got != want[p.id] {
			t.Errorf("a saver has %d, the journal says %d", got, want[p.id])
		}
	}
}

// lines reads a deal's whole log.
func (m *market) lines(id string) (out []obj) {
	m.t.Helper()
	a := m.guest().do("GET", "/deals/"+id+"/log", nil, "Accept", "application/json").want(200)
	if err := json.Unmarshal(a.body, &out); err != nil {
		m.t.Fatal(err)
	}
	return out
}

// settling are how many deals end in the same second, usually and with large samples.
const settlingUsually, settlingLarge = 60, 200

// TestCrashWhileSettling lets a crowd of deals end in the same second and kills the site while they close and settle.
func TestCrashWhileSettling(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) { crashWhileSettling(t, start(t), kills(3, 2)) })
	t.Run("mongo", func(t *testing.T) { crashWhileSettling(t, onMongo(t), kills(6, 1)) })
}

func crashWhileSettling(t *testing.T, m *market, times int) {
	random := crashSeed(t)
	seller := m.person("seller", 0)
	var members []person
	for i := range 5 {
		members = append(members, m.person(fmt.Sprintf("member%d", i), 100*plenty))
	}
	deals := testenv.Draw(settlingUsually, settlingLarge, settlingLarge)
	begun, sample := time.Now(), deals/10
	ids := openMany(m, seller, members, sample, begun.UTC().Add(days*time.Second)) // tells how long opening takes
	at := begun
	for opening := 3*time.Since(begun)*time.Duration(deals/sample) + 2*time.Second; len(ids) < deals; opening *= 2 {
		for _, id := range ids {
			seller.do("POST", "/deals/"+id+"/cancel", obj{"reason": "owner_withdrew"}).want(201)
		}
		at = time.Now().Add(opening).UTC().Truncate(time.Second)
		ids = openMany(m, seller, members, deals, at)
	}
	time.Sleep(time.Until(at))
	for range times {
		time.Sleep(time.Duration(random.IntN(250)) * time.Millisecond)
		m.site.Kill()
		m.site.Start()
	}
	results := map[string]int{}
	for _, id := range ids {
		results[members[0].closed(id, 60*time.Second).str("outcome.result")]++
	}
	m.onceEach(members, len(ids))
	for _, p := range members {
		if _, held := p.wallet(); held != 0 {
			t.Errorf("%d is still held", held)
		}
	}
	m.balanced()
	for range 20 {
		m.verified(ids[random.IntN(len(ids))])
	}
	t.Logf("%d kills while %d deals settled: %v", times, len(ids), results)
}

// openMany opens deals that end at one instant: groups of five pledges, and auctions with three bids. It stops short of n
// while time is left in which those that it opened can be withdrawn, and before a deal would be open for under a second.
func openMany(m *market, seller person, members []person, n int, at time.Time) (ids []string) {
	least := max(time.Until(at)/5, 1500*time.Millisecond)
	closing := obj{"durationSeconds": nil, "closesAt": at.Format(time.RFC3339), "softClose": obj{"windowSeconds": 0, "extendSeconds": 0}}
	for i := range n {
		if time.Until(at) < least {
			return ids
		}
		if i%2 == 0 {
			id := seller.group(0, obj{"durationSeconds": nil, "closesAt": at.Format(time.RFC3339)})
			for _, p := range members {
				p.do("POST", "/groups/"+id+"/pledges", obj{"quantity": 1}).want(201)
			}
			ids = append(ids, id)
			continue
		}
		id := seller.auction(0, closing)
		for k, p := range members[:3] {
			p.do("POST", "/listings/"+id+"/bids", obj{"max": 200_000 + 50_000*k}).want(201)
		}
		ids = append(ids, id)
	}
	return ids
}

// onceEach holds the orders against the deals: a group's five members have one each, an auction's winner has one.
func (m *market) onceEach(members []person, deals int) {
	m.t.Helper()
	seen := map[string]bool{}
	for _, p := range members {
		for cursor := ""; ; {
			page := p.do("GET", "/orders?side=buyer&limit=100&cursor="+cursor, nil).want(200).obj()
			items, _ := page["items"].([]any)
			for _, o := range items {
				seen[obj(o.(map[string]any)).str("id")] = true
			}
			if cursor = page.str("next"); cursor == "" {
				break
			}
		}
	}
	if want := deals/2*5 + deals/2; len(seen) != want {
		m.t.Errorf("%d orders, want %d", len(seen), want)
	}
}
