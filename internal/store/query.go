package store

import "go.mongodb.org/mongo-driver/v2/bson"

// Bounds on how much one Find reads.
const (
	DefaultLimit = 1000
	MaxLimit     = 10_000
)

// Query asks for documents by one declared index.
type Query struct {
	// Index names a declared index, or ByID.
	Index string

	// Eq are values for the leading fields of the index: strings, integers, bools, times, nil (null or missing), or types
	// made of them.
	Eq []any

	// From and To bound the next field. They find only values of the bound's own type: a bound on a time never finds
	// documents in which the time is missing.
	From, To *Bound

	// Desc reads the index from its end.
	Desc bool

	// Limit is the most documents of a page; 0 stands for DefaultLimit, and more than MaxLimit is cut to it.
	Limit int

	// After continues behind the page whose Next it is. Documents that were there all the time are neither repeated nor
	// skipped, whatever is inserted or removed between the pages.
	After string
}

// Bound is one end of a range.
type Bound struct {
	Value     any
	Inclusive bool
}

// AtLeast bounds a range from v on.
func AtLeast(v any) *Bound { return &Bound{Value: v, Inclusive: true} }

// Above bounds a range behind v.
func Above(v any) *Bound { return &Bound{Value: v} }

// AtMost bounds a range up to v; as To.
func AtMost(v any) *Bound { return &Bound{Value: v, Inclusive: true} }

// Below bounds a range before v; as To.
func Below(v any) *Bound { return &Bound{Value: v} }

// PageSize is the limit that applies to the query.
func (q Query) PageSize() int {
	if q.Limit <= 0 {
		return DefaultLimit
	}
	return min(q.Limit, MaxLimit)
}

// Page is what one Find read.
type Page struct {
	Docs []bson.Raw
	Next string // opaque; empty at the end
}

// scanChunk is how many documents ScanPages reads at a time.
const scanChunk = 512

// ScanPages makes a Scan of an engine's Find: all documents in order of _id.
func ScanPages(find func(q Query) (Page, error), fn func(bson.Raw) error) error {
	for q := (Query{Index: ByID, Limit: scanChunk}); ; {
		page, err := find(q)
		if err != nil {
			return err
		}
		for _, doc := range page.Docs {
			if err := fn(doc); err != nil {
				return err
			}
		}
		if q.After = page.Next; q.After == "" {
			return nil
		}
	}
}
