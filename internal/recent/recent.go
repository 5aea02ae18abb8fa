// Package recent keeps in memory what was used lately, up to a weight: the caches of read models and of rendered
// pages. What it forgets costs time, never truth.
//
// Most callers need two methods: [Cache.Get] and [Cache.Put].
package recent

import (
	"math"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Cache keeps values by key; the one not used for the longest time goes first. All methods may be called at the same
// time. Make one with New.
type Cache[K comparable, V any] struct {
	mu     sync.Mutex
	kept   *simplelru.LRU[K, weighed[V]]
	weight int64
	most   int64
}

type weighed[V any] struct {
	value  V
	weight int64
}

// New makes a cache that keeps at most so much weight, in whatever unit its callers weigh: bytes or pieces.
func New[K comparable, V any](most int64) *Cache[K, V] {
	c := &Cache[K, V]{most: most}
	kept, err := simplelru.NewLRU(math.MaxInt, func(_ K, w weighed[V]) { c.weight -= w.weight })
	if err != nil { // only for a size below one
		panic(err)
	}
	c.kept = kept
	return c
}

// Get finds a value and counts as its use.
func (c *Cache[K, V]) Get(key K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w, ok := c.kept.Get(key)
	return w.value, ok
}

// GetEach finds the values of several keys in one go; each is called in their order, with false for what is not kept,
// and must not use the cache.
func (c *Cache[K, V]) GetEach(keys []K, each func(i int, v V, ok bool)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, key := range keys {
		w, ok := c.kept.Get(key)
		each(i, w.value, ok)
	}
}

// Put keeps a value in place of an older one. What weighs more than the whole cache may is not kept.
func (c *Cache[K, V]) Put(key K, value V, weight int64) {
	c.Change(key, func(V, bool) (V, int64) { return value, weight })
}

// Change replaces a value by what fn makes of the present one, with nothing in between. fn must not use the cache.
func (c *Cache[K, V]) Change(key K, fn func(old V, ok bool) (V, int64)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	old, ok := c.kept.Peek(key)
	value, weight := fn(old.value, ok)
	c.kept.Remove(key) // takes its weight off
	if weight > c.most {
		return
	}
	for c.weight+weight > c.most {
		c.kept.RemoveOldest()
	}
	c.kept.Add(key, weighed[V]{value, weight})
	c.weight += weight
}

// Drop forgets a value.
func (c *Cache[K, V]) Drop(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept.Remove(key)
}

// Weight is what the kept values weigh together, and how many they are.
func (c *Cache[K, V]) Weight() (weight int64, values int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.weight, c.kept.Len()
}
