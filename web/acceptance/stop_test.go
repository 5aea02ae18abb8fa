package acceptance

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// TestStopLosesNothing asks a process to end (SIGTERM) while 16 people bid through it and 20 watch: what was answered
// stands, what was not is answered elsewhere under its key, streams end cleanly and go on where they were, and it is gone
// within ten seconds.
func TestStopLosesNothing(t *testing.T) {
	t.Run("one of two processes, behind a balancer", func(t *testing.T) {
		const drain = 1500 * time.Millisecond
		f := newFarm(t, 1, 1)
		leaving := f.addWeb("--drain=" + drain.String())
		f.even()
		s := newStop(t, leaving, func() *market { return f.web[0] })
		s.stop(drain)
		s.sound(f.web[0])
	})
	t.Run("the only process, started again", func(t *testing.T) {
		m := start(t)
		back := make(chan struct{})
		s := newStop(t, m, func() *market { <-back; return m })
		s.stop(0)
		m.site.Start()
		close(back)
		s.sound(m)
	})
}

// stopping is an auction under load whose process is stopped.
type stopping struct {
	t    *testing.T
	m    *market        // is stopped
	next func() *market // where clients go then; waits until it is there
	deal string
	j    *journal

	over    atomic.Bool
	clients sync.WaitGroup
	moved   atomic.Int64 // bids that were answered elsewhere
	resumed atomic.Int64 // streams that went on elsewhere
	mu      sync.Mutex
	last    []int64 // by stream: the newest event
}

func newStop(t *testing.T, m *market, next func() *market) *stopping {
	s := &stopping{t: t, m: m, next: next, j: &journal{}, last: make([]int64, 20)}
	s.deal = m.person("seller", 0).auction(3600, obj{"startPrice": 100, "increments": [][]int{{0, 100}}})
	var amount atomic.Int64
	for i := range 16 {
		p := m.person(fmt.Sprintf("bidder%d", i), 0)
		s.clients.Go(func() { s.bid(p, &amount) })
	}
	for i := range s.last {
		s.clients.Go(func() { s.watch(i) })
	}
	time.Sleep(700 * time.Millisecond)
	return s
}

// bid bids until the end. What was not answered is asked again, elsewhere, under its key.
func (s *stopping) bid(p person, amount *atomic.Int64) {
	for !s.over.Load() {
		x := &sent{p: p, path: "/listings/" + s.deal + "/bids", body: obj{"max": amount.Add(200)}, key: s.j.key()}
		if x.send(); x.ack == nil {
			p = p.through(s.next())
			x.p = p
			s.moved.Add(1)
			x.insist()
		}
		s.j.add(x)
	}
}

// watch reads the deal's events, and goes on elsewhere from the last one when the stream ends. Ids only grow.
func (s *stopping) watch(n int) {
	at, last := s.m, int64(-1)
	for !s.over.Load() {
		var err error
		if last, err = s.read(n, at, last); err != nil {
			s.t.Errorf("stream %d did not end cleanly: %v", n, err)
			return
		}
		if !s.over.Load() {
			at = s.next()
			s.resumed.Add(1)
		}
	}
}

// read reads one stream to its end, which must be a clean one; the test's end cuts it.
func (s *stopping) read(n int, at *market, after int64) (last int64, err error) {
	last = after
	req, err := http.NewRequest("GET", at.site.URL+"/api/v1/deals/"+s.deal+"/events", nil)
	if err != nil {
		return last, err
	}
	if after >= 0 {
		req.Header.Set("Last-Event-ID", strconv.FormatInt(after, 10))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return last, err
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		text, isID := strings.CutPrefix(lines.Text(), "id: ")
		if !isID {
			continue
		}
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id < last {
			return last, fmt.Errorf("event %q after %d", text, last)
		}
		last = max(last, id)
		s.mu.Lock()
		s.last[n] = last
		s.mu.Unlock()
		if s.over.Load() {
			return last, nil
		}
	}
	return last, lines.Err()
}

// stop ends the process and holds it against what it promises.
func (s *stopping) stop(drain time.Duration) {
	begun, gone := time.Now(), make(chan int, 1)
	address := s.m.address()
	go func() { gone <- s.m.site.Stop() }()
	if drain > 0 {
		s.drains(begun.Add(drain))
	}
	refused := time.Duration(0)
	for refused == 0 && time.Since(begun) < drain+10*time.Second {
		c, err := net.DialTimeout("tcp", address, time.Second)
		if errors.Is(err, syscall.ECONNREFUSED) {
			refused = time.Since(begun)
		} else if err == nil {
			_ = c.Close()
			time.Sleep(5 * time.Millisecond)
		}
	}
	code := <-gone
	took := time.Since(begun)
	s.t.Logf("connections refused after %v, gone after %v", refused, took)
	if code != 0 || refused == 0 || refused > drain+700*time.Millisecond || took > drain+10*time.Second {
		s.t.Errorf("exit %d; refused connections after %v, gone after %v", code, refused, took)
	}
}

// drains holds the time before the end: not ready, and serving.
func (s *stopping) drains(until time.Time) {
	noticed := false
	for time.Until(until) > 300*time.Millisecond {
		time.Sleep(50 * time.Millisecond)
		res, err := http.Get(s.m.site.URL + "/readyz")
		if err != nil {
			s.t.Errorf("while it drains it does not answer: %v", err)
			return
		}
		_ = res.Body.Close()
		noticed = noticed || res.StatusCode == http.StatusServiceUnavailable
		if res, err = http.Get(s.m.site.URL + "/api/v1/deals/" + s.deal); err != nil || res.StatusCode != 200 {
			s.t.Errorf("while it drains a deal cannot be read: %v", err)
			return
		}
		_ = res.Body.Close()
	}
	if !noticed {
		s.t.Error("/readyz did not say that it is about to end")
	}
}

// sound lets the clients go on for a while, and holds everything against the journal.
func (s *stopping) sound(m *market) {
	s.t.Helper()
	time.Sleep(1500 * time.Millisecond)
	s.over.Store(true)
	wake := &sent{p: m.person("latecomer", 0), path: "/listings/" + s.deal + "/bids", body: obj{"max": 900_000_000}, key: s.j.key()}
	wake.send() // every stream hears of it, and ends
	s.j.add(wake)
	all := make(chan struct{})
	go func() { s.clients.Wait(); close(all) }()
	select {
	case <-all:
	case <-time.After(20 * time.Second):
		s.t.Fatal("a client waits for ever")
	}
	for _, x := range s.j.sent {
		if x.ack == nil {
			s.t.Fatalf("%s under key %s was never answered", x.path, x.key)
		}
	}
	lines := m.lines(s.deal)
	head := int64(len(lines)) - 1
	for i, last := range s.last {
		if last < head-64 { // it ended with the first event after the test did
			s.t.Errorf("stream %d stopped at event %d of %d", i, last, head)
		}
	}
	if s.moved.Load() == 0 || s.resumed.Load() == 0 {
		s.t.Errorf("%d bids and %d streams moved: the test shows nothing", s.moved.Load(), s.resumed.Load())
	}
	s.t.Logf("%d bids and %d streams went on elsewhere", s.moved.Load(), s.resumed.Load())
	s.j.holdBids(s.t, m, s.deal)
	m.balanced()
	m.verified(s.deal)
}
