package mongo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// Backup writes all collections of the database, as they are at one moment, to a new archive: see store.Engine and
// store.Restore.
func (e *Engine) Backup(ctx context.Context, path string) error {
	leave, err := e.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("store: backup: %s: %w", path, os.ErrExist)
	}
	partial := path + ".partial"
	if err := e.dumpTo(ctx, partial); err != nil {
		_ = os.Remove(partial)
		return fmt.Errorf("store: backup: %w", err)
	}
	if err := os.Rename(partial, path); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func (e *Engine) dumpTo(ctx context.Context, path string) error {
	names, err := e.db.ListCollectionNames(ctx, bson.D{{Key: "type", Value: "collection"}, {Key: "name", Value: bson.Regex{Pattern: `^(?!system\.)`}}})
	if err != nil {
		return translate(ctx, "", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(store.Dump(ctx, everything{e}, names, f), f.Sync(), f.Close())
}

// everything scans collections whether or not Ensure was told of them.
type everything struct{ *Engine }

func (e everything) Scan(ctx context.Context, coll string, fn func(bson.Raw) error) error {
	return store.ScanPages(func(q store.Query) (store.Page, error) { return e.page(ctx, store.Spec{Name: coll}, q) }, fn)
}
