package live

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	silence   = 4 * time.Second        // without a word from Redis: ask whether it is there
	pause     = 500 * time.Millisecond // after a failure, before the next try
	sendBound = 2 * time.Second        // for one round of publishing
)

var errSilent = errors.New("live: redis is silent")

// link carries events between processes over Redis.
type link struct {
	rdb    redis.UniversalClient
	sender string // names this process, so that it skips its own messages
	ears   *ears

	mu     sync.Mutex
	unsent map[string]Event // the newest event of each topic
	wake   chan struct{}
}

func newLink(rdb redis.UniversalClient) *link {
	return &link{rdb: rdb, sender: rand.Text(), ears: newEars(), unsent: map[string]Event{}, wake: make(chan struct{}, 1)}
}

// put notes an event to send. Beyond the bound it is dropped.
func (l *link) put(topic string, e Event) {
	l.mu.Lock()
	old, waits := l.unsent[topic]
	if (waits && e.Seq > old.Seq) || (!waits && len(l.unsent) < maxUnsent) {
		l.unsent[topic] = e
	}
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (l *link) take() map[string]Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.unsent
	l.unsent = map[string]Event{}
	return taken
}

// send publishes what waits, a round trip a round, until ctx ends. What Redis does not take waits again.
func (l *link) send(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.wake:
		}
		events := l.take()
		if l.publish(ctx, events) != nil {
			sleep(ctx, pause)
			for topic, e := range events {
				l.put(topic, e)
			}
		}
	}
}

func (l *link) publish(ctx context.Context, events map[string]Event) error {
	if len(events) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, sendBound)
	defer cancel()
	_, err := l.rdb.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, near := range byPart(events) {
			for _, message := range pack(l.sender, near, maxMessage) {
				p.Publish(ctx, partChannel(i), message)
			}
		}
		return nil
	})
	return err
}

func byPart(events map[string]Event) (all [parts]map[string]Event) {
	for topic, e := range events {
		i := part(topic)
		if all[i] == nil {
			all[i] = map[string]Event{}
		}
		all[i][topic] = e
	}
	return all
}

// receive listens until ctx ends, and joins again whenever Redis was lost.
func (l *link) receive(ctx context.Context, deliver func(string, Event), linked func(bool)) {
	for ctx.Err() == nil {
		_ = l.listen(ctx, deliver, linked)
		linked(false)
		sleep(ctx, pause)
	}
}

// listen reads over one connection until that fails.
func (l *link) listen(ctx context.Context, deliver func(string, Event), linked func(bool)) error {
	sub := l.rdb.Subscribe(ctx, channel)
	defer sub.Close()
	defer context.AfterFunc(ctx, func() { _ = sub.Close() })()
	defer l.ears.follow(ctx, sub)()
	asked := false
	for {
		m, err := sub.ReceiveTimeout(ctx, silence)
		switch {
		case err == nil:
			asked = false
			linked(true)
			l.pass(m, deliver)
		case !isTimeout(err):
			return err
		case asked:
			return errSilent
		default:
			asked = true
			if err := sub.Ping(ctx); err != nil {
				return err
			}
		}
	}
}

// pass gives the events of another process on. What cannot be read is as good as lost.
func (l *link) pass(m any, deliver func(string, Event)) {
	switch m := m.(type) {
	case *redis.Message:
		_ = unpack([]byte(m.Payload), l.sender, deliver)
	case *redis.Subscription:
		l.ears.answered(m)
	}
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
