package workers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/queue"
	"haggle/internal/queue/redisq"
	"haggle/internal/redisconn"
)

// changed is a change that rows of these versions tell of.
func changed(topic, subject string, versions ...int64) change {
	c := change{Topic: topic, Subject: subject}
	for _, v := range versions {
		c.Rows = append(c.Rows, engine.Told{ID: fmt.Sprintf("%s:%s:%d", topic, subject, v), Version: v})
	}
	return c
}

// TestRowsOfASubjectAreOneChange: there is one a subject, but in a store that an earlier version wrote.
func TestRowsOfASubjectAreOneChange(t *testing.T) {
	row := func(topic, subject string, version int64) engine.OutboxRow {
		return engine.OutboxRow{ID: fmt.Sprintf("%s:%s:%d", topic, subject, version), Topic: topic, Subject: subject, Version: version}
	}
	got := coalesce([]engine.OutboxRow{row("deal", "a", 3), row("order", "a", 1), row("deal", "b", 1), row("deal", "a", 2), row("deal", "a", 5)})
	want := []change{changed("deal", "a", 3, 2, 5), changed("order", "a", 1), changed("deal", "b", 1)}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(change{})); diff != "" {
		t.Error(diff)
	}
}

func TestWhenAChangeIsSentAgain(t *testing.T) {
	at := time.Unix(1000, 0)
	first := changed("deal", "a", 1, 4)
	for _, c := range []struct {
		name   string
		next   change
		after  time.Duration
		done   bool
		failed bool
		try    int
		sent   bool
	}{
		{name: "the same, under way", next: first, after: time.Second},
		{name: "the same, done and its rows not gone yet", next: first, after: time.Second, done: true},
		{name: "the same, not heard of for long", next: first, after: patience + 1, try: 1, sent: true},
		{name: "newer, at once", next: changed("deal", "a", 1, 5), after: unheardGap - 1},
		{name: "newer, a moment later", next: changed("deal", "a", 1, 5), after: unheardGap, sent: true},
		{name: "newer, the first done", next: changed("deal", "a", 5), after: subjectGap, done: true, sent: true},
		{name: "newer, the first done a moment ago", next: changed("deal", "a", 5), after: subjectGap - 1, done: true},
		{name: "another subject", next: changed("deal", "b", 1, 4), after: 1, sent: true},
	} {
		r := newRelay(&Workers{})
		if try, ok := r.begin(first, at); try != 0 || !ok {
			t.Fatalf("the first: %d, %v", try, ok)
		}
		if c.done {
			r.finished("deal", "a", nil)
		}
		if try, ok := r.begin(c.next, at.Add(c.after)); ok != c.sent || try != c.try {
			t.Errorf("%s: try %d, sent %v; want %d, %v", c.name, try, ok, c.try, c.sent)
		}
	}
}

func TestAFailedJobIsTriedAgainSoon(t *testing.T) {
	r := newRelay(&Workers{})
	c := changed("deal", "a", 1)
	r.begin(c, time.Now())
	r.finished("deal", "a", errDown)
	if _, ok := r.begin(c, time.Now()); ok {
		t.Error("it is tried again at once")
	}
	if try, ok := r.begin(c, time.Now().Add(1100*time.Millisecond)); !ok || try != 1 {
		t.Errorf("after a second: try %d, %v", try, ok)
	}
}

func TestTheRelayTellsWithoutAQueue(t *testing.T) {
	y := newYard(t)
	w := y.workers(nil)
	id := y.auction(time.Hour)
	y.purchase()
	if y.waiting() == 0 {
		t.Fatal("nothing waits in the outbox")
	}
	must(t, w.relay.round(t.Context()))
	w.relay.drain()
	if n := y.waiting(); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	found(t, y, id)
}

// found asks the search copy for a deal.
func found(t *testing.T, y *yard, id string) {
	t.Helper()
	v, err := y.Search(t.Context(), market.Actor{}, market.SearchInput{Text: "lamp", Limit: 10})
	if err != nil || len(v.Items) != 1 || v.Items[0].ID != id {
		t.Errorf("search finds %d deals, %v", len(v.Items), err)
	}
}

// noSearch is a market whose search copy is down at first, and never takes one deal.
type noSearch struct {
	*market.Market
	failures atomic.Int32
	never    string
}

func (m *noSearch) IndexDeals(ctx context.Context, ids ...string) error {
	if m.failures.Add(-1) >= 0 || slices.Contains(ids, m.never) {
		return errDown
	}
	return m.Market.IndexDeals(ctx, ids...)
}

// TestADealThatFailsLeavesTheOthersAlone: they are told in one job, and only the rows of the one that failed stay.
func TestADealThatFailsLeavesTheOthersAlone(t *testing.T) {
	y := newYard(t)
	m := &noSearch{Market: y.Market}
	w := y.workers(func(c *Config) { c.Market = m })
	m.never = y.auction(time.Hour)
	for range 3 {
		y.auction(time.Hour)
	}
	must(t, w.relay.round(t.Context()))
	w.relay.drain()
	rows, err := y.engine.OutboxRows(t.Context(), 10)
	must(t, err)
	if len(rows) == 0 || slices.ContainsFunc(rows, func(r engine.OutboxRow) bool { return r.Subject != m.never }) {
		t.Errorf("these rows are left: %+v", rows)
	}
}

// TestRowsOfLaterVersionsStay: a job removes no row of a version that it has not read, and none that tells of a later change
// by the time it is done.
func TestRowsOfLaterVersionsStay(t *testing.T) {
	c := changed("deal", "a", 1, 3, 2)
	if diff := cmp.Diff(changed("deal", "a", 1, 2).Rows, c.until(2)); diff != "" {
		t.Error(diff)
	}
	y := newYard(t)
	id := y.auction(time.Hour)
	row := func() engine.OutboxRow {
		rows, err := y.engine.OutboxRows(t.Context(), 100)
		must(t, err)
		for _, r := range rows {
			if r.Topic == engine.TopicDeal && r.Subject == id {
				return r
			}
		}
		return engine.OutboxRow{}
	}
	before := row()
	_, err := y.PlaceBid(t.Context(), y.member("bidder"), market.Key{}, id, market.BidInput{Max: 50000})
	must(t, err)
	after := row()
	if after.ID != before.ID || after.Version <= before.Version {
		t.Fatalf("a change is told by %+v, the next one by %+v", before, after)
	}
	must(t, y.engine.OutboxDone(t.Context(), engine.Told{ID: before.ID, Version: before.Version}))
	if row() != after {
		t.Error("what came meanwhile is not told any more")
	}
	must(t, y.engine.OutboxDone(t.Context(), engine.Told{ID: after.ID, Version: after.Version}))
	if left := row(); left.ID != "" {
		t.Errorf("the row is left: %+v", left)
	}
}

// TestTheQueueIsAskedOnceForEachTime: a busy deal does not ask to be woken at every entry.
func TestTheQueueIsAskedOnceForEachTime(t *testing.T) {
	var a asked
	a.put("close-due::1000")
	if !a.known("close-due::1000") || a.known("close-due::1001") || a.known("tick-order::1000") {
		t.Error("what was asked is not what is known")
	}
}

func TestRowsStayUntilTheirWorkIsDone(t *testing.T) {
	y := newYard(t)
	m := &noSearch{Market: y.Market}
	m.failures.Store(1)
	w := y.workers(func(c *Config) { c.Market = m })
	id := y.auction(time.Hour)
	must(t, w.relay.round(t.Context()))
	w.relay.drain()
	if y.waiting() == 0 {
		t.Fatal("the rows of a failed job are gone")
	}
	w.relay.slots = make(chan struct{}, jobsAtOnce)
	eventually(t, 3*time.Second, "the job is done again", func() bool { must(t, w.relay.round(t.Context())); return y.waiting() == 0 })
	found(t, y, id)
}

// deadQueue is a queue whose server is gone.
type deadQueue struct{ asked atomic.Int32 }

func (q *deadQueue) Enqueue(context.Context, queue.Task) error { q.asked.Add(1); return errDown }

func TestWithoutRedisJobsAreDoneHere(t *testing.T) {
	y := newYard(t)
	q := &deadQueue{}
	w := y.workers(func(c *Config) { c.Queue = q })
	id := y.auction(time.Hour)
	y.purchase()
	must(t, w.relay.round(t.Context()))
	w.relay.drain()
	if n := y.waiting(); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	found(t, y, id)
	if n := q.asked.Load(); n != 1 {
		t.Errorf("the dead queue was asked %d times", n)
	}
}

// withRedis starts workers whose only wakers are the relay and the queue.
func withRedis(t *testing.T, y *yard) (*Workers, *redisconn.Conn) {
	t.Helper()
	conn, err := redisconn.Open(t.Context(), "")
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	w := y.workers(func(c *Config) { c.Queue, c.Worker = redisq.New(conn), redisq.NewWorker(conn, 4, nil) })
	must(t, w.cfg.Worker.Start(t.Context()))
	t.Cleanup(w.cfg.Worker.Stop)
	return w, conn
}

func TestTheQueueAloneClosesADealOnTime(t *testing.T) {
	y := newYard(t)
	w, _ := withRedis(t, y)
	id := y.auction(2 * time.Second)
	must(t, w.relay.round(t.Context()))
	eventually(t, time.Second, "the change is told", func() bool { return y.waiting() == 0 })
	found(t, y, id)
	d, err := y.engine.Deal(t.Context(), id)
	must(t, err)
	eventually(t, 4*time.Second, "the deal is settled", func() bool { return y.status(id) == deal.Settled })
	if d, err = y.engine.Deal(t.Context(), id); err != nil || d.DecidedAt.Sub(*d.ClosesAt) > 500*time.Millisecond {
		t.Errorf("decided %v after its time, %v", d.DecidedAt.Sub(*d.ClosesAt), err)
	}
}

// TestAFlushOfRedisLosesNothing flushes Redis after every wake-up was queued: the sweep closes the deal, and changes that
// were queued are told again.
func TestAFlushOfRedisLosesNothing(t *testing.T) {
	y := newYard(t)
	w, conn := withRedis(t, y)
	id := y.auction(2 * time.Second)
	must(t, w.relay.round(t.Context()))
	eventually(t, time.Second, "the change is told", func() bool { return y.waiting() == 0 })
	must(t, conn.FlushAll(t.Context()).Err())
	time.Sleep(2500 * time.Millisecond)
	if s := y.status(id); s != deal.Open {
		t.Fatalf("nobody was to wake, and the deal is %s", s)
	}
	must(t, w.sweepDeals(t.Context()))
	if s := y.status(id); s != deal.Settled {
		t.Errorf("after the sweep the deal is %s", s)
	}
	must(t, w.relay.round(t.Context()))
	must(t, conn.FlushAll(t.Context()).Err()) // the change is under way, or lost
	w.relay.mu.Lock()
	for k, s := range w.relay.underWay { // as if patience had run out
		s.again = time.Now().Add(-1)
		w.relay.underWay[k] = s
	}
	w.relay.mu.Unlock()
	eventually(t, 2*time.Second, "the change is told again", func() bool { must(t, w.relay.round(t.Context())); return y.waiting() == 0 })
}

func TestAlarmsAloneCloseDealsOnTime(t *testing.T) {
	y := newYard(t)
	y.workers(nil).alarms.start() // and nothing else
	var ids []string
	for i := range 20 {
		ids = append(ids, y.auction(time.Duration(1+i%3)*time.Second))
	}
	var worst time.Duration
	for _, id := range ids {
		eventually(t, 5*time.Second, "the deal is settled", func() bool { return y.status(id) == deal.Settled })
		d, err := y.engine.Deal(t.Context(), id)
		must(t, err)
		worst = max(worst, d.DecidedAt.Sub(*d.ClosesAt))
	}
	if worst > 500*time.Millisecond {
		t.Errorf("the latest of 20 was decided %v after its time", worst)
	}
	t.Logf("the latest of 20 was decided %v after its time", worst)
}

func TestEveryProcessHearsOfEveryChange(t *testing.T) {
	y := newYard(t)
	heard := map[string]int{}
	w := y.workers(func(c *Config) {
		c.Linger = time.Minute
		c.Follow = func(_ context.Context, ids []string) error {
			for _, id := range ids {
				heard[id]++
			}
			return nil
		}
	})
	f := newFollower(w)
	first := y.auction(time.Hour)
	must(t, w.relay.round(t.Context()))
	w.relay.drain()
	must(t, f.look(t.Context(), time.Now()))
	must(t, f.look(t.Context(), time.Now()))
	second := y.auction(time.Hour)
	must(t, f.look(t.Context(), time.Now()))
	if heard[first] != 1 || heard[second] != 1 {
		t.Errorf("heard %v", heard)
	}
}

// TestADealIsCopiedAtOnceAndThenSeldom: what changes all the time costs each process one copy in a while, and the last
// change is copied, too; a copy that fails is made by the next look.
func TestADealIsCopiedAtOnceAndThenSeldom(t *testing.T) {
	y := newYard(t)
	copied := map[string]int{}
	var failing error
	w := y.workers(func(c *Config) {
		c.Linger = time.Minute
		c.Follow = func(context.Context, []string) error { return nil }
		c.Copy = func(_ context.Context, ids []string) error {
			if failing != nil {
				return failing
			}
			for _, id := range ids {
				copied[id]++
			}
			return nil
		}
	})
	f := newFollower(w)
	id, other := y.auction(time.Hour), y.member("bidder")
	now := time.Now()
	look := func(after time.Duration, want int) {
		t.Helper()
		err := f.look(t.Context(), now.Add(after))
		if !errors.Is(err, failing) {
			t.Errorf("after %v: %v, want %v", after, err, failing)
		}
		if copied[id] != want {
			t.Errorf("after %v copied %d times, want %d", after, copied[id], want)
		}
	}
	look(0, 1)
	for i := range 4 {
		_, err := y.PlaceBid(t.Context(), other, market.Key{}, id, market.BidInput{Max: money.Amount(100_000 * (i + 1))})
		must(t, err)
		look(time.Duration(i+1)*time.Second, 1)
	}
	failing = errors.New("the disk is full")
	look(copyGap, 1)
	failing = nil
	look(copyGap+time.Second, 2)
	look(2*copyGap+time.Second, 2) // nothing came since
	if len(f.waits)+len(f.copied) != 0 {
		t.Errorf("it keeps %d and %d deals for nothing", len(f.waits), len(f.copied))
	}
	for i := range crowd + 1 {
		w.closer.enter(fmt.Sprint("d", i))
	}
	_, err := y.PlaceBid(t.Context(), other, market.Key{}, id, market.BidInput{Max: money.Amount(900_000)})
	must(t, err)
	look(3*copyGap, 2) // a crowd of deals ends
	look(3*copyGap+standsBack, 3)
}

// TestAFollowerLooksLessOftenWhereThereIsMuch: and never so seldom that it takes itself to be behind.
func TestAFollowerLooksLessOftenWhereThereIsMuch(t *testing.T) {
	for _, c := range []struct{ took, gap time.Duration }{
		{0, followEvery}, {50 * time.Millisecond, 950 * time.Millisecond}, {200 * time.Millisecond, 800 * time.Millisecond},
		{400 * time.Millisecond, 1600 * time.Millisecond}, {time.Second, 1500 * time.Millisecond}, {2400 * time.Millisecond, 100 * time.Millisecond}, {time.Minute, 0},
	} {
		gap := followGap(c.took)
		if gap != c.gap {
			t.Errorf("after a look of %v it rests %v, want %v", c.took, gap, c.gap)
		}
		if c.took < Lingering/2-followEvery/2 && c.took+gap > Lingering/2-followEvery/2 {
			t.Errorf("after a look of %v and a rest of %v it takes itself to be behind", c.took, gap)
		}
	}
}

func TestAFollowerThatFellBehindLooksAtEverything(t *testing.T) {
	y := newYard(t)
	behind := 0
	w := y.workers(func(c *Config) {
		c.Follow = func(context.Context, []string) error { return nil }
		c.Behind = func(context.Context) error { behind++; return nil }
	})
	f := newFollower(w)
	now := time.Now()
	must(t, f.look(t.Context(), now.Add(time.Second)))
	must(t, f.look(t.Context(), now.Add(Lingering)))
	must(t, f.look(t.Context(), now.Add(Lingering+time.Second)))
	f.behind.Wait()
	if behind != 1 {
		t.Errorf("looked at everything %d times", behind)
	}
}
