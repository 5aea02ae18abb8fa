package search

import (
	"slices"
	"strings"
	"unicode/utf8"

	"haggle/internal/fault"
)

// Bounds of a query.
const (
	DefaultLimit = 24
	MaxLimit     = 100
	MaxText      = 200 // characters that are read of a text; the rest is ignored
	maxTerm      = 100 // bytes of a filter's value
	maxStatuses  = 8
)

var sorts = []Sort{Relevance, Newest, Ending, PriceUp, PriceDown, MostWanted}

// Normalize fills in what the query leaves open and refuses what no engine can answer.
// Every engine calls it first; it may be called again.
func (q Query) Normalize() (Query, error) {
	q.Text = clean(q.Text)
	if len(q.Status) == 0 {
		q.Status = []string{"open"}
	}
	if q.Limit == 0 {
		q.Limit = DefaultLimit
	}
	if q.Sort == "" {
		q.Sort = Relevance
	}
	return q, q.check()
}

func (q Query) check() error {
	var wrong fault.Collect
	if q.Limit < 1 || q.Limit > MaxLimit {
		wrong.Addf("limit", "invalid", "must be from 1 to %d", MaxLimit)
	}
	if !slices.Contains(sorts, q.Sort) {
		wrong.Addf("sort", "invalid", "must be one of %v", sorts)
	}
	if len(q.Status) > maxStatuses || slices.ContainsFunc(q.Status, badTerm) {
		wrong.Addf("status", "invalid", "at most %d, each at most %d bytes of UTF-8", maxStatuses, maxTerm)
	}
	for _, f := range []struct{ name, value string }{{"kind", q.Kind}, {"category", q.Category}, {"condition", q.Condition}, {"owner", q.Owner}} {
		if badTerm(f.value) {
			wrong.Addf(f.name, "invalid", "at most %d bytes of UTF-8", maxTerm)
		}
	}
	return wrong.Err()
}

func badTerm(s string) bool { return len(s) > maxTerm || !utf8.ValidString(s) }

// clean makes a text valid, bounded, and free of control characters; a space at its end is kept, for it says that the
// last word is finished.
func clean(s string) string {
	n := 0
	return strings.TrimLeft(strings.Map(func(r rune) rune {
		if n++; n > MaxText {
			return -1
		}
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s), " ")
}

// Effective is the sort the hits will have: relevance means nothing without a text.
func (q Query) Effective() Sort {
	if q.Sort == Relevance && strings.TrimSpace(q.Text) == "" {
		return Newest
	}
	return q.Sort
}
