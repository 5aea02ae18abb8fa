package bleve

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"haggle/internal/search"
)

// Index implements search.Index in this process.
type Index struct {
	root      string
	temporary bool
	catalogue *catalogue
	gate      chan struct{} // searches that compute; more than there are processors only slow each other

	rebuilding sync.Mutex
	closing    context.Context
	close      context.CancelFunc

	// mu is held for reading by every use of a generation and for writing only to exchange them.
	mu      sync.RWMutex
	current *generation // nil once closed
	next    *generation // being filled by a rebuild
	built   bool
}

var _ search.Index = (*Index)(nil)

// Open opens the index in the folder, or makes an empty one where there is none, it is damaged or its schema is
// another; then Ready says ErrUnbuilt. With an empty folder the index lives as long as it is open, in a temporary
// folder of its own: bleve's memory index never merges its segments and grows slow under single writes.
func Open(folder string) (*Index, error) {
	if folder != "" {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, err
		}
		return open(folder, false)
	}
	folder, err := os.MkdirTemp("", "haggle-search-")
	if err != nil {
		return nil, err
	}
	x, err := open(folder, true)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	return x, nil
}

func open(folder string, temporary bool) (*Index, error) {
	c, err := openCatalogue(folder)
	if err != nil {
		return nil, err
	}
	x := &Index{root: folder, temporary: temporary, catalogue: c, gate: make(chan struct{}, runtime.GOMAXPROCS(0))}
	x.closing, x.close = context.WithCancel(context.Background())
	if err := x.start(); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return x, nil
}

// start opens the generation the catalogue names, or an empty one in its place, and sweeps away all others.
func (x *Index) start() error {
	number, builtBy, err := x.catalogue.read()
	if err != nil {
		return err
	}
	if builtBy == schema {
		if g, err := openGeneration(x.root, number); err == nil {
			x.current, x.built = g, true
			return x.sweep(g.folder)
		}
	}
	if x.current, err = newGeneration(x.root, number+1, !x.temporary); err != nil {
		return err
	}
	if err := x.catalogue.write(x.current.number, ""); err != nil {
		return err
	}
	return x.sweep(x.current.folder)
}

// sweep removes generations that a crash, a damage or another release left behind.
func (x *Index) sweep(keep string) error {
	found, err := filepath.Glob(filepath.Join(x.root, "generation-*"))
	if err != nil {
		return err
	}
	for _, folder := range found {
		if folder != keep {
			if err := os.RemoveAll(folder); err != nil {
				return err
			}
		}
	}
	return nil
}

// use runs fn with the generations to write to; the first one answers.
func (x *Index) use(fn func(generations []*generation) error) error {
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.current == nil {
		return search.ErrUnavailable
	}
	if x.next == nil {
		return fn([]*generation{x.current})
	}
	return fn([]*generation{x.current, x.next})
}

// Put implements search.Index.
func (x *Index) Put(ctx context.Context, docs ...search.Document) error {
	docs, err := search.Latest(docs)
	if err != nil || len(docs) == 0 {
		return err
	}
	return x.use(func(generations []*generation) error {
		for _, g := range generations {
			if err := g.put(ctx, docs, false); err != nil {
				return err
			}
		}
		return nil
	})
}

// Delete implements search.Index.
func (x *Index) Delete(ctx context.Context, ids ...string) error {
	if err := ctx.Err(); err != nil || len(ids) == 0 {
		return err
	}
	return x.use(func(generations []*generation) error {
		for _, g := range generations {
			if err := g.remove(ids); err != nil {
				return err
			}
		}
		return nil
	})
}

// Check implements search.Index.
func (x *Index) Check(_ context.Context, feed search.Feed) (search.Diff, error) {
	var held map[string]int64
	err := x.use(func(generations []*generation) error {
		g := generations[0]
		g.mu.Lock()
		defer g.mu.Unlock()
		held = maps.Clone(g.versions)
		return nil
	})
	if err != nil {
		return search.Diff{}, err
	}
	return search.Compare(held, feed)
}

// Count implements search.Index.
func (x *Index) Count(context.Context) (int64, error) {
	var n int64
	err := x.use(func(generations []*generation) error {
		count, err := generations[0].index.DocCount()
		n = int64(count)
		return err
	})
	return n, err
}

// Ready implements search.Index.
func (x *Index) Ready(context.Context) error {
	return x.use(func([]*generation) error {
		if !x.built {
			return search.ErrUnbuilt
		}
		return nil
	})
}

// Close stops a rebuild, waits for what is under way and releases the folder. A second Close does nothing.
func (x *Index) Close() error {
	x.close()
	x.rebuilding.Lock()
	defer x.rebuilding.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.current == nil {
		return nil
	}
	err := errors.Join(x.current.index.Close(), x.catalogue.close())
	x.current = nil
	if x.temporary {
		err = errors.Join(err, os.RemoveAll(x.root))
	}
	return err
}
