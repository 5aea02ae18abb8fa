package engine

import (
	"context"
	"sync"

	"haggle/internal/deal"
)

// kinds remembers what kind deals are of: it never changes, and every act asks.
type kinds struct {
	mu sync.RWMutex
	of map[string]deal.Kind
}

const kindsBound = 100_000 // beyond it everything is forgotten

// Kind is what kind a deal is of; store.ErrNotFound where there is none.
func (e *Engine) Kind(ctx context.Context, id string) (deal.Kind, error) {
	if k, ok := e.kinds.get(id); ok {
		return k, nil
	}
	d, err := e.Deal(ctx, id)
	if err != nil {
		return "", err
	}
	e.kinds.put(id, d.Kind)
	return d.Kind, nil
}

func (k *kinds) get(id string) (deal.Kind, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	kind, ok := k.of[id]
	return kind, ok
}

func (k *kinds) put(id string, kind deal.Kind) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil || len(k.of) >= kindsBound {
		k.of = map[string]deal.Kind{}
	}
	k.of[id] = kind
}
