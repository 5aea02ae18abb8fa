package bleve

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"

	"haggle/internal/search"
)

// generation is one complete index in a folder of its own.
type generation struct {
	number uint64
	folder string
	index  bleve.Index
	table  *table

	mu       sync.Mutex // one writer at a time
	writes   uint64     // batches so far
	versions map[string]int64
	words    map[string]uint64 // of each document; nil where a write has to outlive a crash
	gone     map[string]bool   // deleted while the feed was running: the feed must not bring them back; nil otherwise
}

func generationFolder(root string, number uint64) string {
	return filepath.Join(root, fmt.Sprintf("generation-%d", number))
}

// newGeneration makes an empty one. Without durable a write may be lost at a crash.
func newGeneration(root string, number uint64, durable bool) (*generation, error) {
	folder := generationFolder(root, number)
	if err := os.RemoveAll(folder); err != nil {
		return nil, err
	}
	index, err := bleve.NewUsing(folder, newMapping(), scorch.Name, scorch.Name, map[string]any{"unsafe_batch": !durable})
	if err != nil {
		return nil, fmt.Errorf("search: create %s: %w", folder, err)
	}
	g := &generation{number: number, folder: folder, index: index, table: newTable(), versions: map[string]int64{}}
	if !durable {
		g.words = map[string]uint64{}
	}
	if err := g.commit(index.NewBatch()); err != nil {
		return nil, errors.Join(err, g.discard())
	}
	return g, nil
}

// keyWrites is under which each batch leaves its number in the index.
var keyWrites = []byte("writes")

// commit writes a batch, numbered. The caller is the only writer.
func (g *generation) commit(batch *bleve.Batch) error {
	g.writes++
	batch.SetInternal(keyWrites, binary.BigEndian.AppendUint64(nil, g.writes))
	if err := g.index.Batch(batch); err != nil {
		return fmt.Errorf("search: write to %s: %w", g.folder, err)
	}
	return nil
}

// lastWrite is the number of the last batch that reached the disk. It must be asked before the index is opened, which
// locks what it reads.
func lastWrite(folder string) ([]byte, error) {
	states, err := scorch.RollbackPoints(filepath.Join(folder, "store"))
	if err != nil {
		return nil, fmt.Errorf("search: open %s: %w", folder, err)
	}
	if len(states) == 0 {
		return nil, errDamaged
	}
	return states[0].GetInternal(keyWrites), nil
}

// complete is nil if the index holds the batch that was written last. Where a segment is damaged, bleve opens an older
// state without a word.
func (g *generation) complete(last []byte) error {
	held, err := g.index.GetInternal(keyWrites)
	if err != nil {
		return err
	}
	if len(held) != 8 || !bytes.Equal(held, last) {
		return errDamaged
	}
	g.writes = binary.BigEndian.Uint64(held)
	return nil
}

var errDamaged = errors.New("search: the index on disk is damaged")

// openGeneration opens what newGeneration left behind. Damage is an error.
func openGeneration(root string, number uint64) (*generation, error) {
	folder := generationFolder(root, number)
	last, err := lastWrite(folder)
	if err != nil {
		return nil, err
	}
	index, err := bleve.OpenUsing(folder, map[string]any{"bolt_timeout": lockWait.String()})
	if err != nil {
		return nil, fmt.Errorf("search: open %s: %w", folder, err)
	}
	g := &generation{number: number, folder: folder, index: index, table: newTable(), versions: map[string]int64{}}
	if err := errors.Join(g.complete(last), g.load()); err != nil {
		return nil, errors.Join(err, index.Close())
	}
	return g, nil
}

// load reads every row, so that the first search finds them in memory and writers know the versions.
func (g *generation) load() error {
	return g.view(func(_ *scorch.IndexSnapshot, parts []part) error {
		for _, p := range parts {
			for i, r := range p.rows {
				if p.live(i) {
					g.versions[r.id] = r.version
				}
			}
		}
		return nil
	})
}

// view runs fn on one unchanging state of the index.
func (g *generation) view(fn func(*scorch.IndexSnapshot, []part) error) (err error) {
	inner, err := g.index.Advanced()
	if err != nil {
		return err
	}
	reader, err := inner.Reader()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, reader.Close()) }()
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return fmt.Errorf("search: %T is no scorch index", reader)
	}
	parts, err := g.table.parts(snapshot)
	if err != nil {
		return err
	}
	return fn(snapshot, parts)
}

// batchSize is how many documents are made durable together.
const batchSize = 500

// put stores what is not older than what is there. Documents of a feed do not bring back what was deleted meanwhile.
func (g *generation) put(ctx context.Context, docs []search.Document, fromFeed bool) error {
	for len(docs) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(batchSize, len(docs))
		if err := g.putBatch(docs[:n], fromFeed); err != nil {
			return err
		}
		docs = docs[n:]
	}
	return nil
}

// putBatch writes the documents whose words are new. Where nothing has to outlive a crash the others only move their rows: a
// bid changes a deal's price and nothing that a person could look for.
func (g *generation) putBatch(docs []search.Document, fromFeed bool) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	batch, taken, moved := g.index.NewBatch(), map[string]search.Document{}, map[string]row{}
	for _, d := range docs {
		held, known := g.versions[d.ID]
		if known && held > d.Version || fromFeed && g.gone[d.ID] {
			continue
		}
		taken[d.ID] = d
		if known && g.words != nil && held < d.Version && g.words[d.ID] == words(d) {
			moved[d.ID] = g.table.row(storedOf(d))
		} else if err := batch.Index(d.ID, fields(d)); err != nil {
			return fmt.Errorf("search: index %s: %w", d.ID, err)
		}
	}
	if len(moved) < len(taken) {
		if err := g.commit(batch); err != nil {
			return err
		}
	}
	g.table.move(moved)
	for id, d := range taken {
		g.versions[id] = d.Version
		delete(g.gone, id)
		if _, ok := moved[id]; g.words != nil && !ok {
			g.words[id] = words(d)
			g.table.written(id)
		}
	}
	return nil
}

func (g *generation) remove(ids []string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	batch := g.index.NewBatch()
	for _, id := range ids {
		batch.Delete(id)
	}
	if err := g.commit(batch); err != nil {
		return err
	}
	for _, id := range ids {
		delete(g.versions, id)
		delete(g.words, id)
		g.table.written(id)
		if g.gone != nil {
			g.gone[id] = true
		}
	}
	return nil
}

func (g *generation) discard() error {
	return errors.Join(g.index.Close(), os.RemoveAll(g.folder))
}

// warm is a look at a generation that only makes it read its rows.
func warm(*scorch.IndexSnapshot, []part) error { return nil }
