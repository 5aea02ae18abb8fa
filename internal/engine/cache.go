package engine

import "sync"

// known is a deal as the last commit left it. It is only ever replaced, never changed: the version in doc says what
// it is worth, and a commit compares it.
type known struct {
	doc   Deal
	terms any
	state any
	crowd crowd // the committer's own: it alone touches it
}

// cache keeps deals by id, at most cacheBound of them.
type cache struct {
	mu    sync.Mutex
	deals map[string]*known
}

func newCache() *cache { return &cache{deals: map[string]*known{}} }

func (c *cache) get(id string) *known {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deals[id]
}

func (c *cache) put(id string, k *known) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.deals) >= cacheBound {
		for other := range c.deals { // any one: the map's order is random
			delete(c.deals, other)
			break
		}
	}
	c.deals[id] = k
}

func (c *cache) drop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.deals, id)
}

// clear forgets everything: somebody else decides now.
func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.deals)
}
