package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
	"haggle/internal/store/txn"
)

// Dump reads everything: see store.Engine. It reads page by page at the time of its snapshot, outside any transaction,
// so that the sixty seconds of a transaction do not bound it; where the server does not keep that time any more it fails
// (see Snapshot).
func (e *Engine) Dump(ctx context.Context, fn func(coll string, doc bson.Raw) error) error {
	return txn.Dump(ctx, dumper{e}, fn)
}

// dumper reads collections that Ensure may not have been told of.
type dumper struct{ *Engine }

// CollectionNames are those of the database that are not the server's own.
func (d dumper) CollectionNames(ctx context.Context) ([]string, error) {
	names, err := d.db.ListCollectionNames(ctx, bson.D{{Key: "type", Value: "collection"}, {Key: "name", Value: bson.Regex{Pattern: `^(?!system\.)`}}})
	return names, translate(ctx, "", err)
}

// Page reads in order of _id.
func (d dumper) Page(ctx context.Context, coll string, q store.Query) (store.Page, error) {
	return d.page(ctx, store.Spec{Name: coll}, q)
}
