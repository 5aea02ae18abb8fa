package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// Save writes all documents of a store, as they are at one moment between the call and its end, while others go on
// writing; header is asked at that moment, in its context. Then blobs adds what is kept beside the store (nil: nothing).
func Save(ctx context.Context, e store.Engine, to io.Writer, header func(ctx context.Context) (Header, error), blobs func(w *Writer) error) (Summary, error) {
	var w *Writer
	err := e.Snapshot(ctx, func(ctx context.Context) error {
		h, err := header(ctx)
		if err != nil {
			return err
		}
		if w, err = NewWriter(to, h); err != nil {
			return err
		}
		return e.Dump(ctx, w.Document)
	})
	if err == nil && blobs != nil {
		err = blobs(w)
	}
	if err != nil {
		return Summary{}, err
	}
	return w.Close()
}

// Digest is the digest that an archive of the store would have, but for documents that skip leaves out (nil: none).
func Digest(ctx context.Context, e store.Engine, skip func(coll, id string) bool) (Summary, error) {
	t := newTally()
	err := e.Dump(ctx, func(coll string, doc bson.Raw) error {
		if id, err := store.ID(doc); err == nil && skip != nil && skip(coll, id) {
			return nil
		}
		t.document(coll, doc)
		return nil
	})
	return t.summary(), err
}

// errFound ends a look at the first document.
var errFound = errors.New("found")

// Empty answers nil where a store has no document but those that skip leaves out, else an error that names a collection.
func Empty(ctx context.Context, e store.Engine, skip func(coll, id string) bool) error {
	found := ""
	err := e.Dump(ctx, func(coll string, doc bson.Raw) error {
		if id, err := store.ID(doc); err == nil && skip != nil && skip(coll, id) {
			return nil
		}
		found = coll
		return errFound
	})
	if errors.Is(err, errFound) {
		return fmt.Errorf("there are documents in %s", found)
	}
	return err
}

// Bounds of one transaction of a Loader.
const (
	loadDocs  = 500
	loadBytes = 4 << 20
)

// Loader inserts documents into a store, some hundred at a time. Its collections must be known (Ensure).
type Loader struct {
	Engine store.Engine

	coll  string
	batch []bson.Raw
	bytes int
}

// Document takes one document; it is a Visitor's.
func (l *Loader) Document(ctx context.Context, coll string, doc bson.Raw) error {
	if coll != l.coll || len(l.batch) == loadDocs || l.bytes > loadBytes {
		if err := l.Flush(ctx); err != nil {
			return err
		}
	}
	l.coll, l.batch, l.bytes = coll, append(l.batch, doc), l.bytes+len(doc)
	return nil
}

// Flush inserts what is left.
func (l *Loader) Flush(ctx context.Context) error {
	if len(l.batch) == 0 {
		return nil
	}
	err := l.Engine.Insert(ctx, l.coll, l.batch...)
	l.batch, l.bytes = l.batch[:0], 0
	return err
}

// Clear removes every document but those that keep names, some hundred at a time. Collections become known to the engine
// as they are needed, without their indexes.
func Clear(ctx context.Context, e store.Engine, keep func(coll, id string) bool) error {
	all := map[string][]string{}
	err := e.Dump(ctx, func(coll string, doc bson.Raw) error {
		id, err := store.ID(doc)
		if err == nil && !keep(coll, id) {
			all[coll] = append(all[coll], id)
		}
		return err
	})
	if err != nil {
		return err
	}
	for coll, ids := range all {
		if err := e.Ensure(ctx, []store.Spec{{Name: coll}}); err != nil {
			return err
		}
		for part := range slices.Chunk(ids, loadDocs) {
			if err := e.Delete(ctx, coll, part...); err != nil {
				return err
			}
		}
	}
	return nil
}
