package workers

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"haggle/internal/engine"
	"haggle/internal/queue"
)

// Kinds of tasks. Each has a file of its own, which says what it does and what running it twice does.
const (
	kindDealChanged  = "deal-changed"
	kindDealMail     = "deal-mail"
	kindDealIndex    = "deal-index"
	kindOrderChanged = "order-changed"
	kindOrderMail    = "order-mail"
	kindCloseDue     = "close-due"
	kindTickOrder    = "tick-order"
)

// allVersions stands for every version of a subject that is gone.
const allVersions = math.MaxInt64

// horizon is how far ahead tasks are put into the queue; what is farther off is found by the sweep.
const horizon = time.Hour

// stage is one task of those that a change goes through.
type stage struct {
	kind  string
	queue queue.Name
	do    func(ctx context.Context, ids []string) reading
}

// stages are what a change of a topic goes through, one after the other: mail and search have queues of their own, so that
// a flood of them keeps nobody waiting.
func (w *Workers) stages(topic string) []stage {
	switch topic {
	case engine.TopicDeal:
		return []stage{{kindDealChanged, queue.Settle, w.dealsChanged}, {kindDealMail, queue.Notify, w.mailDeals}, {kindDealIndex, queue.Index, w.indexDeals}}
	case engine.TopicOrder:
		return []stage{{kindOrderChanged, queue.Settle, w.ordersChanged}, {kindOrderMail, queue.Notify, w.mailOrders}}
	}
	return nil
}

// handle names the handlers of all tasks.
func (w *Workers) handle(q queue.Worker) {
	for _, topic := range []string{engine.TopicDeal, engine.TopicOrder} {
		for n, s := range w.stages(topic) {
			q.Handle(s.kind, func(ctx context.Context, t queue.Task) error {
				var changes []change
				if err := json.Unmarshal(t.Payload, &changes); err != nil {
					return fmt.Errorf("changes of %s: %w", topic, err)
				}
				for i := range changes {
					changes[i].Topic = topic
				}
				return w.tell(ctx, topic, n, changes, false)
			})
		}
	}
	q.Handle(kindCloseDue, w.closeDue)
	q.Handle(kindTickOrder, w.tickOrder)
}

// tell does one stage of what follows from changes of one topic and passes them on to the next; behind the last it removes
// the rows of those that it is done with. A change that fails in a stage goes through the others all the same, and keeps
// its rows. With here, or where no queue takes the next stage, that is done at once.
func (w *Workers) tell(ctx context.Context, topic string, n int, changes []change, here bool) error {
	all := w.stages(topic)
	if n >= len(all) {
		return fmt.Errorf("changes of unknown topic %q", topic)
	}
	read := all[n].do(ctx, subjects(changes))
	var left []change
	var errs []error
	for _, c := range changes {
		if err := read.failed[c.Subject]; err != nil {
			errs = append(errs, fmt.Errorf("%s %s: %w", topic, c.Subject, err))
			c.Failed = true
			w.relay.finished(topic, c.Subject, err)
		}
		if c.Rows = c.until(read.upTo(c.Subject)); len(c.Rows) > 0 {
			left = append(left, c)
		}
	}
	switch {
	case len(left) == 0:
	case n+1 == len(all):
		errs = append(errs, w.done(ctx, left))
	case here || !w.courier.put(ctx, all[n+1].task(left)):
		errs = append(errs, w.tell(ctx, topic, n+1, left, here))
	}
	return errors.Join(errs...)
}

// task is the stage as a task of the queue: the same changes are one task.
func (s stage) task(changes []change) queue.Task {
	payload, err := json.Marshal(changes)
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	return queue.Task{Kind: s.kind, ID: fmt.Sprintf("%s:%x", s.kind, sha256.Sum256(payload)), Payload: payload, Queue: s.queue}
}

// done removes the rows of changes that went well through all stages.
func (w *Workers) done(ctx context.Context, changes []change) error {
	var rows []engine.Told
	for _, c := range changes {
		if !c.Failed {
			rows = append(rows, c.Rows...)
			w.relay.finished(c.Topic, c.Subject, nil)
		}
	}
	return w.told(ctx, rows)
}

// reading is what a job found of its subjects: the version of each as it was read before the job did anything, and why a
// subject failed.
type reading struct {
	version map[string]int64 // of those that are there
	failed  map[string]error
}

func newReading() reading { return reading{version: map[string]int64{}, failed: map[string]error{}} }

// failAll notes one reason for all subjects.
func (r reading) failAll(subjects []string, err error) reading {
	for _, s := range subjects {
		r.failed[s] = err
	}
	return r
}

// upTo is the version up to which a subject's rows are told: all, where it is gone.
func (r reading) upTo(subject string) int64 {
	if v, ok := r.version[subject]; ok {
		return v
	}
	return allVersions
}

func subjects(changes []change) []string {
	ids := make([]string, len(changes))
	for i, c := range changes {
		ids[i] = c.Subject
	}
	return ids
}

// told removes rows, at once or after those who follow had time to see them.
func (w *Workers) told(ctx context.Context, rows []engine.Told) error {
	if len(rows) == 0 {
		return nil
	}
	if w.cfg.Linger == 0 {
		return w.eng.OutboxDone(ctx, rows...)
	}
	time.AfterFunc(w.cfg.Linger, func() {
		ctx, cancel := context.WithTimeout(context.Background(), queue.DefaultTimeout)
		defer cancel()
		if err := w.eng.OutboxDone(ctx, rows...); err != nil {
			w.log.Debug("rows stay in the outbox; the relay sends them again", "rows", len(rows), "err", err)
		}
	})
	return nil
}

// schedule asks the queue to wake somebody at a time, once for each time. What the queue loses the sweep finds. Several
// subjects that want the same at one time are one task, which has none: it finds them.
func (w *Workers) schedule(ctx context.Context, kind, id string, at time.Time, name queue.Name) {
	if at.Sub(w.eng.Now()) > horizon {
		return
	}
	t := queue.Task{Kind: kind, ID: fmt.Sprintf("%s:%s:%d", kind, id, at.UnixMilli()), Payload: []byte(id), At: at, Queue: name}
	if !w.asked.known(t.ID) && w.courier.put(ctx, t) {
		w.asked.put(t.ID)
	}
}

// asked remembers the wake-ups that the queue has, so that a busy deal does not ask again at every entry.
type asked struct {
	mu  sync.Mutex
	ids map[string]bool
}

const maxAsked = 20_000 // beyond it everything is forgotten: asking twice does no harm

func (a *asked) known(task string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.ids[task]
}

func (a *asked) put(task string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ids == nil || len(a.ids) >= maxAsked {
		a.ids = map[string]bool{}
	}
	a.ids[task] = true
}
