package workers

import (
	"log/slog"
	"sync"
	"time"

	"haggle/internal/engine"
)

const (
	closingBound = 30 * time.Second // for the closings of a gathering, and for what follows from them
	standsBack   = 30 * time.Second // others at most, while many deals are closed
)

// Gatherings of closings that are due at one moment, and of what follows from them. In the lanes they leave room for the
// entries of other deals.
const (
	decidersAtOnce = 3
	decideBound    = 32
	settlersAtOnce = 3
	settleBound    = 128
)

// closer decides and settles deals whose time has come, each once at a time.
type closer struct {
	log    *slog.Logger
	decide gather[engine.Expiry]
	settle gather[error]

	mu   sync.Mutex
	busy map[string]bool
	left *sync.Cond // somebody left
	all  sync.WaitGroup
}

func newCloser(e *engine.Engine, log *slog.Logger) *closer {
	c := &closer{log: log, busy: map[string]bool{}, decide: gather[engine.Expiry]{do: e.ExpireAll, atOnce: decidersAtOnce, bound: decideBound},
		settle: gather[error]{do: e.SettleAll, atOnce: settlersAtOnce, bound: settleBound}}
	c.left = sync.NewCond(&c.mu)
	return c
}

// start closes a deal in the background.
func (c *closer) start(id string) { c.startAll([]string{id}, new(sync.WaitGroup)) }

// startAll closes several deals side by side, each a member of a group.
func (c *closer) startAll(ids []string, group *sync.WaitGroup) {
	for _, id := range ids {
		if c.enter(id) {
			group.Go(func() {
				if err := c.close(id); err != nil {
					c.log.Warn("closing a deal; the next sweep tries again", "deal", id, "err", err)
				}
			})
		}
	}
}

// feed waits until two crowds and no more are left: who has further deals brings them then, so that neither the lanes run
// dry nor others take the crowd to be gone.
func (c *closer) feed() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.busy) > 2*crowd {
		c.left.Wait()
	}
}

func (c *closer) enter(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy[id] {
		return false
	}
	c.busy[id] = true
	c.all.Add(1)
	return true
}

// crowd is how many deals at once are many: more than are decided in one go.
const crowd = 128

// crowded says whether many deals are being closed or wait for it.
func (c *closer) crowded() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.busy) > crowd
}

func (c *closer) leave(id string) {
	c.mu.Lock()
	delete(c.busy, id)
	c.left.Broadcast()
	c.mu.Unlock()
	c.all.Done()
}

// close decides a deal that is due, and settles one that is decided. The caller has entered.
func (c *closer) close(id string) error {
	defer c.leave(id)
	e := c.decide.put(id)
	if e.Err != nil || !e.Closing {
		return e.Err
	}
	return c.settle.put(id)
}

func (c *closer) wait() { c.all.Wait() }

// aside is work that leaves the processor to the closings: while a crowd of deals ends, mails and the search copy wait a
// little, but not for ever.
type aside struct {
	closer *closer
	since  time.Time // zero: there is no crowd
}

func (a *aside) stands(now time.Time) bool {
	switch {
	case !a.closer.crowded():
		a.since = time.Time{}
		return false
	case a.since.IsZero():
		a.since = now
	}
	return now.Sub(a.since) < standsBack
}
