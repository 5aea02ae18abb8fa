package archive

import (
	"bytes"
	"errors"
	"io"
	"maps"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Visitor takes what is in an archive, in its order. A nil function is not called; an error ends the reading and is
// returned as it is.
type Visitor struct {
	Header   func(Header) error
	Document func(coll string, doc bson.Raw) error
	Blob     func(key string, data []byte) error
}

// Read reads an archive from end to end. It answers a *Damage where the file is not what a Writer wrote; what was visited
// before stays visited, so look first (Check) and take then.
func Read(r io.Reader, v Visitor) (Header, Summary, error) {
	in := reader{visit: v, tally: newTally()}
	err := in.read(r)
	if why, ok := err.(damage); ok {
		err = &Damage{At: in.blocks.begun, Block: in.blocks.block, After: in.after, Why: string(why)}
	}
	return in.header, in.end, err
}

// Check reads an archive and says what is in it, or where it is damaged.
func Check(r io.Reader) (Header, Summary, error) { return Read(r, Visitor{}) }

type reader struct {
	blocks *blockReader
	visit  Visitor
	tally  tally
	begun  bool
	header Header
	after  string
	ended  bool
	end    Summary
}

func (in *reader) read(r io.Reader) (err error) {
	if in.blocks, err = newBlockReader(r); err != nil {
		return err
	}
	for {
		records, err := in.blocks.next()
		switch {
		case errors.Is(err, io.EOF) && in.ended:
			return nil
		case errors.Is(err, io.EOF):
			return damage("the file ends before the archive does")
		case err != nil && in.ended, err == nil && in.ended:
			return damage("there is something behind the end")
		case err != nil:
			return err
		}
		if err := in.block(records); err != nil {
			return err
		}
	}
}

func (in *reader) block(records []byte) error {
	for b := bytes.NewReader(records); b.Len() > 0; {
		raw, err := bson.ReadDocument(b)
		var r record
		if err == nil {
			err = bson.Unmarshal(raw, &r)
		}
		if err != nil {
			return damage("it holds what is no record")
		}
		if err := in.take(r); err != nil {
			return err
		}
	}
	return nil
}

func (in *reader) take(r record) error {
	switch {
	case in.ended:
		return damage("there is something behind the end")
	case r.Header != nil && !in.begun:
		in.begun, in.header = true, *r.Header
		if r.Header.Format != Format {
			return damage("it is of another format")
		}
		return visited(in.visit.Header, *r.Header)
	case !in.begun:
		return damage("it does not begin with a header")
	case r.Coll != "" && r.Doc != nil:
		return in.document(r)
	case r.Blob != "":
		in.tally.Blobs++
		in.after = "photo " + r.Blob
		if in.visit.Blob == nil {
			return nil
		}
		return in.visit.Blob(r.Blob, r.Data)
	case r.End != nil:
		in.ended, in.end = true, *r.End
		return in.whole()
	}
	return damage("it holds what is no record")
}

func (in *reader) document(r record) error {
	id, ok := r.Doc.Lookup("_id").StringValueOK()
	if !ok || r.Doc.Validate() != nil {
		return damage("it holds what is no document")
	}
	in.tally.document(r.Coll, r.Doc)
	in.after = r.Coll + "/" + id
	if in.visit.Document == nil {
		return nil
	}
	return in.visit.Document(r.Coll, r.Doc)
}

func visited[T any](visit func(T) error, v T) error {
	if visit == nil {
		return nil
	}
	return visit(v)
}

// whole holds what was read against what the end says.
func (in *reader) whole() error {
	got := in.tally.summary()
	if got.Documents != in.end.Documents || got.Blobs != in.end.Blobs || got.Digest != in.end.Digest || !maps.Equal(got.Collections, in.end.Collections) {
		return damage("it counts otherwise than was read")
	}
	return nil
}
