package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"haggle/internal/store"
)

// Names of the collections by which several processes share the lanes.
const (
	Lanes   = "lanes"
	Members = "members"
)

// How long a lease lasts and how often it is looked after.
const (
	leaseFor   = 2 * time.Second
	leaseTick  = 500 * time.Millisecond
	memberFor  = 3 * leaseTick          // less than leaseFor: nobody is given lanes who may be asleep
	clockSkew  = 250 * time.Millisecond // processes whose clocks differ by more take no entries
	rowFresh   = leaseTick * 3 / 2      // how long a row that was read is believed: it is read at every tick
	leaseBound = 2 * time.Second        // for one look at the row
)

// LaneRow says which process decides the entries of a lane.
//
// Its version is the fence: every commit of the owner raises it, in the same transaction, so that a commit of a process
// that lost the lane fails as a whole, however late it wakes up. The lease itself only saves processes from fighting:
// that the versions of deals are compared makes several of them safe.
type LaneRow struct {
	ID      string    `bson:"_id"`
	Version int64     `bson:"version"`
	Owner   string    `bson:"owner"`             // "": nobody
	Address string    `bson:"address"`           // where the owner takes entries; "": it takes only its own
	Session []byte    `bson:"session,omitempty"` // of the owner's transactions
	Epoch   int64     `bson:"epoch"`             // how often the lane changed hands
	Expires time.Time `bson:"expires"`
}

// laneID names a lane by its number among so many: processes that count differently, as while a new version takes over, share
// none, and the versions of deals alone keep them apart. Neither do those who would not understand each other.
func laneID(n, of int) string { return fmt.Sprintf("lane:%03d/%d/%d", n, of, wireFormat) }

// lease is what a lane knows of its row. The lane's committer alone changes it.
type lease struct {
	e       *Engine
	id      string
	session []byte // of this process's transactions; nil where the store has none

	mu    sync.Mutex
	row   LaneRow // as last read or written; zero: never
	read  time.Time
	mine  bool
	doubt bool // a commit whose result is not known may have raised the version
}

// held says whether this process owns the lane, and gives the row as it is before the next commit.
func (l *lease) held() (LaneRow, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.row, l.mine
}

// known is the row as last seen, whoever owns the lane.
func (l *lease) known() LaneRow {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.row
}

func (l *lease) set(row LaneRow, mine bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.row, l.mine, l.read, l.doubt = row, mine, time.Now(), false
}

// next is the row after another commit of its owner.
func (r LaneRow) next() LaneRow {
	r.Version++
	r.Expires = time.Now().UTC().Add(leaseFor)
	return r
}

// lose notes that somebody else may own the lane.
func (l *lease) lose() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.mine, l.read = false, time.Time{}
}

// doubts notes that an owner says the lane is not his any more.
func (l *lease) doubts(owner LaneRow) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.row.Epoch == owner.Epoch {
		l.mine, l.read = false, time.Time{}
	}
}

// unsure notes that the row's version may have been raised.
func (l *lease) unsure() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.doubt = true
}

// find says where the lane's entries are decided: here, or at the owner that it gives. A lane without a live owner is
// claimed.
func (l *lease) find(ctx context.Context) (owner LaneRow, here bool, err error) {
	l.mu.Lock()
	row, mine, doubt, fresh := l.row, l.mine, l.doubt, time.Since(l.read) < rowFresh
	l.mu.Unlock()
	if mine && !doubt {
		return row, true, nil
	}
	if fresh && !doubt && l.reachable(row) && time.Now().Before(row.Expires) {
		return row, false, nil
	}
	ctx, cancel := context.WithTimeout(ctx, leaseBound)
	defer cancel()
	if row, err = l.look(ctx); err != nil {
		return row, false, err
	}
	if mine && row.Owner == l.e.cfg.Farm.Name && row.Epoch == l.known().Epoch {
		l.set(row, true)
		return row, true, nil
	}
	free, err := l.free(ctx, row)
	if err != nil {
		return row, false, err
	}
	if !free {
		l.set(row, false)
		return row, false, nil
	}
	if !l.e.cfg.Farm.fit() {
		return row, false, errUnfit
	}
	return l.claim(ctx, row)
}

// look reads the row; a zero one where there is none.
func (l *lease) look(ctx context.Context) (LaneRow, error) {
	row, err := l.e.rows.lanes.Get(ctx, l.id)
	if errors.Is(err, store.ErrNotFound) {
		return LaneRow{ID: l.id}, nil
	}
	return row, err
}

// errUnfit says that nobody decides the lane's entries and this process may not.
var errUnfit = errors.New("engine: this process may decide nothing now")

// reachable says whether the row's owner takes entries of this process.
func (l *lease) reachable(row LaneRow) bool {
	farm := l.e.cfg.Farm
	return row.Owner != "" && row.Owner != farm.Name && row.Address != "" && row.Address != farm.Address
}

// free says whether the lane may be claimed: nobody owns it, it was given to this process, its owner cannot be reached by
// anybody while this process can, this process has taken its place at its address, or its lease has run out by the store's
// clock.
func (l *lease) free(ctx context.Context, row LaneRow) (bool, error) {
	farm := l.e.cfg.Farm
	if row.Owner == "" || row.Owner == farm.Name || farm.Address != "" && (row.Address == "" || row.Address == farm.Address) {
		return true, nil
	}
	if time.Now().Add(clockSkew).Before(row.Expires) {
		return false, nil
	}
	now, err := l.e.cfg.Store.Now(ctx)
	return err == nil && !now.Before(row.Expires), err
}

// claim takes the lane over from whoever owns it by a row that was read. Of several who try, one succeeds. What the owner
// before has under way is ended first: the open transaction of a dead process has written to the row, and would keep
// everybody waiting; that of a live one fails, and is tried again by whoever owns the lane then.
func (l *lease) claim(ctx context.Context, old LaneRow) (LaneRow, bool, error) {
	farm := l.e.cfg.Farm
	row := LaneRow{ID: l.id, Version: old.Version + 1, Owner: farm.Name, Address: farm.Address, Session: l.session, Epoch: old.Epoch + 1,
		Expires: time.Now().UTC().Add(leaseFor)}
	if old.Session != nil && old.Owner != farm.Name {
		l.e.endSession(old.Session)
	}
	err := l.write(ctx, old, row)
	if isConflict(err) {
		l.lose()
		return row, false, errMoved
	}
	if err != nil {
		return row, false, err
	}
	l.set(row, true)
	l.e.cfg.Logger.Info("took a lane", "lane", l.id, "epoch", row.Epoch, "from", old.Owner)
	return row, true, nil
}

func (l *lease) write(ctx context.Context, old, row LaneRow) error {
	if old.Version == 0 {
		return l.e.rows.lanes.Insert(ctx, row)
	}
	return l.e.rows.lanes.Replace(ctx, store.Changed[LaneRow]{ID: l.id, Version: old.Version, Doc: row})
}

// claimFrom takes the lane over at once from an owner who refuses the connection, if he still owns it.
func (l *lease) claimFrom(ctx context.Context, dead LaneRow) error {
	ctx, cancel := context.WithTimeout(ctx, leaseBound)
	defer cancel()
	row, err := l.look(ctx)
	if err != nil {
		return err
	}
	if row.Epoch != dead.Epoch {
		l.set(row, false)
		return nil
	}
	_, _, err = l.claim(ctx, row)
	return err
}

// renew makes a lease that nothing was committed under last longer.
func (l *lease) renew(ctx context.Context) error {
	row, mine := l.held()
	if !mine || time.Until(row.Expires) > leaseFor-leaseTick {
		return nil
	}
	next := row.next()
	switch err := l.write(ctx, row, next); {
	case err == nil:
		l.set(next, true)
		return nil
	case isConflict(err):
		l.lose()
		return nil
	default:
		l.unsure()
		return err
	}
}

// give hands the lane to another process; an empty one: to whoever wants it.
func (l *lease) give(ctx context.Context, to MemberRow) error {
	row, mine := l.held()
	if !mine {
		return nil
	}
	next := row.next()
	next.Owner, next.Address, next.Session, next.Epoch = to.ID, to.Address, nil, row.Epoch+1
	l.set(next, false)
	if err := l.write(ctx, row, next); err != nil {
		l.lose()
		return err
	}
	return nil
}

// endSession ends what a former owner left open, where the store keeps such things.
func (e *Engine) endSession(id []byte) {
	s, ok := e.cfg.Store.(store.Sessions)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), leaseBound)
	defer cancel()
	if err := s.EndSession(ctx, id); err != nil {
		e.cfg.Logger.Warn("ending what a former owner left open; it ends by itself", "err", err)
	}
}
