package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// An archive is a stream of BSON documents: one record for each stored document, and a last one that says how many
// there were. It carries documents from any engine to any other.
type record struct {
	Coll string   `bson:"coll,omitempty"`
	Doc  bson.Raw `bson:"doc,omitempty"`
	End  *int64   `bson:"end,omitempty"`
}

// restoreBatch is how many documents Restore writes in one transaction.
const restoreBatch = 500

// ErrArchive says that a stream is not a whole archive.
var ErrArchive = errors.New("store: not a whole archive")

// Dump writes the documents of some collections, as they are at one moment, to an archive.
func Dump(ctx context.Context, e Engine, colls []string, w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	var n int64
	err := e.Snapshot(ctx, func(ctx context.Context) error {
		for _, c := range colls {
			err := e.Scan(ctx, c, func(doc bson.Raw) error {
				n++
				return writeRecord(out, record{Coll: c, Doc: doc})
			})
			if err != nil {
				return err
			}
		}
		return writeRecord(out, record{End: &n})
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

func writeRecord(w io.Writer, r record) error {
	b, err := bson.Marshal(r)
	if err != nil {
		return err
	}
	_, err = w.Write(b)
	return err
}

// Restore inserts the documents of an archive into collections that Ensure was told of, and says how many there were.
// ErrArchive where the archive is cut short or damaged; *DuplicateError where a document is there already. What was
// inserted before an error stays.
func Restore(ctx context.Context, e Engine, r io.Reader) (int64, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	var n int64
	var coll string
	var batch []bson.Raw
	flush := func() error {
		err := e.Insert(ctx, coll, batch...)
		n, batch = n+int64(len(batch)), batch[:0]
		return err
	}
	for {
		rec, err := readRecord(in)
		if err != nil {
			return n, err
		}
		if len(batch) == restoreBatch || len(batch) > 0 && rec.Coll != coll {
			if err := flush(); err != nil {
				return n, err
			}
		}
		if rec.End != nil {
			if *rec.End != n {
				return n, fmt.Errorf("%w: %d of %d documents", ErrArchive, n, *rec.End)
			}
			return n, nil
		}
		coll, batch = rec.Coll, append(batch, rec.Doc)
	}
}

func readRecord(r io.Reader) (rec record, err error) {
	raw, err := bson.ReadDocument(r)
	if err == nil {
		err = bson.Unmarshal(raw, &rec)
	}
	if err == nil && rec.End == nil && (rec.Coll == "" || rec.Doc == nil) {
		err = errors.New("an empty record")
	}
	if err != nil {
		return rec, fmt.Errorf("%w: %w", ErrArchive, err)
	}
	return rec, nil
}
