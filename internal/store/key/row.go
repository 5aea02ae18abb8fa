package key

import (
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// Row is a document with what an engine keeps beside it.
type Row struct {
	ID      string
	Version any      // int64, or nil where the document has none
	Keys    [][]byte // one for each index of the collection, nil where the document is not in it
	Doc     bson.Raw
}

// NewRow reads what is indexed out of a document. It refuses a document without a string _id, and one with a value that
// cannot be indexed under an index.
func NewRow(s store.Spec, doc bson.Raw) (Row, error) {
	id, err := store.ID(doc)
	if err != nil {
		return Row{}, fmt.Errorf("%w in %s", err, s.Name)
	}
	r := Row{ID: id, Doc: doc, Keys: make([][]byte, len(s.Indexes))}
	if n, ok := store.Version(doc); ok {
		r.Version = n
	}
	for i, x := range s.Indexes {
		if r.Keys[i], err = Of(x, doc); err != nil {
			return Row{}, fmt.Errorf("store: %s %s: %w", s.Name, id, err)
		}
	}
	return r, nil
}

// NewRows is NewRow for many.
func NewRows(s store.Spec, docs []bson.Raw) ([]Row, error) {
	rows := make([]Row, len(docs))
	for i, d := range docs {
		var err error
		if rows[i], err = NewRow(s, d); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// Of is the key of a document in an index; nil where a sparse index leaves it out.
func Of(x store.Index, doc bson.Raw) ([]byte, error) {
	key := make([]byte, 0, 64)
	for i, f := range x.Fields {
		v, err := lookup(doc, f.Path)
		if err != nil {
			return nil, err
		}
		if i == 0 && x.Sparse && v.Type == 0 {
			return nil, nil
		}
		from := len(key)
		if key, err = appendValue(key, v); err != nil {
			return nil, fmt.Errorf("index %s, field %s: %w", x.Name, f.Path, err)
		}
		if f.Desc {
			invert(key[from:])
		}
	}
	if !x.Unique {
		key = appendString(append(key, tagString), doc.Lookup("_id").StringValue())
	}
	return key, nil
}

// lookup finds the value at a path; type 0 where it is missing. An array on the way is refused: MongoDB would index each
// of its elements.
func lookup(doc bson.Raw, path string) (bson.RawValue, error) {
	for {
		name, rest, deeper := strings.Cut(path, ".")
		v := doc.Lookup(name)
		switch {
		case v.Type == bson.TypeArray:
			return v, fmt.Errorf("%s is an array, which cannot be indexed", name)
		case !deeper:
			return v, nil
		case v.Type != bson.TypeEmbeddedDocument:
			return bson.RawValue{}, nil
		}
		doc, path = v.Document(), rest
	}
}
