package engine

import (
	"context"
	"errors"

	"haggle/internal/store"
)

// raiseFence makes the commit one of the lane's owner: it raises the version of the lane's row, which fails where somebody
// else has claimed it. An entry that brings writes of its own is guarded by its deal's version alone, and may be
// committed by any process.
func (b *batch) raiseFence(ctx context.Context) error {
	if b.lane.lease == nil {
		return nil
	}
	row, held := b.lane.lease.held()
	if !held {
		return nil
	}
	next := row.next()
	b.lease = &next
	return b.lane.e.rows.lanes.Replace(ctx, store.Changed[LaneRow]{ID: row.ID, Version: row.Version, Doc: next})
}

// keepLease notes the row as the commit left it.
func (b *batch) keepLease() {
	if b.lease != nil {
		b.lane.lease.set(*b.lease, true)
	}
}

// doubtLease notes that the row may have been changed.
func (b *batch) doubtLease() {
	if b.lease != nil {
		b.lane.lease.unsure()
	}
}

// isFenced says that a commit failed because the lane belongs to somebody else.
func isFenced(err error) bool {
	var c *store.ConflictError
	return errors.As(err, &c) && c.Coll == Lanes
}
