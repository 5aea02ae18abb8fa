package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Writer writes an archive: documents, then blobs, then Close.
type Writer struct {
	blocks *blockWriter
	block  []byte
	tally  tally
}

// NewWriter begins an archive.
func NewWriter(w io.Writer, h Header) (*Writer, error) {
	blocks, err := newBlockWriter(w)
	if err != nil {
		return nil, err
	}
	out := &Writer{blocks: blocks, tally: newTally()}
	h.Format = Format
	if err := out.add(record{Header: &h}); err != nil {
		return nil, err
	}
	return out, out.flush()
}

// Document adds a document. They come in order of collection and _id.
func (w *Writer) Document(coll string, doc bson.Raw) error {
	w.tally.document(coll, doc)
	return w.add(record{Coll: coll, Doc: doc})
}

// Blob adds a blob.
func (w *Writer) Blob(key string, data []byte) error {
	w.tally.Blobs++
	return w.add(record{Blob: key, Data: data})
}

// Close ends the archive and says what is in it. It does not close the file.
func (w *Writer) Close() (Summary, error) {
	s := w.tally.summary()
	if err := w.add(record{End: &s}); err != nil {
		return s, err
	}
	return s, w.flush()
}

func (w *Writer) add(r record) error {
	b, err := bson.Marshal(r)
	if err != nil {
		return err
	}
	if len(b) > maxBlock-blockSize {
		return errors.New("archive: a record is too large")
	}
	w.block = append(w.block, b...)
	if len(w.block) < blockSize {
		return nil
	}
	return w.flush()
}

func (w *Writer) flush() error {
	if len(w.block) == 0 {
		return nil
	}
	err := w.blocks.write(w.block)
	w.block = w.block[:0]
	return err
}

// tally counts what goes into an archive, or comes out of it.
type tally struct {
	Summary
	hash hash.Hash
}

func newTally() tally {
	return tally{Summary: Summary{Collections: map[string]int64{}}, hash: sha256.New()}
}

func (t *tally) document(coll string, doc bson.Raw) {
	t.Documents++
	t.Collections[coll]++
	t.hash.Write(append([]byte(coll), 0))
	t.hash.Write(doc) // begins with its length
}

func (t *tally) summary() Summary {
	s := t.Summary
	s.Digest = hex.EncodeToString(t.hash.Sum(nil))
	return s
}
