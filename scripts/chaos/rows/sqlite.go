package rows

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"

	"go.mongodb.org/mongo-driver/v2/bson"
	_ "modernc.org/sqlite" // the driver
)

// FromSQLite reads a picture of a database file, beside a running site.
func FromSQLite(ctx context.Context, path string) (*Picture, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	address := url.URL{Scheme: "file", Opaque: path, RawQuery: "_pragma=busy_timeout(5000)&_pragma=query_only(1)"}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil) // one moment
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	return Look(ctx, tables{tx})
}

// tables are collections: a table each, with the document in doc.
type tables struct{ tx *sql.Tx }

func (t tables) Scan(ctx context.Context, coll string, fn func(bson.Raw) error) error {
	var there int
	err := t.tx.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?`, coll).Scan(&there)
	if err != nil || there == 0 {
		return err
	}
	found, err := t.tx.QueryContext(ctx, fmt.Sprintf(`SELECT doc FROM %q ORDER BY id`, coll))
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		var doc []byte
		if err := found.Scan(&doc); err != nil {
			return err
		}
		if err := fn(doc); err != nil {
			return err
		}
	}
	return errors.Join(found.Err(), found.Close())
}
