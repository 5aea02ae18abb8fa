package workers

import (
	"context"
	"fmt"
	"math"
	"time"

	"haggle/internal/engine"
	"haggle/internal/queue"
)

// Kinds of tasks. Each has a file of its own, which says what it does and what running it twice does.
const (
	kindDealChanged  = "deal-changed"
	kindOrderChanged = "order-changed"
	kindCloseDeal    = "close-deal"
	kindTickOrder    = "tick-order"
)

// allVersions stands for every version of a subject that is gone.
const allVersions = math.MaxInt32

// horizon is how far ahead tasks are put into the queue; what is farther off is found by the sweep.
const horizon = time.Hour

func kindOf(topic string) string { return topic + "-changed" }

// handle names the handlers of all tasks.
func (w *Workers) handle(q queue.Worker) {
	for _, topic := range []string{engine.TopicDeal, engine.TopicOrder} {
		q.Handle(kindOf(topic), func(ctx context.Context, t queue.Task) error {
			return w.tell(ctx, topic, string(t.Payload))
		})
	}
	q.Handle(kindCloseDeal, w.closeDeal)
	q.Handle(kindTickOrder, w.tickOrder)
}

// tell does what follows from a change and removes its rows.
func (w *Workers) tell(ctx context.Context, topic, subject string) (err error) {
	defer func() { w.relay.finished(topic, subject, err) }()
	var version int64
	switch topic {
	case engine.TopicDeal:
		version, err = w.dealChanged(ctx, subject)
	case engine.TopicOrder:
		version, err = w.orderChanged(ctx, subject)
	default:
		return fmt.Errorf("a change of unknown topic %q", topic)
	}
	if err != nil {
		return err
	}
	return w.told(ctx, topic, subject, version)
}

// told removes the rows of a change, at once or after those who follow had time to see them.
func (w *Workers) told(ctx context.Context, topic, subject string, version int64) error {
	if w.cfg.Linger == 0 {
		return w.eng.OutboxTold(ctx, topic, subject, version)
	}
	time.AfterFunc(w.cfg.Linger, func() {
		ctx, cancel := context.WithTimeout(context.Background(), queue.DefaultTimeout)
		defer cancel()
		if err := w.eng.OutboxTold(ctx, topic, subject, version); err != nil {
			w.log.Debug("rows stay in the outbox; the relay sends them again", "topic", topic, "subject", subject, "err", err)
		}
	})
	return nil
}

// schedule asks the queue to wake somebody at a time. What it loses the sweep finds.
func (w *Workers) schedule(ctx context.Context, kind, id string, at time.Time, name queue.Name) {
	if at.Sub(w.eng.Now()) > horizon {
		return
	}
	t := queue.Task{Kind: kind, ID: fmt.Sprintf("%s:%s:%d", kind, id, at.UnixMilli()), Payload: []byte(id), At: at, Queue: name}
	w.courier.put(ctx, t)
}
