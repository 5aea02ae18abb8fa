package workers

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"haggle/internal/engine"
	"haggle/internal/queue"
	"haggle/internal/store"
)

const (
	relayEvery  = 250 * time.Millisecond // without being woken
	relayGap    = 100 * time.Millisecond // between two rounds, however often it is woken
	subjectGap  = time.Second            // between two jobs of one subject, the first of which is done
	unheardGap  = 2 * time.Second        // the same, where nothing was heard of the first
	relayPage   = 1000                   // rows read at once
	relayPages  = 8                      // pages a round; the next round goes on behind them
	jobsAtOnce  = 8                      // that the relay does itself
	jobSize     = 200                    // changes in one job
	maxUnderWay = 4096                   // changes sent and not heard of
	patience    = 30 * time.Second       // for a job, before the change is sent again
)

// change is what the rows of one subject together say: it changed, up to these versions. It is one row; several where an
// earlier version of the market wrote them.
type change struct {
	Topic   string        `json:"-"`
	Subject string        `json:"s"`
	Rows    []engine.Told `json:"r"`
	Failed  bool          `json:"f,omitempty"` // in a stage before: the rows stay
}

func (c change) key() string { return c.Topic + ":" + c.Subject }

func (c change) newest() (version int64) {
	for _, r := range c.Rows {
		version = max(version, r.Version)
	}
	return version
}

// until are the rows of versions up to one.
func (c change) until(version int64) []engine.Told {
	return slices.DeleteFunc(slices.Clone(c.Rows), func(r engine.Told) bool { return r.Version > version })
}

// sent is a change that a job was made of.
type sent struct {
	version int64
	try     int
	at      time.Time
	again   time.Time // when it is sent again, should its rows still be there
	done    bool      // by this process; another's jobs are known to be done when their rows are gone
}

// gap is how long the subject waits for its next job.
func (s sent) gap() time.Duration {
	if s.done {
		return subjectGap
	}
	return unheardGap
}

// relay turns rows of the outbox into jobs. A row is removed when its job is done, so whatever is lost is sent again.
type relay struct {
	w     *Workers
	woken chan struct{}
	slots chan struct{}
	after string // where the next page begins
	aside aside

	mu       sync.Mutex
	underWay map[string]sent
}

func newRelay(w *Workers) *relay {
	return &relay{w: w, aside: aside{closer: w.closer}, woken: make(chan struct{}, 1), slots: make(chan struct{}, jobsAtOnce), underWay: map[string]sent{}}
}

// wake makes the relay look now.
func (r *relay) wake() {
	select {
	case r.woken <- struct{}{}:
	default:
	}
}

func (r *relay) run(ctx context.Context) {
	tick := time.NewTicker(relayEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		if r.w.lease.held() && !r.aside.stands(time.Now()) {
			if err := r.round(ctx); err != nil && ctx.Err() == nil {
				r.w.log.Warn("relay", "err", err)
			}
		}
		_ = sleep(ctx, relayGap)
		select {
		case <-tick.C:
		case <-r.woken:
		case <-ctx.Done():
		}
	}
	r.drain()
}

// drain waits for the jobs that the relay does itself.
func (r *relay) drain() {
	for range jobsAtOnce {
		r.slots <- struct{}{}
	}
}

// round sends what is not under way, page by page.
func (r *relay) round(ctx context.Context) error {
	for range relayPages {
		page, err := r.w.eng.OutboxPage(ctx, relayPage, r.after)
		if errors.Is(err, store.ErrCursor) {
			r.after = ""
			return nil
		}
		if err != nil {
			return err
		}
		r.sendAll(ctx, coalesce(page.Docs))
		if r.after = page.Next; r.after == "" {
			r.forget(time.Now())
			return nil
		}
	}
	return nil
}

// coalesce makes one change of all rows of a subject, in order of the first.
func coalesce(rows []engine.OutboxRow) []change {
	at := map[string]int{}
	var out []change
	for _, row := range rows {
		c := change{Topic: row.Topic, Subject: row.Subject}
		i, ok := at[c.key()]
		if !ok {
			i = len(out)
			at[c.key()] = i
			out = append(out, c)
		}
		out[i].Rows = append(out[i].Rows, engine.Told{ID: row.ID, Version: row.Version})
	}
	return out
}

// sendAll makes jobs of the changes that are not under way: many changes of a topic are one job, since each costs little
// and a job costs a round trip to the queue, to the store and to the search copy.
func (r *relay) sendAll(ctx context.Context, changes []change) {
	type kind struct {
		topic string
		again bool
	}
	jobs := map[kind][]change{}
	for _, c := range changes {
		try, ok := r.begin(c, time.Now())
		if !ok {
			continue
		}
		k := kind{c.Topic, try > 0}
		jobs[k] = append(jobs[k], c)
	}
	for k, all := range jobs {
		for part := range slices.Chunk(all, jobSize) {
			r.send(ctx, k.topic, part, k.again)
		}
	}
}

// begin notes that a job is made of a change now. It answers false where one is under way that covers it, or where its
// subject must wait a moment for the job before.
func (r *relay) begin(c change, now time.Time) (try int, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old, known := r.underWay[c.key()]
	switch {
	case !known && len(r.underWay) >= maxUnderWay:
		return 0, false
	case !known:
	case now.After(old.again):
		try = old.try + 1
	case c.newest() <= old.version, now.Sub(old.at) < old.gap():
		return 0, false
	}
	r.underWay[c.key()] = sent{version: c.newest(), try: try, at: now, again: now.Add(patience)}
	return try, true
}

// finished notes that a job came to its end here. After a failure the change is sent again, each time a little later.
func (r *relay) finished(topic, subject string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key := change{Topic: topic, Subject: subject}.key()
	s, known := r.underWay[key]
	switch {
	case !known:
		return
	case err != nil:
		s.again = time.Now().Add(min(patience, time.Second<<min(s.try, 5)))
	default:
		s.done = true
	}
	r.underWay[key] = s
}

// forget drops what was sent long ago: had it not been done, it would have been sent again.
func (r *relay) forget(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, s := range r.underWay {
		if s.done && now.Sub(s.at) > r.w.cfg.Linger+unheardGap || now.Sub(s.again) > patience {
			delete(r.underWay, key)
		}
	}
}

// send gives changes of one topic to the queue. Without one, or where a job before did not come to an end there, the
// relay does them itself.
func (r *relay) send(ctx context.Context, topic string, changes []change, again bool) {
	all := r.w.stages(topic)
	if len(all) == 0 {
		r.w.log.Warn("changes of a topic that nobody knows", "topic", topic, "changes", len(changes))
		return
	}
	if !again && r.w.courier.put(ctx, all[0].task(changes)) {
		return
	}
	r.slots <- struct{}{}
	go func() {
		defer func() { <-r.slots }()
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), queue.DefaultTimeout)
		defer cancel()
		if err := r.w.tell(ctx, topic, 0, changes, again); err != nil {
			r.w.log.Warn("job", "topic", topic, "changes", len(changes), "again", again, "err", err)
		}
	}()
}
