package workers

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"haggle/internal/store"
)

// Leases is the collection of leases.
const Leases = "leases"

// LeaseRow says which process does something that one process is enough for.
type LeaseRow struct {
	ID      string    `bson:"_id"`
	Version int64     `bson:"version"`
	Owner   string    `bson:"owner"`
	Until   time.Time `bson:"until"` // by the database's clock
}

const (
	leaseName  = "sweep"
	leaseLife  = 6 * time.Second
	leaseRenew = 1500 * time.Millisecond
)

// lease is this process's try at being the one. Two processes that both believe to hold it, for the moment after a long
// pause, do the same things twice: that is harmless.
type lease struct {
	store store.Engine
	rows  *store.Collection[LeaseRow]
	owner string
	alone bool
	life  time.Duration
	until atomic.Int64 // nanoseconds since epoch, by epoch's monotonic clock
	epoch time.Time
}

func newLease(s store.Engine, owner string, alone bool) *lease {
	return &lease{store: s, rows: store.NewCollection[LeaseRow](s, Leases), owner: owner, alone: alone, life: leaseLife, epoch: time.Now()}
}

// held says whether this process is the one now.
func (l *lease) held() bool { return l.alone || int64(time.Since(l.epoch)) < l.until.Load() }

// keep claims the lease before it returns, and again and again until ctx ends.
func (l *lease) keep(ctx context.Context, group *sync.WaitGroup) {
	if l.alone {
		return
	}
	l.try(ctx)
	group.Go(func() {
		tick := time.NewTicker(leaseRenew)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				l.try(ctx)
			case <-ctx.Done():
				return
			}
		}
	})
}

// try claims the lease; when that fails what is left of the old claim runs out.
func (l *lease) try(ctx context.Context) {
	asked := time.Since(l.epoch)
	ctx, cancel := context.WithTimeout(ctx, leaseRenew)
	defer cancel()
	mine, err := l.claim(ctx)
	switch {
	case err != nil:
	case mine:
		l.until.Store(int64(asked + l.life))
	default:
		l.until.Store(0)
	}
}

// claim takes or renews the lease, unless another process holds it.
func (l *lease) claim(ctx context.Context) (mine bool, err error) {
	err = l.store.Tx(ctx, func(ctx context.Context) error {
		mine = false
		now, err := l.store.Now(ctx)
		if err != nil {
			return err
		}
		row, err := l.rows.Get(ctx, leaseName)
		switch {
		case errors.Is(err, store.ErrNotFound):
			row = LeaseRow{ID: leaseName, Version: 1, Owner: l.owner, Until: now.Add(l.life)}
			mine = true
			return l.rows.Insert(ctx, row)
		case err != nil:
			return err
		case row.Owner != l.owner && now.Before(row.Until):
			return nil
		}
		mine = true
		return l.put(ctx, row, now.Add(l.life))
	})
	return mine && err == nil, err
}

func (l *lease) put(ctx context.Context, row LeaseRow, until time.Time) error {
	read := row.Version
	row.Version, row.Owner, row.Until = read+1, l.owner, until
	return l.rows.Replace(ctx, store.Changed[LeaseRow]{ID: row.ID, Version: read, Doc: row})
}

// release lets the next process have the lease at once.
func (l *lease) release(ctx context.Context) {
	if l.alone || !l.held() {
		return
	}
	l.until.Store(0)
	_ = l.store.Tx(ctx, func(ctx context.Context) error { // when it fails the lease runs out by itself
		row, err := l.rows.Get(ctx, leaseName)
		if err != nil || row.Owner != l.owner {
			return err
		}
		return l.put(ctx, row, time.Unix(0, 0))
	})
}
