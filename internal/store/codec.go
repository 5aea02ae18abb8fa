package store

import (
	"bytes"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Encode makes the document of a value, by its bson struct tags. Times are truncated to milliseconds and decode as UTC;
// int64 is exact. The value's "_id" must be a string that is not empty; it becomes the first field, where MongoDB would
// move it.
func Encode(v any) (bson.Raw, error) {
	raw, err := bson.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("store: encode %T: %w", v, err)
	}
	if _, err := ID(raw); err != nil {
		return nil, fmt.Errorf("%w in %T", err, v)
	}
	return idFirst(raw)
}

// idFirst moves the _id to the front of a document.
func idFirst(raw bson.Raw) (bson.Raw, error) {
	if bytes.HasPrefix(raw[5:], []byte("_id\x00")) {
		return raw, nil
	}
	elems, err := raw.Elements()
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(elems, func(e bson.RawElement) bool { return e.Key() == "_id" })
	out := slices.Clone(raw[:4]) // the length stays
	out = append(out, elems[at]...)
	for _, e := range slices.Delete(elems, at, at+1) {
		out = append(out, e...)
	}
	return append(out, 0), nil
}

// Decode fills a value from a document. Fields that the value does not have are ignored.
func Decode(raw bson.Raw, into any) error {
	if err := bson.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("store: decode %T: %w", into, err)
	}
	return nil
}

// ID reads the _id of a document.
func ID(raw bson.Raw) (string, error) {
	id, ok := raw.Lookup("_id").StringValueOK()
	if !ok || id == "" {
		return "", fmt.Errorf("store: _id is not a string, or empty")
	}
	return id, nil
}

// Version reads the version of a document; false where it has none.
func Version(raw bson.Raw) (int64, bool) {
	v := raw.Lookup("version")
	if v.Type != bson.TypeInt64 && v.Type != bson.TypeInt32 {
		return 0, false
	}
	return v.AsInt64(), true
}

// Check refuses a replacement whose document is not the next version of the one that was read.
func (v Versioned) Check() error {
	id, err := ID(v.Doc)
	if err != nil {
		return err
	}
	next, ok := Version(v.Doc)
	if id != v.ID || !ok || next != v.Version+1 {
		return fmt.Errorf("store: replacement of %s version %d holds %s version %d", v.ID, v.Version, id, next)
	}
	return nil
}
