// Package search is the port to the index people search deals with.
//
// The index is a copy: everything in it can be rebuilt from the store, and nothing in it decides anything. A writer
// needs [Index.Put], with the version of the deal it read; a reader needs [Index.Search]. An index is filled, and
// after damage or a change of its rules filled again, by [Index.Rebuild].
//
// Two engines keep the same contract: search/bleve in this process, search/meili beside it. The suite they share is
// search/searchtest.
package search

import (
	"context"
	"errors"
	"time"

	"haggle/internal/money"
	"haggle/internal/search/text"
)

// Document is what an index knows of one deal. Whatever is in it may be shown to anybody.
type Document struct {
	ID      string // letters, digits, '-' and '_', at most 64
	Version int64  // of the deal; a Put with an older one than stored is ignored

	Kind, Status, Condition, Owner string

	Category      string   // id of the category itself
	CategoryPath  []string // ids from the root down to the category
	CategoryNames []string // names and aliases of the category and its ancestors in every language of the site

	Title, Description string
	Attributes         map[string]string

	Price      money.Amount // minor units; 0 = none is shown
	CreatedAt  time.Time
	ClosesAt   time.Time // zero = stays open
	Popularity int64     // entries, watchers: whatever the market counts; larger comes first
}

// Sort is the order of hits. Equals come newest first, then in an order of the engine's own that does not change.
type Sort string

const (
	Relevance  Sort = "relevance" // without a text the same as Newest
	Newest     Sort = "newest"
	Ending     Sort = "ending" // what stays open comes last
	PriceUp    Sort = "price"  // what shows no price comes last
	PriceDown  Sort = "-price"
	MostWanted Sort = "popular"
)

// Query asks for one page. The zero Query asks for the newest open deals.
type Query struct {
	Text      string   // what a person typed: any input is taken literally
	Whole     bool     // nothing rather than what has but some of the text's words: for who waits for a thing
	Kind      string   // empty = any, here and below
	Category  string   // id of a category of any level; what is below it matches too
	Condition string   //
	Owner     string   //
	Status    []string // default: open

	PriceMin, PriceMax *money.Amount // inclusive; a deal without a shown price matches no bound

	Sort   Sort   // default: Relevance
	Limit  int    // 1–100, default 24
	Cursor string // Next of the page before, from the same query
}

// Result is one page of hits, and counts over all of them.
type Result struct {
	Hits   []Hit
	Facets map[string]map[string]int64 // see the Facet constants
	Total  int64                       // of all pages; engines may stop counting at 10,000
	Next   string                      // cursor of the next page; empty = this is the last
	Loose  bool                        // nothing has even most words of the text: the hits have some; engines that cannot tell say false
}

// Hit is one deal found. Callers load it from the store and drop what may no longer be seen: the index can lag.
type Hit struct {
	ID    string
	Title []text.Segment // the title as it is, cut where it matches the text asked for
}

// Facets counted in every result. Each ignores the query's own choice in it, so that a page can offer the others.
const (
	FacetKind      = "kind"
	FacetCondition = "condition"
	FacetCategory  = "category" // by id, of every level
)

// Feed yields every document that belongs into the index, each once, and stops at the first error of yield.
type Feed func(yield func(Document) error) error

// Diff is how an index differs from the truth.
type Diff struct {
	Missing []string // should be found and are not
	Extra   []string // are found and should not be
	Stale   []string // are found in an older version
}

// Clean says that nothing differs.
func (d Diff) Clean() bool { return len(d.Missing)+len(d.Extra)+len(d.Stale) == 0 }

var (
	// ErrUnavailable: the engine does not answer. Nothing is known of a write that failed so; put it again.
	ErrUnavailable = errors.New("search: the engine does not answer")
	// ErrUnbuilt: the index is new, was damaged, or has the rules of another release. It answers with what was put
	// since; Rebuild makes it whole.
	ErrUnbuilt = errors.New("search: the index has to be rebuilt")
	// ErrRebuilding: another Rebuild of this index is under way.
	ErrRebuilding = errors.New("search: a rebuild is under way")
)

// Index is one index of deals. All methods may be called at the same time.
//
// A query or document of a wrong shape is refused with a fault (code invalid) that names the fields; an engine that
// is down answers ErrUnavailable. Other errors are internal.
type Index interface {
	// Put stores documents; once it returns nil they are found. Of one id the highest version wins, within the call
	// and against what is stored; an equal version replaces. After an error none, some or all may be stored.
	Put(ctx context.Context, docs ...Document) error
	// Delete removes documents; unknown ids are no error.
	Delete(ctx context.Context, ids ...string) error
	Search(ctx context.Context, q Query) (Result, error)
	// Rebuild fills a new index from the feed while the old one answers, takes writes into both, and switches when
	// the feed is done. After an error the old index stands as it was.
	Rebuild(ctx context.Context, feed Feed) error
	// Check compares the index with the feed and changes nothing. Ids come sorted.
	Check(ctx context.Context, feed Feed) (Diff, error)
	Count(ctx context.Context) (int64, error)
	// Ready is nil when the index can answer in full, else ErrUnbuilt or ErrUnavailable.
	Ready(ctx context.Context) error
	Close() error
}
