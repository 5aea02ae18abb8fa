// Package txn is what the engines share of the life of a transaction.
package txn

import (
	"sync"

	"haggle/internal/store"
)

// Gate lets calls into an engine until it closes, and lets the close wait for those inside. Its zero value is open.
type Gate struct {
	mu     sync.Mutex
	inside sync.WaitGroup
	closed bool
}

// Enter lets a call in, which leaves by calling leave once; store.ErrClosed when the gate is closed.
func (g *Gate) Enter() (leave func(), err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return nil, store.ErrClosed
	}
	g.inside.Add(1)
	return g.inside.Done, nil
}

// Close lets nobody in any more and waits until all have left. It answers false where it was closed before.
func (g *Gate) Close() bool {
	g.mu.Lock()
	first := !g.closed
	g.closed = true
	g.mu.Unlock()
	g.inside.Wait()
	return first
}
