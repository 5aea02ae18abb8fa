package acceptance

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"haggle/internal/testenv"
)

// latest is how late a deal may be decided when nobody but the sweep, which looks every two seconds, knows of it; the rest
// is for machines that are busy.
const latest = 2*time.Second + 1500*time.Millisecond

// redisClient speaks to a test's own Redis.
func redisClient(t *testing.T, s *testenv.Server) *redis.Client {
	t.Helper()
	opts, err := redis.ParseURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(opts)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// wave is auctions that end one after the other, with a bid each.
type wave struct {
	m      *market
	seller person
	buyer  person
	ids    []string
}

func (m *market) wave(n int, from, every time.Duration) *wave {
	m.t.Helper()
	w := &wave{m: m, seller: m.person("seller", 0), buyer: m.person("buyer", 0)}
	begun := time.Now()
	for i := range n {
		end := begun.Add(from + time.Duration(i)*every).UTC().Format("2006-01-02T15:04:05.000Z")
		id := w.seller.auction(0, obj{"durationSeconds": nil, "closesAt": end, "softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
		w.buyer.do("POST", "/listings/"+id+"/bids", obj{"max": 150_000}).want(201)
		w.ids = append(w.ids, id)
	}
	return w
}

// ended waits until all are sold, and holds how late each was decided against the promise.
func (w *wave) ended() {
	w.m.t.Helper()
	var worst time.Duration
	for _, id := range w.ids {
		d := w.m.guest().closed(id, 40*time.Second)
		if d.str("status") != "settled" || d.str("outcome.result") != "sold" {
			w.m.t.Errorf("deal %s is %s, %s", id, d.str("status"), d.str("outcome.result"))
		}
		closesAt, err := time.Parse(time.RFC3339, d.str("closesAt"))
		if err != nil {
			w.m.t.Fatal(err)
		}
		worst = max(worst, w.m.decidedAt(id).Sub(closesAt))
		w.m.verified(id)
	}
	w.m.t.Logf("the latest of %d was decided %v after its time", len(w.ids), worst)
	if worst > latest {
		w.m.t.Errorf("the latest was decided %v after its time", worst)
	}
	w.m.balanced()
}

// decidedAt is the moment that the last line of a deal's log carries.
func (m *market) decidedAt(id string) time.Time {
	m.t.Helper()
	body := m.guest().do("GET", "/deals/"+id+"/log", nil, "Accept", "application/jsonl").want(200).body
	lines := strings.Split(strings.TrimSpace(string(body)), "\n")
	var last struct {
		At   time.Time
		Kind string
	}
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil || last.Kind != "closed" {
		m.t.Fatalf("the log of %s ends with %s", id, lines[len(lines)-1])
	}
	return last.At
}

// told waits until every change has reached the search copy: nothing waits in the outbox.
func (m *market) told() {
	m.t.Helper()
	for end := time.Now().Add(40 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		res, err := http.Get(m.site.URL + "/metrics")
		if err != nil {
			m.t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if strings.Contains(string(body), "\nhaggle_outbox_age_seconds 0\n") {
			return
		}
		if time.Now().After(end) {
			m.t.Fatal("changes wait in the outbox")
		}
	}
}

// found says that the search knows all of them as settled.
func (w *wave) found() {
	w.m.t.Helper()
	w.m.told()
	o := w.m.guest().do("GET", "/search?q=camera&status=settled&limit=100", nil).want(200).obj()
	if n := o.num("total"); n != int64(len(w.ids)) {
		w.m.t.Errorf("the search knows %d settled deals, want %d", n, len(w.ids))
	}
}

// trades says that bids and pages go on, each within two seconds.
func (m *market) trades(seller, buyer person) {
	m.t.Helper()
	id := seller.auction(3600, nil)
	for i := range 5 {
		begun := time.Now()
		buyer.do("POST", "/listings/"+id+"/bids", obj{"max": 150_000 + 10_000*i}).want(201)
		res, err := http.Get(m.site.URL + "/deals/" + id)
		if err != nil {
			m.t.Fatal(err)
		}
		_ = res.Body.Close()
		if took := time.Since(begun); res.StatusCode != 200 || took > 2*time.Second {
			m.t.Errorf("a bid and its page: %d after %v", res.StatusCode, took)
		}
	}
}

// TestRedisIsFlushedAllTheTime empties Redis five times a second while deals end.
func TestRedisIsFlushedAllTheTime(t *testing.T) {
	t.Parallel()
	server := testenv.OwnRedis(t)
	client := redisClient(t, server)
	m := start(t, "--redis="+server.URL)
	w := m.wave(30, 4*time.Second, 200*time.Millisecond)
	stop := make(chan struct{})
	var flushing sync.WaitGroup
	flushing.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(200 * time.Millisecond):
				_ = client.FlushAll(context.Background()).Err()
			}
		}
	})
	w.ended()
	m.trades(w.seller, w.buyer)
	close(stop)
	flushing.Wait()
	w.found()
}

// TestRedisIsGoneWhileDealsEnd stops Redis before the deals end and starts it again, empty, after 20 s.
func TestRedisIsGoneWhileDealsEnd(t *testing.T) {
	t.Parallel()
	away := 6 * time.Second
	if testenv.Full() {
		away = 20 * time.Second
	}
	server := testenv.OwnRedis(t)
	m := start(t, "--redis="+server.URL)
	w := m.wave(20, 5*time.Second, 200*time.Millisecond)
	server.Kill()
	gone := time.Now()
	m.trades(w.seller, w.buyer)
	w.ended()
	time.Sleep(time.Until(gone.Add(away)))
	server.Start(t)
	more := m.wave(5, 3*time.Second, 200*time.Millisecond)
	more.ended()
	w.ids = append(w.ids, more.ids...)
	w.found()
}

// TestRedisStartsLate starts the site before its Redis.
func TestRedisStartsLate(t *testing.T) {
	t.Parallel()
	server := testenv.OwnRedis(t)
	server.Kill()
	m := start(t, "--redis="+server.URL)
	w := m.wave(5, 3*time.Second, 200*time.Millisecond)
	m.trades(w.seller, w.buyer)
	w.ended()
	server.Start(t)
	m.redisAnswers(redisClient(t, server))
	more := m.wave(5, 3*time.Second, 200*time.Millisecond)
	more.ended()
	w.ids = append(w.ids, more.ids...)
	w.found()
}

// redisAnswers waits until the site has put its hands to the queue.
func (m *market) redisAnswers(c *redis.Client) {
	m.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if n, err := c.ZCard(context.Background(), "asynq:servers").Result(); err == nil && n > 0 {
			return
		}
		if time.Now().After(end) {
			m.t.Fatal("the site does not come back to its Redis")
		}
	}
}

// TestRedisIsFull gives Redis no memory: bids and pages go on, deals end in time, and what was missed is done.
func TestRedisIsFull(t *testing.T) {
	t.Parallel()
	server := testenv.OwnRedis(t)
	client := redisClient(t, server)
	m := start(t, "--redis="+server.URL, "--limits=on")
	for key, value := range map[string]string{"maxmemory-policy": "noeviction", "maxmemory": "1mb"} {
		if err := client.ConfigSet(t.Context(), key, value).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.Set(t.Context(), "one", "more", 0).Err(); err == nil || !strings.Contains(err.Error(), "OOM") {
		t.Fatalf("Redis is not full: %v", err)
	}
	w := m.wave(10, 4*time.Second, 200*time.Millisecond)
	m.trades(w.seller, w.buyer)
	w.ended()
	w.found()
	if err := client.ConfigSet(t.Context(), "maxmemory", "0").Err(); err != nil {
		t.Fatal(err)
	}
	more := m.wave(5, 3*time.Second, 200*time.Millisecond)
	more.ended()
}

// TestEventsReachOtherProcessesWithoutRedis: two web processes whose Redis is away; a bid at one is heard at the other
// within the two seconds of a look at the store, and a little.
func TestEventsReachOtherProcessesWithoutRedis(t *testing.T) {
	server := testenv.OwnRedis(t)
	f := newFarm(t, 2, 1, "--redis="+server.URL)
	seller, buyer := f.web[0].person("seller", 0), f.web[0].person("buyer", 0)
	id := seller.auction(3600, nil)
	owner, other := f.ownerOf(id)
	heard := make(chan int64, 100)
	go listen(t, other, id, heard) // not where the bids are decided
	bid := func(most int) time.Duration {
		begun := time.Now()
		buyer.through(owner).do("POST", "/listings/"+id+"/bids", obj{"max": most}).want(201)
		want := owner.guest().deal(id).num("seq")
		for {
			select {
			case seq := <-heard:
				if seq >= want {
					return time.Since(begun)
				}
			case <-time.After(10 * time.Second):
				t.Fatalf("event %d did not arrive", want)
			}
		}
	}
	<-heard // the state at the beginning
	with := bid(120_000)
	server.Kill()
	var without time.Duration
	for i := range 4 {
		without = max(without, bid(140_000+20_000*i))
	}
	server.Start(t)
	f.until("the processes hear each other through Redis again", func() bool {
		time.Sleep(300 * time.Millisecond)
		n, err := redisClient(t, server).PubSubNumPat(context.Background()).Result()
		subs, err2 := redisClient(t, server).PubSubChannels(context.Background(), "*").Result()
		return err == nil && err2 == nil && (n > 0 || len(subs) > 0)
	})
	again := bid(300_000)
	if without < 100*time.Millisecond {
		t.Errorf("without Redis an event took %v: somebody else told it, and the test shows nothing", without)
	}
	t.Logf("an event of the other process arrives after %v; without Redis after %v at most; again %v", with, without, again)
	if without > 4*time.Second {
		t.Errorf("without Redis an event took %v", without)
	}
}

// listen reads a deal's events at a process and tells their numbers.
func listen(t *testing.T, m *market, id string, heard chan<- int64) {
	req, err := http.NewRequestWithContext(t.Context(), "GET", m.site.URL+"/api/v1/deals/"+id+"/events", nil)
	if err != nil {
		t.Error(err)
		return
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Error(err)
		return
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if text, ok := strings.CutPrefix(lines.Text(), "id: "); ok {
			if seq, err := strconv.ParseInt(text, 10, 64); err == nil {
				heard <- seq
			}
		}
	}
	if t.Context().Err() == nil {
		t.Error(fmt.Errorf("the stream ended: %v", lines.Err()))
	}
}
