package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
	"haggle/internal/store/key"
)

// chunk is the most ids, or bounds of spans, that one statement names.
const chunk = 4096

// Get reads one document: see store.Engine.
func (e *Engine) Get(ctx context.Context, coll, id string) (doc bson.Raw, err error) {
	t, err := e.table(coll)
	if err != nil {
		return nil, err
	}
	err = e.read(ctx, func(ctx context.Context, s statements) error {
		stmt, err := s.prepare(ctx, t.get())
		if err != nil {
			return err
		}
		err = stmt.QueryRowContext(ctx, id).Scan((*[]byte)(&doc))
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("%w: %s %s", store.ErrNotFound, coll, id)
		}
		return err
	})
	return doc, err
}

// GetMany reads documents by id: see store.Engine.
func (e *Engine) GetMany(ctx context.Context, coll string, ids []string) (docs []bson.Raw, err error) {
	t, err := e.table(coll)
	if err != nil {
		return nil, err
	}
	ids = distinct(ids)
	err = e.read(ctx, func(ctx context.Context, s statements) error {
		for len(ids) > 0 {
			n := min(len(ids), chunk)
			part := padded(ids[:n])
			if docs, err = query(ctx, s, docs, t.getMany(len(part)), part...); err != nil {
				return err
			}
			ids = ids[n:]
		}
		return nil
	})
	return docs, err
}

// distinct drops repeated ids.
func distinct(ids []string) []string {
	if len(ids) < 2 {
		return ids
	}
	seen := make(map[string]bool, len(ids))
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// rounded is the next power of two: few different statements serve all numbers of arguments.
func rounded(n int) int {
	size := 1
	for size < n {
		size *= 2
	}
	return size
}

// padded makes arguments of ids, the last repeated up to a rounded number.
func padded(ids []string) []any {
	args := make([]any, rounded(len(ids)))
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)]
	}
	return args
}

// query appends the documents that a statement selects.
func query(ctx context.Context, s statements, docs []bson.Raw, text string, args ...any) ([]bson.Raw, error) {
	stmt, err := s.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var doc []byte
		if err := rows.Scan(&doc); err != nil {
			return nil, err
		}
		docs = append(docs, doc)
	}
	return docs, rows.Err()
}

// Find reads a page: see store.Engine.
func (e *Engine) Find(ctx context.Context, coll string, q store.Query) (page store.Page, err error) {
	t, err := e.table(coll)
	if err != nil {
		return page, err
	}
	return e.page(ctx, t, q)
}

// page reads what a query asks for, and one document more, which tells whether there is a next page.
func (e *Engine) page(ctx context.Context, t *table, q store.Query) (page store.Page, err error) {
	x, err := t.index(q.Index)
	if err != nil {
		return page, err
	}
	span, err := key.Plan(x, q)
	if err != nil || span.Empty() {
		return page, err
	}
	limit := q.PageSize()
	lo, hi := bounds(x, span)
	err = e.read(ctx, func(ctx context.Context, s statements) error {
		page.Docs, err = query(ctx, s, nil, t.find(x.Name, q.Desc), lo, hi, limit+1)
		return err
	})
	if err != nil || len(page.Docs) <= limit {
		return page, err
	}
	page.Docs = page.Docs[:limit]
	last, err := key.Of(x, page.Docs[limit-1])
	page.Next = key.Cursor(x, last)
	return page, err
}

// FindIn reads by the first field of an index: see store.Engine.
func (e *Engine) FindIn(ctx context.Context, coll, index string, values []string) (docs []bson.Raw, err error) {
	t, err := e.table(coll)
	if err != nil {
		return nil, err
	}
	x, err := t.index(index)
	if err != nil {
		return nil, err
	}
	values = slices.Compact(slices.Sorted(slices.Values(values))) // the order of strings is that of their keys
	var spans []any
	for _, v := range values {
		span, err := key.Plan(x, store.Query{Index: index, Eq: []any{v}})
		if err != nil {
			return nil, err
		}
		lo, hi := bounds(x, span)
		spans = append(spans, lo, hi)
	}
	err = e.read(ctx, func(ctx context.Context, s statements) error {
		for part := range slices.Chunk(spans, chunk) {
			part = append(part, make([]any, rounded(len(part))-len(part))...) // from NULL to NULL there is nothing
			if docs, err = query(ctx, s, docs, t.findSpans(x.Name, len(part)/2), part...); err != nil {
				return err
			}
		}
		return nil
	})
	return docs, err
}

// Count counts what a query finds: see store.Engine.
func (e *Engine) Count(ctx context.Context, coll string, q store.Query) (n int64, err error) {
	t, err := e.table(coll)
	if err != nil {
		return 0, err
	}
	x, err := t.index(q.Index)
	if err != nil {
		return 0, err
	}
	span, err := key.Whole(x, q)
	if err != nil || span.Empty() {
		return 0, err
	}
	lo, hi := bounds(x, span)
	err = e.read(ctx, func(ctx context.Context, s statements) error {
		stmt, err := s.prepare(ctx, t.count(x.Name))
		if err != nil {
			return err
		}
		return stmt.QueryRowContext(ctx, lo, hi).Scan(&n)
	})
	return n, err
}

func (t *table) index(name string) (store.Index, error) {
	x, ok := t.spec.Index(name)
	if !ok {
		return x, fmt.Errorf("%w: %s of %s", store.ErrNoIndex, name, t.spec.Name)
	}
	return x, nil
}

// bounds are a span as arguments of a statement. The column of _id holds the strings themselves; every string is below
// any blob.
func bounds(x store.Index, s key.Span) (lo, hi any) {
	if x.Name != store.ByID {
		return s.Lo, s.Hi
	}
	low, high, bounded := key.IDs(s)
	if bounded {
		return low, high
	}
	return low, []byte{0}
}

// Scan reads a whole collection: see store.Engine.
func (e *Engine) Scan(ctx context.Context, coll string, fn func(bson.Raw) error) error {
	return store.ScanPages(func(q store.Query) (store.Page, error) { return e.Find(ctx, coll, q) }, fn)
}
