package sqlite

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
	"haggle/internal/store/txn"
)

// Dump reads everything: see store.Engine.
func (e *Engine) Dump(ctx context.Context, fn func(coll string, doc bson.Raw) error) error {
	return txn.Dump(ctx, dumper{e}, fn)
}

// dumper reads collections that Ensure may not have been told of.
type dumper struct{ *Engine }

// CollectionNames are the tables that are not the engine's own.
func (d dumper) CollectionNames(ctx context.Context) (names []string, err error) {
	err = d.read(ctx, func(ctx context.Context, s statements) error {
		found, err := pairs(ctx, s, `SELECT "name", '' FROM sqlite_schema WHERE "type" = ? AND "name" NOT LIKE 'sqlite\_%' ESCAPE '\' AND "name" NOT LIKE 'haggle\_%' ESCAPE '\'`, "table")
		names = names[:0]
		for name := range found {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

// Page reads in order of _id.
func (d dumper) Page(ctx context.Context, coll string, q store.Query) (store.Page, error) {
	return d.page(ctx, newTable(store.Spec{Name: coll}), q)
}
