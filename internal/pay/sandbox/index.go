package sandbox

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a Storage that ends with the process. It grows with every record: it serves tests and simulations.
type Memory struct {
	mu sync.Mutex
	ix *index
}

// NewMemory makes an empty storage.
func NewMemory() *Memory { return &Memory{ix: newIndex()} }

func (m *Memory) Chain(_ context.Context, intent string) ([]Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ix.chain(intent), nil
}

func (m *Memory) Append(_ context.Context, r Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ix.taken(r) {
		return ErrTaken
	}
	m.ix.add(r)
	return nil
}

func (m *Memory) Late(_ context.Context, from, to time.Time) ([]Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ix.between(from, to), nil
}

// index finds records by intent and by the time they fail.
type index struct {
	chains map[string][]Record // by root
	root   map[string]string   // by intent
	late   []Record            // in order of FailsAt
}

func newIndex() *index { return &index{chains: map[string][]Record{}, root: map[string]string{}} }

func (ix *index) chain(intent string) []Record { return slices.Clone(ix.chains[ix.root[intent]]) }

func (ix *index) taken(r Record) bool {
	_, known := ix.root[r.Intent]
	return known || r.Seq != len(ix.chains[r.Root])
}

func (ix *index) add(r Record) {
	ix.root[r.Intent] = r.Root
	ix.chains[r.Root] = append(ix.chains[r.Root], r)
	if !r.FailsAt.IsZero() {
		at, _ := slices.BinarySearchFunc(ix.late, r.FailsAt, func(l Record, t time.Time) int {
			return cmp.Or(l.FailsAt.Compare(t), -1) // after those of the same moment
		})
		ix.late = slices.Insert(ix.late, at, r)
	}
}

func (ix *index) between(from, to time.Time) (out []Record) {
	for _, r := range ix.late {
		if !r.FailsAt.Before(from) && !r.FailsAt.After(to) {
			out = append(out, r)
		}
	}
	return out
}
