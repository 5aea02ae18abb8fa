package bleve

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// list numbers the different strings of one field in the order of their appearance. It only grows.
type list struct {
	mu      sync.RWMutex
	numbers map[string]uint32
	names   []string
}

func newList() *list { return &list{numbers: map[string]uint32{}} }

func (l *list) number(name string) uint32 {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, ok := l.numbers[name]
	if !ok {
		n = uint32(len(l.names))
		l.numbers[name] = n
		l.names = append(l.names, name)
	}
	return n
}

// all gives the names by number, as far as they are known now.
func (l *list) all() []string {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return l.names[:len(l.names):len(l.names)]
}

// table holds the rows of a generation, by segment.
type table struct {
	mu       sync.Mutex
	segments map[uint64][]row
	moved    map[string]row // what is newer than its segment says

	kinds, statuses, conditions, owners, categories *list
}

func newTable() *table {
	return &table{
		segments: map[uint64][]row{}, moved: map[string]row{},
		kinds: newList(), statuses: newList(), conditions: newList(), owners: newList(), categories: newList(),
	}
}

// part is one segment of a snapshot: document number base+i is rows[i].
type part struct {
	base    uint64
	rows    []row
	deleted *roaring.Bitmap // nil = none
}

func (p part) live(i int) bool { return p.deleted == nil || !p.deleted.Contains(uint32(i)) }

// parts gives the rows of a snapshot, reading those of segments it has not seen and forgetting those that are gone.
func (t *table) parts(snapshot *scorch.IndexSnapshot) ([]part, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []part
	base, alive := uint64(0), map[uint64]bool{}
	for _, segment := range snapshot.Segments() {
		rows, ok := t.segments[segment.Id()]
		if !ok {
			var err error
			if rows, err = t.read(segment); err != nil {
				return nil, err
			}
			t.segments[segment.Id()] = rows
		}
		alive[segment.Id()] = true
		out = append(out, part{base, rows, segment.Deleted()})
		base += uint64(len(rows))
	}
	t.forget(alive)
	return out, nil
}

// forget drops segments that are not alive, once they are many: an older snapshot may still be in use and would only
// have to read its rows again.
func (t *table) forget(alive map[uint64]bool) {
	if len(t.segments) < 2*len(alive)+8 {
		return
	}
	for id := range t.segments {
		if !alive[id] {
			delete(t.segments, id)
		}
	}
}

func (t *table) read(segment *scorch.SegmentSnapshot) ([]row, error) {
	rows := make([]row, segment.FullSize())
	for i := range rows {
		s, err := readStored(segment, i)
		if err != nil {
			return nil, err
		}
		if rows[i] = t.row(s); t.moved[s.id].version > rows[i].version {
			rows[i] = t.moved[s.id]
		}
	}
	return rows, nil
}

// move puts rows in the place of older ones; the segments on disk stay as they are. Who reads now keeps what he has.
func (t *table) move(rows map[string]row) {
	if len(rows) == 0 {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for number, held := range t.segments {
		var changed []row
		for i := range held {
			if newer, ok := rows[held[i].id]; ok {
				if changed == nil {
					changed = slices.Clone(held)
				}
				changed[i] = newer
			}
		}
		if changed != nil {
			t.segments[number] = changed
		}
	}
	maps.Copy(t.moved, rows)
}

// written forgets what was moved before documents were written anew, or removed.
func (t *table) written(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.moved, id)
}

func readStored(segment *scorch.SegmentSnapshot, i int) (stored, error) {
	var s stored
	err := errRow
	failed := segment.Segment().VisitStoredFields(uint64(i), func(field string, _ byte, value []byte, _ []uint64) bool {
		if field != fieldRow {
			return true
		}
		s, err = decodeRow(value)
		return false
	})
	if failed != nil {
		return stored{}, fmt.Errorf("search: read stored row: %w", failed)
	}
	return s, err
}

func (t *table) row(s stored) row {
	return row{
		id: s.id, version: s.numbers[0], price: s.numbers[1], created: s.numbers[2], closes: s.numbers[3], popularity: s.numbers[4],
		length: int32(utf8.RuneCountInString(s.title)),
		kind:   t.kinds.number(s.strings[0]), status: t.statuses.number(s.strings[1]), condition: t.conditions.number(s.strings[2]),
		owner: t.owners.number(s.strings[3]), category: t.categories.number(s.strings[4]),
	}
}
