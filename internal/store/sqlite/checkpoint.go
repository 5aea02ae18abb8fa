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
	empty time.Duration // how often, at most, it is emptied
	bound int64         // bytes, beyond which it is emptied
}

var usualPace = pace{move: time.Second, empty: 5 * time.Second, bound: 64 << 20}

// checkpoints moves what the log holds into the file, beside the commits, until the engine closes.
//
// Moving never stops a writer. But as long as commits follow each other without a gap SQLite cannot begin the log anew,
// so when it has grown large the checkpointer takes its turn among the writers, moves the little that came since and
// empties it. A long snapshot keeps the log from being emptied; then it is tried again after a while.
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
	var emptied time.Time
	for {
		select {
		case <-e.stop:
			return
		case <-tick.C:
		}
		if n := e.commits.Load(); n != seen && moveLog(db) {
			seen = n
		}
		if e.logSize() > e.pace.bound && time.Since(emptied) > e.pace.empty {
			e.emptyLog(db)
			emptied = time.Now()
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

// moveLog copies the log into the file and reports whether all of it was copied.
func moveLog(db *sql.DB) bool {
	busy, logged, moved := checkpoint(db, "PASSIVE")
	return !busy && logged == moved
}

// emptyLog copies the rest of the log in a writer's turn and cuts it to nothing.
func (e *Engine) emptyLog(db *sql.DB) {
	moveLog(db)
	select {
	case <-e.turn:
		checkpoint(db, "TRUNCATE")
		e.turn <- struct{}{}
	case <-e.stop:
	}
}

func checkpoint(db *sql.DB, mode string) (busy bool, logged, moved int) {
	row := db.QueryRowContext(context.Background(), "PRAGMA wal_checkpoint("+mode+")")
	if err := row.Scan(&busy, &logged, &moved); err != nil {
		return true, 0, 0
	}
	return busy, logged, moved
}
