package workers

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"haggle/internal/engine"
)

const (
	closingsAtOnce = 64               // closings due at one moment share the commits of their lane
	closingBound   = 30 * time.Second // for one closing, and for what follows from those of a gathering
	standsBack     = 30 * time.Second // others at most, while many deals are closed
)

// closer decides and settles deals whose time has come, each once at a time.
type closer struct {
	eng    *engine.Engine
	log    *slog.Logger
	slots  chan struct{} // of those that are being decided
	gather gather

	mu   sync.Mutex
	busy map[string]bool
	left *sync.Cond // somebody left
	all  sync.WaitGroup
}

func newCloser(e *engine.Engine, log *slog.Logger) *closer {
	c := &closer{eng: e, log: log, slots: make(chan struct{}, closingsAtOnce), gather: gather{settle: e.SettleAll}, busy: map[string]bool{}}
	c.left = sync.NewCond(&c.mu)
	return c
}

// start closes a deal in the background.
func (c *closer) start(id string) {
	if !c.enter(id) {
		return
	}
	go func() {
		if err := c.close(id); err != nil {
			c.log.Warn("closing a deal; the sweep tries again", "deal", id, "err", err)
		}
	}()
}

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

// closeNow closes a deal and says how that went; nil where somebody in this process is at it.
func (c *closer) closeNow(id string) error {
	if !c.enter(id) {
		return nil
	}
	return c.close(id)
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

// at says whether somebody in this process is closing a deal.
func (c *closer) at(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.busy[id]
}

// crowd is how many deals at once are many: more than are decided in one go.
const crowd = 2 * closingsAtOnce

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
	closing, err := c.decide(id)
	if err != nil || !closing {
		return err
	}
	return c.gather.put(id)
}

// decide waits for its turn, so that entries of other deals find room in the commits of the lane.
func (c *closer) decide(id string) (closing bool, err error) {
	c.slots <- struct{}{}
	defer func() { <-c.slots }()
	ctx, cancel := context.WithTimeout(context.Background(), closingBound)
	defer cancel()
	return c.eng.Expire(ctx, id)
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
