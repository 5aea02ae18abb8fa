package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Backup writes a copy of the database, as it is at one moment, to a new file: see store.Engine. The copy is a database
// file: put it in an empty folder under the name File to open it.
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
	if err := e.copyTo(ctx, partial); err != nil {
		_ = os.Remove(partial)
		return fmt.Errorf("store: backup: %w", err)
	}
	if err := os.Rename(partial, path); err != nil {
		return fmt.Errorf("store: backup: %w", err)
	}
	return syncFile(filepath.Dir(path))
}

// copyTo writes a compact copy over one read view, while others go on writing.
func (e *Engine) copyTo(ctx context.Context, path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	db, err := sql.Open("sqlite", e.dsn("busy_timeout(2000)", "wal_autocheckpoint(0)"))
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return err
	}
	return errors.Join(os.Chmod(path, 0o600), syncFile(path))
}

// syncFile makes a file or a folder durable.
func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
