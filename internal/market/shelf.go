package market

import (
	"context"
	"sync/atomic"
	"time"

	"haggle/internal/engine"
	"haggle/internal/recent"
)

// How fresh the shelf is. A deal that this process changed is shown as changed from its answer on. One that another
// process changed is shown so after shelfStale at the latest: what was last compared with the store longer ago is read
// anew before it is shown. From shelfDue on one reader at a time does that, so that the others need not wait.
const (
	shelfDue   = time.Second
	shelfStale = 2 * time.Second
)

// shelfBound is how many bytes of deals a process keeps for its lists.
const shelfBound = 32 << 20

// shelf is the read model of lists: deals as this process last saw them. It decides nothing: entries are judged by the
// engine, over the store.
type shelf struct {
	read  func(ctx context.Context, ids []string) ([]engine.Deal, error)
	clock func() time.Time // how long ago something was read, whatever time it is on the site
	kept  *recent.Cache[string, shelved]
	busy  atomic.Bool // somebody compares what is due with the store

	generation atomic.Int64 // rises with every change of what is shown of any deal
}

// shelved is a deal on the shelf.
type shelved struct {
	seen    *seenDeal // nil: only the floor is known
	checked time.Time // when the store last had nothing newer
	floor   int64     // the least log line that must be shown, for its maker was told of it
}

// seenDeal is one version of a deal with its view, which is made once. It never changes.
type seenDeal struct {
	engine.Deal
	view lazily[DealView]
}

func newShelf(read func(context.Context, []string) ([]engine.Deal, error)) *shelf {
	return &shelf{read: read, clock: time.Now, kept: recent.New[string, shelved](shelfBound)}
}

// deals finds deals in the order of their ids; what is gone is left out. Until recheck they need not be asked for again,
// as long as the generation does not rise.
func (s *shelf) deals(ctx context.Context, ids []string) (found []*seenDeal, recheck time.Time, err error) {
	now := s.clock()
	recheck = now.Add(shelfDue)
	found = make([]*seenDeal, len(ids))
	var must, due []string
	s.kept.GetEach(ids, func(i int, d shelved, ok bool) {
		switch age := now.Sub(d.checked); {
		case !ok || d.seen == nil || d.seen.Seq < d.floor || age >= shelfStale || age < 0:
			must = append(must, ids[i])
			return
		case age >= shelfDue:
			due = append(due, ids[i])
			fallthrough
		default:
			found[i] = d.seen
		}
		if due := d.checked.Add(shelfDue); due.Before(recheck) {
			recheck = due
		}
	})
	if len(due) > 0 && s.busy.CompareAndSwap(false, true) {
		defer s.busy.Store(false)
		must = append(must, due...)
	}
	if len(must) > 0 {
		if err := s.refresh(ctx, ids, must, found); err != nil {
			return nil, recheck, err
		}
	}
	return compact(found), recheck, nil
}

// refresh reads deals from the store, puts them on the shelf and among the found.
func (s *shelf) refresh(ctx context.Context, ids, must []string, found []*seenDeal) error {
	began := s.clock()
	rows, err := s.read(ctx, must)
	if err != nil {
		return err
	}
	fresh := make(map[string]*seenDeal, len(rows))
	for _, d := range rows {
		fresh[d.ID] = s.checked(d, began)
	}
	for i, id := range ids {
		if d, ok := fresh[id]; ok {
			found[i] = d
		}
	}
	return nil
}

// checked takes a deal that was read from the store after a moment, and gives back the newest version there is.
func (s *shelf) checked(d engine.Deal, began time.Time) (newest *seenDeal) {
	s.kept.Change(d.ID, func(old shelved, _ bool) (shelved, int64) {
		newest = s.newer(old.seen, d)
		if began.After(old.checked) {
			old.checked = began
		}
		old.seen = newest
		return old, newest.size()
	})
	return newest
}

// changed takes a deal as a commit of this process left it, if it is on the shelf. It is called by the committer and
// must stay cheap: the view is made by who first shows it.
func (s *shelf) changed(d engine.Deal) {
	if _, ok := s.kept.Get(d.ID); !ok {
		return
	}
	s.kept.Change(d.ID, func(old shelved, _ bool) (shelved, int64) {
		old.seen = s.newer(old.seen, d)
		return old, old.seen.size()
	})
}

// expect says that somebody was told of a line of the deal's log: what is older is not shown any more.
func (s *shelf) expect(id string, seq int64) {
	s.kept.Change(id, func(old shelved, _ bool) (shelved, int64) {
		old.floor = max(old.floor, seq)
		s.generation.Add(1)
		return old, old.seen.size()
	})
}

func (s *shelf) newer(old *seenDeal, d engine.Deal) *seenDeal {
	if old != nil && old.Version >= d.Version {
		return old
	}
	s.generation.Add(1)
	return &seenDeal{Deal: d}
}

// size estimates what a deal takes in memory, with its view.
func (d *seenDeal) size() int64 {
	const bare = 3 << 10
	if d == nil {
		return 256
	}
	n := bare + 2*(len(d.Title)+len(d.Description)) + 3*(len(d.Terms)+len(d.State)) + len(d.Photos)*512 + len(d.Path)*128
	for name, value := range d.Attributes {
		n += len(name) + len(value) + 64
	}
	return int64(n)
}

func compact(found []*seenDeal) []*seenDeal {
	out := found[:0]
	for _, d := range found {
		if d != nil {
			out = append(out, d)
		}
	}
	return out
}

// seen wraps deals that were read for one answer.
func seen(deals ...engine.Deal) []*seenDeal {
	out := make([]*seenDeal, len(deals))
	for i, d := range deals {
		out[i] = &seenDeal{Deal: d}
	}
	return out
}
