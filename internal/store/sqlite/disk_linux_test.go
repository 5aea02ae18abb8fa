package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"syscall"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// TestDiskErrors lets the disk refuse to grow the log: a commit that hits it is of unknown outcome, a statement that
// does is undone, and when there is room again everything goes on.
func TestDiskErrors(t *testing.T) {
	e := fresh(t, t.TempDir())
	ok(t, e.Insert(bg, "things", doc(t, "before")))
	full(t, e.logSize(), func() {
		err := e.Insert(bg, "things", doc(t, "lost", bson.E{Key: "pad", Value: make([]byte, 1<<16)}))
		if !errors.Is(err, store.ErrUnknown) {
			t.Errorf("a commit that the disk refused: %v", err)
		}
		err = e.Tx(bg, func(ctx context.Context) error {
			for i := range 300 { // more than the page cache holds, so that statements themselves meet the disk
				if err := e.Insert(ctx, "things", doc(t, fmt.Sprint(i), bson.E{Key: "pad", Value: make([]byte, 1<<19)})); err != nil {
					return err
				}
			}
			return nil
		})
		if !errors.Is(err, store.ErrUnavailable) || errors.Is(err, store.ErrUnknown) {
			t.Errorf("a statement that the disk refused: %v", err)
		}
		if n := count(t, e); n != 1 {
			t.Errorf("%d documents on a full disk", n)
		}
	})
	ok(t, e.Insert(bg, "things", doc(t, "after")))
	if n := count(t, e); n != 2 {
		t.Errorf("%d documents with room again", n)
	}
}

// full runs f while no file may grow beyond a size.
func full(t *testing.T, size int64, f func()) {
	t.Helper()
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	var before syscall.Rlimit
	ok(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before))
	ok(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(size), Max: before.Max}))
	defer func() { ok(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before)) }()
	f()
}
