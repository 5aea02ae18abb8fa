package store

import (
	"fmt"
	"regexp"
)

// ByID is the name of the index over _id that every collection has.
const ByID = "_id"

// Spec declares a collection and its indexes, besides the one over _id.
type Spec struct {
	Name    string
	Indexes []Index

	// Shape is a value of the type whose documents the collection keeps; nil: any. An engine whose database others can
	// write to, too, lets it refuse documents of another shape (see ShapeOf).
	Shape any
}

// Index declares an index. Documents stand in it in the order of Fields; those with equal fields in order of _id.
//
// An indexed field is a string, an int64 (or int32), a bool, a datetime, null, or missing: anything else in a document is
// refused when it is written. In ascending order: missing and null (equal), numbers, strings (by bytes), false, true,
// datetimes.
type Index struct {
	Name   string // letters, digits and _
	Fields []Field

	// Unique admits each combination of values once. Missing counts as a value, equal to null, unless the index is
	// sparse. The fields of a unique index are ascending.
	Unique bool

	// Sparse leaves out the documents in which the first field is missing; null is not missing.
	Sparse bool
}

// Field is one field of an index.
type Field struct {
	Path string // as in the document; a dot descends: "seller.id"
	Desc bool
}

// Index finds a declared index by its name.
func (s Spec) Index(name string) (Index, bool) {
	if name == ByID {
		return Index{Name: ByID, Fields: []Field{{Path: "_id"}}, Unique: true}, true
	}
	for _, x := range s.Indexes {
		if x.Name == name {
			return x, true
		}
	}
	return Index{}, false
}

var (
	identifier = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,62}$`)
	fieldPath  = regexp.MustCompile(`^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$`)
)

// Check refuses a declaration that no engine could keep.
func (s Spec) Check() error {
	if !identifier.MatchString(s.Name) {
		return fmt.Errorf("store: collection name %q is not letters, digits and _", s.Name)
	}
	seen := map[string]bool{}
	for _, x := range s.Indexes {
		if seen[x.Name] {
			return fmt.Errorf("store: %s declares the index %s twice", s.Name, x.Name)
		}
		seen[x.Name] = true
		if err := x.check(); err != nil {
			return fmt.Errorf("store: %s, index %s: %w", s.Name, x.Name, err)
		}
	}
	return nil
}

func (x Index) check() error {
	if !identifier.MatchString(x.Name) {
		return fmt.Errorf("name %q is not letters, digits and _", x.Name)
	}
	if len(x.Fields) == 0 {
		return fmt.Errorf("no field")
	}
	seen := map[string]bool{}
	for _, f := range x.Fields {
		switch {
		case seen[f.Path]:
			return fmt.Errorf("field %s twice", f.Path)
		case !fieldPath.MatchString(f.Path) || f.Path == "_id":
			return fmt.Errorf("field %q cannot be indexed", f.Path)
		case f.Desc && x.Unique:
			return fmt.Errorf("field %s is descending in a unique index", f.Path)
		}
		seen[f.Path] = true
	}
	return nil
}
