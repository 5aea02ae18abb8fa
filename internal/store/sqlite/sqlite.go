// Package sqlite keeps the store in one SQLite file: the embedded default, without cgo.
//
// A collection is a table: the _id, the version, the document as BSON, and one real column for each index, which holds
// the document's key in that index (see package key) under an index of SQLite's own. A query is a range of that column.
//
// One connection writes, in transactions that start as writers, and writers queue in front of it; other connections read
// and are never in its way. Commits are durable (WAL, synchronous=FULL). Checkpoints run beside the commits, not in them.
// Several processes may have the file open: a `haggle ledger verify` or `haggle backup` beside a running server.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver

	"haggle/internal/store"
	"haggle/internal/store/txn"
)

// File is the name of the database inside its folder.
const File = "haggle.db"

// maxReaders is how many connections read at once; a Snapshot keeps one as long as it runs.
const maxReaders = 16

// Engine is a store.Engine over one file.
type Engine struct {
	path  string
	hooks store.Hooks
	gate  txn.Gate

	db      *sql.DB       // of the writer and the checkpointer
	turn    chan struct{} // holds one token: whose turn it is to write
	writer  *session
	readers *pool

	mu     sync.RWMutex
	tables map[string]*table

	pace    pace
	commits atomic.Int64 // tells the checkpointer whether there is anything to do
	stop    chan struct{}
	stopped chan struct{}
}

var _ store.Engine = (*Engine)(nil)

// Open opens the database in a folder, making both where they are missing.
func Open(dir string, hooks store.Hooks) (*Engine, error) { return open(dir, hooks, usualPace) }

func open(dir string, hooks store.Hooks, p pace) (*Engine, error) {
	dir, err := filepath.Abs(dir) // the address of a file is absolute
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	e := &Engine{path: filepath.Join(dir, File), hooks: hooks, pace: p, turn: make(chan struct{}, 1), tables: map[string]*table{},
		stop: make(chan struct{}), stopped: make(chan struct{})}
	if err := e.connect(); err != nil {
		return nil, fmt.Errorf("store: open %s: %w", e.path, err)
	}
	e.turn <- struct{}{}
	go e.checkpoints()
	return e, nil
}

// writerCache is the pages that the writer keeps, in KiB. A commit that splits pages looks at all of them, which holds up
// those that wait; the system keeps what more is needed.
const writerCache = 16 << 10

func (e *Engine) connect() error {
	db, err := sql.Open("sqlite", e.dsn("busy_timeout(2000)", "journal_mode(WAL)", "synchronous(FULL)", "wal_autocheckpoint(0)",
		fmt.Sprintf("cache_size(-%d)", writerCache), "temp_store(MEMORY)"))
	if err != nil {
		return err
	}
	readers, err := sql.Open("sqlite", e.dsn("busy_timeout(2000)", "query_only(1)", "cache_size(-4096)"))
	if err != nil {
		return err
	}
	readers.SetMaxOpenConns(maxReaders)
	readers.SetMaxIdleConns(maxReaders)
	e.db, e.readers = db, newPool(readers)
	e.writer, err = newSession(context.Background(), db)
	if err == nil {
		_, err = e.writer.conn.ExecContext(context.Background(), catalogueTable)
	}
	if err != nil {
		_ = db.Close()
	}
	return err
}

// dsn is the address of the file with pragmas that every new connection runs.
func (e *Engine) dsn(pragmas ...string) string {
	u := url.URL{Scheme: "file", Path: e.path, RawQuery: url.Values{"_pragma": pragmas}.Encode()}
	return u.String()
}

// Name is "sqlite".
func (e *Engine) Name() string { return "sqlite" }

// Now is this machine's clock: the database has no other.
func (e *Engine) Now(ctx context.Context) (time.Time, error) {
	leave, err := e.gate.Enter()
	if err != nil {
		return time.Time{}, err
	}
	defer leave()
	return time.Now().UTC().Truncate(time.Millisecond), ctx.Err()
}

// Close waits for running calls, moves the log into the file and closes it.
func (e *Engine) Close() error {
	if !e.gate.Close() {
		return store.ErrClosed
	}
	close(e.stop)
	<-e.stopped
	return errors.Join(e.readers.close(), e.writer.close(), e.db.Close())
}

// table finds a collection that Ensure was told of.
func (e *Engine) table(name string) (*table, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	t, ok := e.tables[name]
	if !ok {
		return nil, fmt.Errorf("%w: %s", store.ErrNoCollection, name)
	}
	return t, nil
}
