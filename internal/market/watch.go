package market

import (
	"context"
	"encoding/json"
	"io"
	"sync"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/live"
)

// Event is one piece of live news of a deal.
type Event struct {
	ID   int64  // the log's seq
	Kind string // state, entry, closed
	Data []byte // the public state, as GET /deals/{id} shows it to a guest
}

// Feed is one reader's stream. Its channel closes when the site stops or the reader leaves.
type Feed struct {
	C      <-chan Event
	cancel func()
}

// Close ends the stream; it may be called more than once.
func (f *Feed) Close() { f.cancel() }

// Watch streams a deal: first the present state, unless the reader has seen line `after` and nothing came since, then
// what changes.
func (m *Market) Watch(ctx context.Context, dealID string, after int64) (*Feed, error) {
	events, cancel, err := m.cfg.Live.Subscribe(dealID)
	if err != nil {
		return nil, err
	}
	first, err := m.stateEvent(ctx, dealID)
	if err != nil {
		cancel()
		return nil, err
	}
	out := make(chan Event)
	stop := make(chan struct{})
	f := &Feed{C: out, cancel: sync.OnceFunc(func() { cancel(); close(stop) })}
	go relay(out, stop, first, events, after)
	return f, nil
}

func relay(out chan<- Event, stop <-chan struct{}, first Event, events <-chan live.Event, after int64) {
	defer close(out)
	seen := after
	if first.ID > after {
		select {
		case out <- first:
			seen = first.ID
		case <-stop:
			return
		}
	}
	for e := range events {
		if e.Seq < seen || e.Seq == seen && e.Kind != "closed" {
			continue
		}
		seen = e.Seq
		select {
		case out <- Event{ID: e.Seq, Kind: e.Kind, Data: e.Data}:
		case <-stop:
			return
		}
	}
}

func (m *Market) stateEvent(ctx context.Context, dealID string) (Event, error) {
	v, err := m.Deal(ctx, Actor{}, dealID)
	if err != nil {
		return Event{}, err
	}
	data, err := json.Marshal(v)
	return Event{ID: v.Seq, Kind: "state", Data: data}, err
}

// Announce tells readers of a deal what a commit changed; best effort, never blocking the committer for long. It is
// the engine's Changed hook.
func (m *Market) Announce(d engine.Deal, lines []deal.Line) {
	m.shelf.changed(d)
	if m.cfg.Live == nil || !m.cfg.Live.Watched(d.ID) {
		return
	}
	owner, err := m.person(context.Background(), d.Owner)
	if err != nil {
		return
	}
	v, err := m.dealView(d, owner)
	if err != nil {
		m.cfg.Logger.Warn("announcing a deal", "deal", d.ID, "err", err)
		return
	}
	if d.Status.Final() {
		if v.Outcome, err = m.outcome(context.Background(), Actor{}, d); err != nil {
			return
		}
	}
	data, err := json.Marshal(v)
	if err != nil {
		return
	}
	m.cfg.Live.Publish(context.Background(), d.ID, live.Event{Seq: d.Seq, Kind: eventKind(d, lines), Data: data})
}

func eventKind(d engine.Deal, lines []deal.Line) string {
	if d.Status.Final() {
		return "closed"
	}
	for _, l := range lines {
		if l.Kind == deal.Entered {
			return "entry"
		}
	}
	return "state"
}

// Log writes the public log's lines after a number (−1: all), the bytes as stored.
func (m *Market) Log(ctx context.Context, dealID string, after int64, w io.Writer) error {
	if _, err := m.dealOf(ctx, dealID); err != nil {
		return err
	}
	return m.eng.WriteLog(ctx, dealID, after, w)
}

// LogHead is the newest signed head of a deal's log.
func (m *Market) LogHead(ctx context.Context, dealID string) (deal.SignedHead, error) {
	d, err := m.dealOf(ctx, dealID)
	if err != nil {
		return deal.SignedHead{}, err
	}
	return m.eng.Head(d), nil
}
