package store

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Collection reads and writes the documents of one collection as values of T. Its methods are those of Engine.
type Collection[T any] struct {
	engine Engine
	name   string
}

// NewCollection is a typed view of a collection. It does not create it: see Engine.Ensure.
func NewCollection[T any](e Engine, name string) *Collection[T] {
	return &Collection[T]{engine: e, name: name}
}

// Changed is a value that replaces the version that was read. Its own version is Version+1.
type Changed[T any] struct {
	ID      string
	Version int64 // as read
	Doc     T
}

// PageOf is what one Find read.
type PageOf[T any] struct {
	Docs []T
	Next string // opaque; empty at the end
}

// Name is the name of the collection.
func (c *Collection[T]) Name() string { return c.name }

// Get reads one value; ErrNotFound where there is none.
func (c *Collection[T]) Get(ctx context.Context, id string) (v T, err error) {
	raw, err := c.engine.Get(ctx, c.name, id)
	if err != nil {
		return v, err
	}
	err = Decode(raw, &v)
	return v, err
}

// GetMany reads values by id, each once, in no particular order. Missing ones are left out.
func (c *Collection[T]) GetMany(ctx context.Context, ids []string) ([]T, error) {
	raws, err := c.engine.GetMany(ctx, c.name, ids)
	if err != nil {
		return nil, err
	}
	return decodeAll[T](raws)
}

// Find reads a page of values in the order of an index.
func (c *Collection[T]) Find(ctx context.Context, q Query) (PageOf[T], error) {
	page, err := c.engine.Find(ctx, c.name, q)
	if err != nil {
		return PageOf[T]{}, err
	}
	docs, err := decodeAll[T](page.Docs)
	return PageOf[T]{Docs: docs, Next: page.Next}, err
}

// FindIn reads every value in which the first field of an index is one of some strings, in the order of the index.
func (c *Collection[T]) FindIn(ctx context.Context, index string, values []string) ([]T, error) {
	raws, err := c.engine.FindIn(ctx, c.name, index, values)
	if err != nil {
		return nil, err
	}
	return decodeAll[T](raws)
}

// Count counts what q finds over all pages.
func (c *Collection[T]) Count(ctx context.Context, q Query) (int64, error) {
	return c.engine.Count(ctx, c.name, q)
}

// Insert stores new values. *DuplicateError where an _id or a unique key is taken.
func (c *Collection[T]) Insert(ctx context.Context, docs ...T) error {
	raws, err := encodeAll(docs)
	if err != nil {
		return err
	}
	return c.engine.Insert(ctx, c.name, raws...)
}

// Replace stores values in place of the versions that were read. *ConflictError where one has changed since.
func (c *Collection[T]) Replace(ctx context.Context, docs ...Changed[T]) error {
	out := make([]Versioned, len(docs))
	for i, d := range docs {
		raw, err := Encode(d.Doc)
		if err != nil {
			return err
		}
		out[i] = Versioned{ID: d.ID, Version: d.Version, Doc: raw}
	}
	return c.engine.Replace(ctx, c.name, out...)
}

// Put stores values by _id, whether or not they are there.
func (c *Collection[T]) Put(ctx context.Context, docs ...T) error {
	raws, err := encodeAll(docs)
	if err != nil {
		return err
	}
	return c.engine.Put(ctx, c.name, raws...)
}

// Delete removes values by id; those that are not there do not matter.
func (c *Collection[T]) Delete(ctx context.Context, ids ...string) error {
	return c.engine.Delete(ctx, c.name, ids...)
}

// Scan calls fn with every value in order of _id.
func (c *Collection[T]) Scan(ctx context.Context, fn func(T) error) error {
	return c.engine.Scan(ctx, c.name, func(raw bson.Raw) error {
		var v T
		if err := Decode(raw, &v); err != nil {
			return err
		}
		return fn(v)
	})
}

func encodeAll[T any](docs []T) ([]bson.Raw, error) {
	out := make([]bson.Raw, len(docs))
	for i, d := range docs {
		var err error
		if out[i], err = Encode(d); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func decodeAll[T any](raws []bson.Raw) ([]T, error) {
	out := make([]T, len(raws))
	for i, raw := range raws {
		if err := Decode(raw, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
