package engine

import (
	"context"
	"fmt"
	"sync"

	"haggle/internal/store"
)

// dealRows reads and writes deals, each of two documents.
type dealRows struct {
	moving *store.Collection[Deal]
	papers *store.Collection[Paper]
	memo   paperMemo
}

func newDealRows(s store.Engine) *dealRows {
	return &dealRows{moving: store.NewCollection[Deal](s, Deals), papers: store.NewCollection[Paper](s, Papers)}
}

// Insert stores a new deal.
func (r *dealRows) Insert(ctx context.Context, d Deal) error {
	if err := r.moving.Insert(ctx, d); err != nil {
		return err
	}
	return r.papers.Insert(ctx, Paper{ID: d.ID, Particulars: d.Particulars})
}

// Replace stores what moved, by compare-and-set on the version.
func (r *dealRows) Replace(ctx context.Context, docs ...store.Changed[Deal]) error {
	return r.moving.Replace(ctx, docs...)
}

// Get reads one deal; store.ErrNotFound where there is none.
func (r *dealRows) Get(ctx context.Context, id string) (Deal, error) {
	d, err := r.moving.Get(ctx, id)
	if err != nil {
		return d, err
	}
	all := []Deal{d}
	err = r.complete(ctx, all)
	return all[0], err
}

// GetMany reads deals by id, in no particular order. Missing ones are left out.
func (r *dealRows) GetMany(ctx context.Context, ids []string) ([]Deal, error) {
	all, err := r.moving.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	return all, r.complete(ctx, all)
}

// Find reads a page of deals in the order of an index.
func (r *dealRows) Find(ctx context.Context, q store.Query) (store.PageOf[Deal], error) {
	page, err := r.moving.Find(ctx, q)
	if err != nil {
		return page, err
	}
	return page, r.complete(ctx, page.Docs)
}

// Scan calls fn with every deal in order of id.
func (r *dealRows) Scan(ctx context.Context, fn func(Deal) error) error {
	var some []Deal
	flush := func() error {
		if err := r.complete(ctx, some); err != nil {
			return err
		}
		for _, d := range some {
			if err := fn(d); err != nil {
				return err
			}
		}
		some = some[:0]
		return nil
	}
	err := r.moving.Scan(ctx, func(d Deal) error {
		if some = append(some, d); len(some) < pageSize {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// complete gives deals their particulars: from memory, and from the store in one query.
func (r *dealRows) complete(ctx context.Context, deals []Deal) error {
	var missing []string
	for i := range deals {
		if p, ok := r.memo.get(deals[i].ID); ok {
			deals[i].Particulars = p
		} else {
			missing = append(missing, deals[i].ID)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	papers, err := r.papers.GetMany(ctx, missing)
	if err != nil {
		return err
	}
	found := make(map[string]Particulars, len(papers))
	for _, p := range papers {
		found[p.ID] = p.Particulars
		r.memo.put(p)
	}
	for i := range deals {
		p, ok := found[deals[i].ID]
		switch {
		case ok:
			deals[i].Particulars = p
		case deals[i].Terms == nil:
			return fmt.Errorf("deal %s has no particulars", deals[i].ID)
		}
	}
	return nil
}

// paperMemo remembers particulars, which never change, up to a number of bytes. They are shared: nobody writes to them.
type paperMemo struct {
	mu    sync.RWMutex
	of    map[string]Particulars
	bytes int
}

const memoBound = 32 << 20 // bytes, roughly

func (m *paperMemo) get(id string) (Particulars, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	p, ok := m.of[id]
	return p, ok
}

func (m *paperMemo) put(p Paper) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of == nil {
		m.of = map[string]Particulars{}
	}
	for other := range m.of { // any one: the map's order is random
		if m.bytes < memoBound {
			break
		}
		m.bytes -= m.of[other].size()
		delete(m.of, other)
	}
	if old, ok := m.of[p.ID]; ok {
		m.bytes -= old.size()
	}
	m.of[p.ID] = p.Particulars
	m.bytes += p.size()
}

// size is roughly how many bytes of memory particulars take.
func (p Particulars) size() int {
	const each = 128 // a struct, its headers and its place in a map
	n := 4*each + len(p.Title) + len(p.Description) + len(p.About) + len(p.Terms)
	for k, v := range p.Attributes {
		n += each + len(k) + len(v)
	}
	for _, photo := range p.Photos {
		n += each * (1 + len(photo.Sizes))
	}
	return n + each*len(p.Delivery)
}
