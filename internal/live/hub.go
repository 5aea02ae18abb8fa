package live

import (
	"bytes"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"haggle/internal/fault"
)

// Hub connects publishers and readers. Make one a process with New.
type Hub struct {
	mu      sync.RWMutex
	topics  map[string]*topic
	readers int
	closed  bool

	link   *link       // nil: this process alone
	linked atomic.Bool // events of other processes arrive
	stop   context.CancelFunc
	done   sync.WaitGroup
}

// New starts a hub. With rdb it joins the hubs of all processes on the same Redis; nil keeps it to this process. A
// Redis that is down is waited for: readers of this process hear this process all the while.
func New(rdb redis.UniversalClient) *Hub {
	ctx, stop := context.WithCancel(context.Background())
	h := &Hub{topics: map[string]*topic{}, stop: stop}
	if rdb != nil {
		h.link = newLink(rdb)
		h.done.Add(2)
		go func() { defer h.done.Done(); h.link.send(ctx) }()
		go func() { defer h.done.Done(); h.link.receive(ctx, h.pass, h.linked.Store) }()
	}
	return h
}

// Linked says whether events of other processes arrive now.
func (h *Hub) Linked() bool { return h.linked.Load() }

// Unheard says whether readers of a topic in this process may have missed what other processes published in the last while:
// their events arrive only since later, or not at all. What was published is found in the store then.
func (h *Hub) Unheard(name string, d time.Duration) bool {
	if h.topic(name) == nil {
		return false
	}
	if h.link == nil {
		return true
	}
	since := h.link.ears.since(part(name))
	return since.IsZero() || time.Since(since) < d
}

// Watched says whether publishing a topic may reach anybody: it has a reader here, or other processes listen, too.
func (h *Hub) Watched(name string) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.link != nil || h.topics[name] != nil
}

// Publish gives an event to the topic's readers here at once and to those of other processes soon. It never blocks;
// of several events of one topic that wait to be sent, the newest goes.
func (h *Hub) Publish(_ context.Context, name string, e Event) {
	h.deliver(name, e)
	if h.link != nil {
		h.link.put(name, e)
	}
}

// topic is what the readers of a topic in this process share; nil: nobody reads it.
func (h *Hub) topic(name string) *topic {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.topics[name]
}

// deliver offers an event to the readers in this process.
func (h *Hub) deliver(name string, e Event) {
	if t := h.topic(name); t != nil {
		t.offer(e)
	}
}

// pass offers an event of another process; who keeps it does not keep the message that it came in.
func (h *Hub) pass(name string, e Event) {
	if t := h.topic(name); t != nil {
		e.Data = bytes.Clone(e.Data)
		t.offer(e)
	}
}

// Subscribe reads a topic from now on: of other processes, too, where Redis answers within a quarter of a second. The channel
// holds the newest unread event; it is closed by cancel, which may be called more than once, and when the hub closes. With
// too many readers it is refused as `unavailable`.
func (h *Hub) Subscribe(name string) (events <-chan Event, cancel func(), err error) {
	events, cancel, err = h.join(name)
	if err == nil && h.link != nil && h.Linked() {
		h.link.ears.await(part(name), joinWait)
	}
	return events, cancel, err
}

func (h *Hub) join(name string) (events <-chan Event, cancel func(), err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.readers >= MaxSubscribers {
		return nil, nil, fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 5})
	}
	t := h.topics[name]
	if t == nil {
		t = &topic{readers: map[chan Event]struct{}{}}
		h.topics[name] = t
		if h.link != nil {
			h.link.ears.want(part(name))
		}
	}
	ch := make(chan Event, 1)
	t.add(ch)
	h.readers++
	return ch, sync.OnceFunc(func() { h.cancel(name, t, ch) }), nil
}

// cancel ends one reader; a topic without readers is forgotten.
func (h *Hub) cancel(name string, t *topic, ch chan Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.readers--
	if t.remove(ch) == 0 && h.topics[name] == t {
		delete(h.topics, name)
		if h.link != nil {
			h.link.ears.leave(part(name))
		}
	}
}

// Readers counts the subscriptions of this process.
func (h *Hub) Readers() int {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.readers
}

// Close ends every reader and leaves the other processes. What waits to be sent is dropped.
func (h *Hub) Close() {
	h.mu.Lock()
	h.closed = true
	for _, t := range h.topics {
		t.end()
	}
	clear(h.topics)
	h.mu.Unlock()
	h.stop()
	h.done.Wait()
}
