package market

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/store"
)

// keyWait is how long a second request waits for the first one with its key.
const keyWait = 10 * time.Second

// guard lets one request at a time pass under a key, in this process; across processes the store's unique index does.
type guard struct {
	mu   sync.Mutex
	busy map[string]chan struct{}
}

func newGuard() *guard { return &guard{busy: map[string]chan struct{}{}} }

// enter waits until nobody else is under the key. It refuses idempotency_key_in_use after keyWait.
func (g *guard) enter(ctx context.Context, id string) (leave func(), err error) {
	timeout := time.NewTimer(keyWait)
	defer timeout.Stop()
	for {
		g.mu.Lock()
		wait, taken := g.busy[id]
		if !taken {
			done := make(chan struct{})
			g.busy[id] = done
			g.mu.Unlock()
			return func() { g.leave(id, done) }, nil
		}
		g.mu.Unlock()
		select {
		case <-wait:
		case <-timeout.C:
			return nil, fault.New(fault.CodeKeyInUse, nil)
		case <-ctx.Done():
			return nil, fault.New(fault.CodeUnavailable, fault.Params{"unknown": true}).Because(ctx.Err())
		}
	}
}

func (g *guard) leave(id string, done chan struct{}) {
	g.mu.Lock()
	delete(g.busy, id)
	g.mu.Unlock()
	close(done)
}

// engineKey is the engine's form of a key; nil for none.
func engineKey(a Actor, k Key) *engine.Key {
	if k.Value == "" {
		return nil
	}
	return &engine.Key{Account: a.Account, Value: k.Value, Hash: k.Hash}
}

// once runs an act under its key: a repeated call gets the first answer and replayed = true. permit is what refuses the
// act to this actor, nil for none: it comes behind the key. The act keeps its answer with m.eng.Keep inside its
// transaction; where another process kept one meanwhile, that one is the answer, also where the act is refused now: what
// refuses it may be what the first request did.
func once[T any](ctx context.Context, m *Market, a Actor, k Key, permit error, act func(key *engine.Key) (T, error)) (out T, replayed bool, err error) {
	key := engineKey(a, k)
	if key == nil {
		if permit == nil {
			out, err = act(nil)
		}
		return out, false, cmp.Or(permit, err)
	}
	leave, err := m.guard.enter(ctx, a.Account+":"+k.Value)
	if err != nil {
		return out, false, err
	}
	defer leave()
	if known, err := m.recall(ctx, key, &out); known || err != nil {
		return out, known, err
	}
	if permit != nil {
		return out, false, permit
	}
	out, err = act(key)
	if err == nil || !decided(err) {
		return out, false, err
	}
	if known, err := m.recall(ctx, key, &out); known || err != nil {
		return out, known, err
	}
	return out, false, err
}

// decided says that an act came to its end against the caller: refused, or not the first under its key.
func decided(err error) bool {
	var twice *store.DuplicateError
	return errors.As(err, &twice) && twice.Coll == engine.Keys || refused(err)
}

// refused says that an error is a refusal: nothing went wrong, and nothing was left open.
func refused(err error) bool {
	code := fault.From(err).Code
	return code != fault.CodeInternal && code != fault.CodeUnavailable
}

// kept is an answer as a key's row holds it: the JSON of its view, so that a replay is byte for byte the first answer.
type kept struct {
	JSON []byte `bson:"json"`
}

// keep stores an answer under a key, inside the transaction that it answers.
func (m *Market) keep(ctx context.Context, key *engine.Key, now time.Time, v any) error {
	if key == nil {
		return nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("keep an answer: %w", err)
	}
	return m.eng.Keep(ctx, key, now, kept{JSON: b.Bytes()})
}

// recall finds the answer kept under a key.
func (m *Market) recall(ctx context.Context, key *engine.Key, out any) (bool, error) {
	var k kept
	known, err := m.eng.Recall(ctx, key, &k)
	if !known || err != nil {
		return false, err
	}
	return true, json.Unmarshal(k.JSON, out)
}

// UnmarshalJSON reads a kept deal. Its terms stay as they were written: their type depends on the kind.
func (v *DealView) UnmarshalJSON(b []byte) error {
	type plain DealView
	if err := json.Unmarshal(b, (*plain)(v)); err != nil {
		return err
	}
	var terms struct {
		Terms json.RawMessage `json:"terms"`
	}
	if err := json.Unmarshal(b, &terms); err != nil {
		return err
	}
	if terms.Terms != nil {
		v.Terms = terms.Terms
	}
	return nil
}
