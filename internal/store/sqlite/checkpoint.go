package sqlite

import (
	"context"
	"database/sql"
	"os"
	"time"
)

// pace is when the log is moved into the file.
type pace struct {
	move  time.Duration // how often what it holds is moved
	again time.Duration // how often, at most, it is begun anew
	bound int64         // bytes, beyond which it is
	quiet time.Duration // without a commit, after which a log beyond the bound is cut to nothing
}

var usualPace = pace{move: 250 * time.Millisecond, again: 5 * time.Second, bound: 64 << 20, quiet: time.Minute}

// checkpoints moves what the log holds into the file, beside the commits, until the engine closes.
//
// Moving never stops a writer. But as long as commits follow each other without a gap SQLite cannot begin the log anew,
// so when it has grown large the checkpointer takes its turn among the writers, moves the little that came since and
// lets the next commit write to its beginning. The log keeps its length meanwhile: to cut it, and to let it grow again,
// costs commits more than to write over it. A long snapshot keeps the log from being begun anew; then it is tried again
// after a while.
func (e *Engine) checkpoints() {
	defer close(e.stopped)
	db, err := sql.Open("sqlite", e.dsn("busy_timeout(50)", "synchronous(FULL)", "wal_autocheckpoint(0)"))
	if err != nil {
		return
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	tick := time.NewTicker(e.pace.move)
	defer tick.Stop()
	var seen int64
	var begun, last time.Time
	for {
		select {
		case <-e.stop:
			return
		case <-tick.C:
		}
		now := time.Now()
		n := e.commits.Load()
		if n == seen {
			if now.Sub(last) > e.pace.quiet && e.logSize() > e.pace.bound {
				e.restart(db, "TRUNCATE")
				last = now
			}
			continue
		}
		last = now
		all, bytes := moveLog(db)
		if all {
			seen = n
		}
		if bytes > e.pace.bound && now.Sub(begun) > e.pace.again {
			moveLog(db)
			e.restart(db, "RESTART")
			begun = now
		}
	}
}

func (e *Engine) logSize() int64 {
	info, err := os.Stat(e.path + "-wal")
	if err != nil {
		return 0
	}
	return info.Size()
}

// moveLog copies the log into the file. It reports whether all of it was copied, and how much of the log is in use.
func moveLog(db *sql.DB) (all bool, bytes int64) {
	busy, logged, moved := checkpoint(db, "PASSIVE")
	return !busy && logged == moved, logged * pageBytes
}

// restart copies the rest of the log in a writer's turn and begins it anew, or cuts it to nothing.
func (e *Engine) restart(db *sql.DB, mode string) {
	select {
	case <-e.turn:
		checkpoint(db, mode)
		e.turn <- struct{}{}
	case <-e.stop:
	}
}

// pageBytes is the size of a page, which SQLite has unless it is told otherwise.
const pageBytes = 4096

// checkpoint gives the pages in the log and those of them that were moved.
func checkpoint(db *sql.DB, mode string) (busy bool, logged, moved int64) {
	row := db.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")")
	if err := row.Scan(&busy, &logged, &moved); err != nil {
		return true, 0, 0
	}
	return busy, logged, moved
}
