package txn

import (
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// Dumper is what Dump needs to know of an engine.
type Dumper interface {
	Snapshot(ctx context.Context, fn func(ctx context.Context) error) error
	// CollectionNames are those of all collections that are there.
	CollectionNames(ctx context.Context) ([]string, error)
	// Page reads a page of a collection in order of _id, whether or not Ensure was told of it.
	Page(ctx context.Context, coll string, q store.Query) (store.Page, error)
}

// Dump is store.Engine's Dump.
func Dump(ctx context.Context, e Dumper, fn func(coll string, doc bson.Raw) error) error {
	return e.Snapshot(ctx, func(ctx context.Context) error {
		names, err := e.CollectionNames(ctx)
		if err != nil {
			return err
		}
		slices.Sort(names)
		for _, coll := range names {
			page := func(q store.Query) (store.Page, error) { return e.Page(ctx, coll, q) }
			if err := store.ScanPages(page, func(doc bson.Raw) error { return fn(coll, doc) }); err != nil {
				return err
			}
		}
		return nil
	})
}
