package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/store"
)

// Farm joins the engines of several processes over one store. Each lane is decided by one of them, its owner; the others
// send it what they are given. Who is alone has none.
type Farm struct {
	Name    string // of this process; unique
	Address string // where the others reach it; "": nowhere, so that it owns lanes only while nobody else does

	// Send gives a body to the Receive of the process at an address and answers what that answered. ErrAway: nobody
	// listens there, nothing was given. Any other error: nobody knows.
	Send func(ctx context.Context, address string, lane int, body []byte) ([]byte, error)

	// Fit says whether this process may decide anything; nil: it always may. One that may not owns no lanes.
	Fit func() bool
}

func (f *Farm) fit() bool { return f.Fit == nil || f.Fit() }

// ErrAway says that nobody listens at an address.
var ErrAway = errors.New("engine: nobody listens there")

// errMoved says that a lane belongs to another process now.
var errMoved = errors.New("engine: the lane moved")

// MemberRow is a live process.
type MemberRow struct {
	ID      string    `bson:"_id"` // Farm.Name
	Address string    `bson:"address"`
	Expires time.Time `bson:"expires"`
}

// tend looks after the leases of this process until stop is closed.
func (e *Engine) tend(stop <-chan struct{}) {
	tick := time.NewTicker(leaseTick)
	defer tick.Stop()
	for {
		if err := e.lookAround(); err != nil {
			e.cfg.Logger.Debug("looking after the lanes", "err", err)
		}
		for _, l := range e.lanes {
			l.poke()
		}
		select {
		case <-tick.C:
		case <-stop:
			return
		}
	}
}

// lookAround says that this process lives, and finds out which others do.
func (e *Engine) lookAround() error {
	ctx, cancel := context.WithTimeout(context.Background(), leaseBound)
	defer cancel()
	now := time.Now().UTC()
	if e.cfg.Farm.Address != "" && e.cfg.Farm.fit() {
		err := e.rows.members.Put(ctx, MemberRow{ID: e.cfg.Farm.Name, Address: e.cfg.Farm.Address, Expires: now.Add(memberFor)})
		if err != nil {
			return err
		}
	}
	page, err := e.rows.members.Find(ctx, store.Query{Index: store.ByID, Limit: 1000})
	if err != nil {
		return err
	}
	var live []MemberRow
	var dead []string
	for _, m := range page.Docs {
		switch {
		case now.Before(m.Expires):
			live = append(live, m)
		case now.Sub(m.Expires) > time.Minute:
			dead = append(dead, m.ID)
		}
	}
	e.members.Store(&live)
	if len(dead) > 0 {
		return e.rows.members.Delete(ctx, dead...)
	}
	return nil
}

// leaveFarm says that this process is going.
func (e *Engine) leaveFarm() {
	ctx, cancel := context.WithTimeout(context.Background(), leaseBound)
	defer cancel()
	if err := e.rows.members.Delete(ctx, e.cfg.Farm.Name); err != nil {
		e.cfg.Logger.Debug("leaving the farm", "err", err)
	}
}

// care is a lane's part in tending. What fails is tried again at the next tick.
func (l *lane) care() {
	ctx, cancel := context.WithTimeout(context.Background(), leaseBound)
	defer cancel()
	var err error
	if _, mine := l.lease.held(); mine {
		err = l.keep(ctx)
	} else {
		err = l.takeFree(ctx)
	}
	if err != nil {
		l.e.cfg.Logger.Debug("looking after a lane", "lane", l.n, "err", err)
	}
}

// keep renews the lease of an own lane, or gives the lane away where that is better.
func (l *lane) keep(ctx context.Context) error {
	to, better := MemberRow{}, !l.e.cfg.Farm.fit()
	if !better {
		to, better = l.e.heir()
	}
	if !better {
		return l.lease.renew(ctx)
	}
	l.cache.clear()
	return l.lease.give(ctx, to)
}

// takeFree looks at a lane that is not this process's, and takes it where it was given to it, or is free and within its
// share.
func (l *lane) takeFree(ctx context.Context) error {
	row, err := l.lease.look(ctx)
	if err != nil {
		return err
	}
	l.lease.set(row, false)
	farm := l.e.cfg.Farm
	given := row.Owner == farm.Name
	within := farm.Address != "" && l.e.count(l.e.owned(), farm.Name) < l.e.share()
	if !farm.fit() || !given && !within {
		return nil
	}
	free, err := l.lease.free(ctx, row)
	if err == nil && free {
		_, _, err = l.lease.claim(ctx, row)
	}
	return err
}

// OwnedLanes counts the lanes that this process decides; all of them where it is alone.
func (e *Engine) OwnedLanes() (n int) {
	for _, l := range e.lanes {
		if l.lease == nil {
			n++
		} else if _, mine := l.lease.held(); mine {
			n++
		}
	}
	return n
}

// owned is who owns each lane, as this process last saw it.
func (e *Engine) owned() []string {
	out := make([]string, len(e.lanes))
	for i, l := range e.lanes {
		out[i] = l.lease.known().Owner
	}
	return out
}

func (e *Engine) count(owners []string, name string) (n int) {
	for _, o := range owners {
		if o == name {
			n++
		}
	}
	return n
}

func (e *Engine) live() []MemberRow {
	if m := e.members.Load(); m != nil {
		return *m
	}
	return nil
}

// share is how many lanes a process owns when all own about the same number.
func (e *Engine) share() int {
	n := max(1, len(e.live()))
	return (len(e.lanes) + n - 1) / n
}

// heir finds a live process to give the lane to: one with at least two lanes fewer than this one. A process gives one lane
// away at a time, and looks how things are before the next.
func (e *Engine) heir() (MemberRow, bool) {
	owners := e.owned()
	own := e.count(owners, e.cfg.Farm.Name)
	live := slices.DeleteFunc(slices.Clone(e.live()), func(m MemberRow) bool { return m.ID == e.cfg.Farm.Name })
	if len(live) == 0 {
		return MemberRow{}, false
	}
	least := slices.MinFunc(live, func(a, b MemberRow) int { return e.count(owners, a.ID) - e.count(owners, b.ID) })
	if own-e.count(owners, least.ID) < 2 {
		return MemberRow{}, false
	}
	last, now := e.gave.Load(), time.Now().UnixMilli()
	return least, now-last >= leaseTick.Milliseconds()/2 && e.gave.CompareAndSwap(last, now)
}
