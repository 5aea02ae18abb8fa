package mongo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
	"haggle/internal/store/key"
)

// chunk is the most ids that one command names.
const chunk = 20_000

func byID(id string) bson.D { return bson.D{{Key: "_id", Value: id}} }

func byIDs(ids []string) bson.D {
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
}

// unlessNone drops the error that says there was no document.
func unlessNone(err error) error {
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil
	}
	return err
}

// Get reads one document: see store.Engine.
func (e *Engine) Get(ctx context.Context, coll, id string) (doc bson.Raw, err error) {
	if _, err := e.spec(coll); err != nil {
		return nil, err
	}
	err = e.read(ctx, coll, func(ctx context.Context) error {
		doc, err = e.db.Collection(coll).FindOne(ctx, byID(id)).Raw()
		return unlessNone(err)
	})
	if err == nil && doc == nil {
		err = fmt.Errorf("%w: %s %s", store.ErrNotFound, coll, id)
	}
	return doc, err
}

// GetMany reads documents by id: see store.Engine.
func (e *Engine) GetMany(ctx context.Context, coll string, ids []string) (docs []bson.Raw, err error) {
	if _, err := e.spec(coll); err != nil {
		return nil, err
	}
	for part := range slices.Chunk(distinct(ids), chunk) {
		err := e.read(ctx, coll, func(ctx context.Context) error {
			docs, err = e.all(ctx, coll, docs, byIDs(part), options.Find().SetBatchSize(int32(len(part)+1)))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return docs, nil
}

// distinct sorts ids and drops repeated ones.
func distinct(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// all appends the documents of a find.
func (e *Engine) all(ctx context.Context, coll string, docs []bson.Raw, filter bson.D, opts *options.FindOptionsBuilder) ([]bson.Raw, error) {
	cur, err := e.db.Collection(coll).Find(ctx, filter, opts)
	if err != nil {
		return docs, err
	}
	defer cur.Close(context.WithoutCancel(ctx))
	for cur.Next(ctx) {
		docs = append(docs, slices.Clone(cur.Current)) // the driver reads the next one into the same bytes
	}
	return docs, cur.Err()
}

// Find reads a page: see store.Engine.
func (e *Engine) Find(ctx context.Context, coll string, q store.Query) (store.Page, error) {
	s, err := e.spec(coll)
	if err != nil {
		return store.Page{}, err
	}
	return e.page(ctx, s, q)
}

// page reads the range of an index that a query asks for, and one document more, which tells whether there is a next
// page.
func (e *Engine) page(ctx context.Context, s store.Spec, q store.Query) (page store.Page, err error) {
	x, err := indexOf(s, q)
	if err != nil {
		return page, err
	}
	span, err := key.Plan(x, q)
	if err != nil {
		return page, err
	}
	low, high, ok := key.Bounds(x, span)
	if !ok {
		return page, nil
	}
	limit := q.PageSize()
	opts := options.Find().SetHint(nameOf(x)).SetMin(low).SetMax(high).
		SetSort(order(x, q.Desc)).SetLimit(int64(limit + 1)).SetBatchSize(int32(limit + 1))
	err = e.read(ctx, s.Name, func(ctx context.Context) error {
		page.Docs, err = e.all(ctx, s.Name, nil, inIndex(x), opts)
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
	s, err := e.spec(coll)
	if err != nil {
		return nil, err
	}
	x, err := indexOf(s, store.Query{Index: index})
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(distinct(values), chunk) { // in order, as the index is
		one := bson.A{bson.D{{Key: x.Fields[0].Path, Value: bson.D{{Key: "$in", Value: part}}}}}
		if some := inIndex(x); len(some) > 0 {
			one = append(one, some)
		}
		err := e.read(ctx, coll, func(ctx context.Context) error {
			docs, err = e.all(ctx, coll, docs, bson.D{{Key: "$and", Value: one}}, options.Find().SetHint(nameOf(x)).SetSort(order(x, false)).SetBatchSize(chunk))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return docs, nil
}

func indexOf(s store.Spec, q store.Query) (store.Index, error) {
	x, ok := s.Index(q.Index)
	if !ok {
		return x, fmt.Errorf("%w: %s of %s", store.ErrNoIndex, q.Index, s.Name)
	}
	return x, nil
}

// Count counts what a query finds: see store.Engine.
func (e *Engine) Count(ctx context.Context, coll string, q store.Query) (n int64, err error) {
	s, err := e.spec(coll)
	if err != nil {
		return 0, err
	}
	x, err := indexOf(s, q)
	if err != nil {
		return 0, err
	}
	if span, err := key.Whole(x, q); err != nil || span.Empty() {
		return 0, err
	}
	err = e.read(ctx, coll, func(ctx context.Context) error {
		n, err = e.db.Collection(coll).CountDocuments(ctx, filter(x, q), options.Count().SetHint(nameOf(x)))
		return err
	})
	return n, err
}

// filter is a query as conditions. The server compares values of one type only, as the port does.
func filter(x store.Index, q store.Query) bson.D {
	all := bson.A{}
	add := func(field, op string, v any) {
		all = append(all, bson.D{{Key: field, Value: bson.D{{Key: op, Value: v}}}})
	}
	for i, v := range q.Eq {
		add(x.Fields[i].Path, "$eq", v)
	}
	ops := func(exclusive string, b *store.Bound) {
		if b == nil {
			return
		}
		if b.Inclusive {
			exclusive += "e"
		}
		add(x.Fields[len(q.Eq)].Path, exclusive, b.Value)
	}
	ops("$gt", q.From)
	ops("$lt", q.To)
	if some := inIndex(x); len(some) > 0 {
		all = append(all, some)
	}
	if len(all) == 0 {
		return bson.D{}
	}
	return bson.D{{Key: "$and", Value: all}}
}

// Scan reads a whole collection: see store.Engine.
func (e *Engine) Scan(ctx context.Context, coll string, fn func(bson.Raw) error) error {
	return store.ScanPages(func(q store.Query) (store.Page, error) { return e.Find(ctx, coll, q) }, fn)
}
