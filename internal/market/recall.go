package market

import (
	"sync"
	"time"
)

// recall remembers values for a short time, at most recallBound of them.
type recall[T any] struct {
	mu   sync.Mutex
	kept map[string]recalled[T]
}

type recalled[T any] struct {
	value T
	until time.Time
}

const recallBound = 10_000

func newRecall[T any]() *recall[T] { return &recall[T]{kept: map[string]recalled[T]{}} }

func (r *recall[T]) get(key string, now time.Time) (T, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k, ok := r.kept[key]
	return k.value, ok && now.Before(k.until)
}

func (r *recall[T]) put(key string, value T, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.kept) >= recallBound {
		for other := range r.kept { // any one: the map's order is random
			delete(r.kept, other)
			break
		}
	}
	r.kept[key] = recalled[T]{value, until}
}

func (r *recall[T]) drop(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.kept, key)
}
