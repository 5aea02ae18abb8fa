package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"haggle/internal/store"
)

// translate turns errors of SQLite into those of the port; others pass through.
func translate(err error) error {
	var se *driver.Error
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, sql.ErrConnDone):
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	case !errors.As(err, &se):
		return err
	}
	switch se.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return duplicate(se)
	}
	switch se.Code() & 0xFF {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("%w: %w", store.ErrUnavailable, err)
	}
	return fmt.Errorf("store: %w", err)
}

// duplicate reads the collection and the index out of "… UNIQUE constraint failed: users.k_email (2067)".
func duplicate(err *driver.Error) error {
	_, what, _ := strings.Cut(err.Error(), "UNIQUE constraint failed: ")
	what, _, _ = strings.Cut(what, " ")
	coll, col, _ := strings.Cut(what, ".")
	d := &store.DuplicateError{Coll: coll, Index: store.ByID}
	if name, ok := strings.CutPrefix(col, "k_"); ok {
		d.Index = name
	}
	return d
}
