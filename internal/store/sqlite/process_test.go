package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// TestAcknowledgedSurvivesAKill runs a writer in another process, reads the same file beside it, kills it in the middle,
// and looks for what it had acknowledged.
func TestAcknowledgedSurvivesAKill(t *testing.T) {
	if dir := os.Getenv("HAGGLE_SQLITE_CHILD"); dir != "" {
		writeForever(t, dir)
	}
	dir := t.TempDir()
	cmd := exec.Command(os.Args[0], "-test.run=^TestAcknowledgedSurvivesAKill$")
	cmd.Env = append(os.Environ(), "HAGGLE_SQLITE_CHILD="+dir)
	out, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	lines := bufio.NewScanner(out)
	acked := map[string]bool{}
	var beside *Engine
	for lines.Scan() {
		id, isAck := strings.CutPrefix(lines.Text(), "ack ")
		if !isAck {
			continue
		}
		acked[id] = true
		if len(acked) == 20 { // a second process: it reads and writes beside the first
			beside = fresh(t, dir)
			ok(t, beside.Insert(bg, "things", doc(t, "beside")))
		}
		if beside != nil {
			_, err := beside.Get(bg, "things", id)
			ok(t, err)
		}
		if len(acked) == 200 {
			ok(t, cmd.Process.Kill())
		}
	}
	_ = cmd.Wait()
	if len(acked) < 200 {
		t.Fatalf("the writer ended after %d documents", len(acked))
	}
	ok(t, beside.Close())
	e := fresh(t, dir)
	acked["beside"] = true
	for id := range acked {
		for _, k := range []string{id, id + "+"} {
			if _, err := e.Get(bg, "things", k); err != nil && k != "beside+" {
				t.Errorf("%s was acknowledged: %v", k, err)
			}
		}
	}
	var check string
	ok(t, e.readers.db.QueryRow("PRAGMA integrity_check").Scan(&check))
	if check != "ok" {
		t.Error(check)
	}
}

func writeForever(t *testing.T, dir string) {
	e := fresh(t, dir)
	for i := 0; ; i++ {
		id := fmt.Sprint(i)
		ok(t, e.Insert(bg, "things", doc(t, id, bson.E{Key: "kind", Value: "k"}), doc(t, id+"+")))
		fmt.Println("ack", id)
	}
}

// TestTheLogStaysBounded writes without a pause, with a reader always open, so that only beginning the log anew bounds it;
// when nobody writes any more it is cut.
func TestTheLogStaysBounded(t *testing.T) {
	const bound = 1 << 20
	e, err := open(t.TempDir(), store.Hooks{}, pace{move: 20 * time.Millisecond, again: 40 * time.Millisecond, bound: bound, quiet: 300 * time.Millisecond})
	ok(t, err)
	defer e.Close()
	ok(t, e.Ensure(bg, []store.Spec{things}))
	pad := bson.E{Key: "pad", Value: make([]byte, 20_000)}
	var written int64
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end) && written < 40*bound; {
		ok(t, e.Put(bg, "things", doc(t, fmt.Sprint(written/20_000%50), pad)))
		written += 20_000
	}
	if size := e.logSize(); size <= bound || size > written/2 {
		t.Errorf("%d bytes written, the log grew to %d", written, size)
	}
	for end := time.Now().Add(5 * time.Second); e.logSize() > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("nobody writes, and the log is %d long", e.logSize())
		}
	}
	if n := count(t, e); n != 50 {
		t.Errorf("%d documents", n)
	}
}

// TestASnapshotOutlivesCheckpoints: what a snapshot shows stays although the log is moved and emptied meanwhile.
func TestASnapshotOutlivesCheckpoints(t *testing.T) {
	e, err := open(t.TempDir(), store.Hooks{}, pace{move: 5 * time.Millisecond, again: 5 * time.Millisecond, bound: 1, quiet: time.Millisecond})
	ok(t, err)
	defer e.Close()
	ok(t, e.Ensure(bg, []store.Spec{things}))
	ok(t, e.Put(bg, "things", doc(t, "a", bson.E{Key: "n", Value: int64(1)})))
	ok(t, e.Snapshot(bg, func(ctx context.Context) error {
		for i := range 60 {
			ok(t, e.Put(bg, "things", doc(t, "a", bson.E{Key: "n", Value: int64(i)}), doc(t, fmt.Sprint("b", i))))
			time.Sleep(time.Millisecond)
		}
		d, err := e.Get(ctx, "things", "a")
		ok(t, err)
		if n := d.Lookup("n").AsInt64(); n != 1 {
			t.Errorf("n is %d", n)
		}
		return nil
	}))
	if n := count(t, e); n != 61 {
		t.Errorf("%d documents", n)
	}
}

// TestInspectFindsWhatOthersDid changes indexes behind the engine's back: doctor's eye sees it, Ensure mends it.
func TestInspectFindsWhatOthersDid(t *testing.T) {
	e := fresh(t, t.TempDir())
	ok(t, e.Insert(bg, "things", doc(t, "a", bson.E{Key: "email", Value: "x"}), doc(t, "b")))
	for _, c := range []struct{ harm, want string }{
		{`DROP INDEX "things.email"`, "[things: the index email is missing]"},
		{`DROP INDEX "things.email"; CREATE INDEX "things.email" ON "things" ("k_email")`, "[things: the index email is another than declared]"},
		{`CREATE UNIQUE INDEX "mine" ON "things" ("version")`, "[things: the index mine is not declared]"},
		{`DELETE FROM "haggle_indexes" WHERE "name" = 'kind'`, "[things: the index kind is another than declared]"},
	} {
		_, err := e.db.Exec(c.harm)
		ok(t, err)
		found, err := e.Inspect(bg, []store.Spec{things})
		ok(t, err)
		if got := fmt.Sprint(found); got != c.want {
			t.Errorf("after %s: %s, want %s", c.harm, got, c.want)
		}
		ok(t, e.Ensure(bg, []store.Spec{things}))
		if found, err := e.Inspect(bg, []store.Spec{things}); err != nil || len(found) > 0 {
			t.Errorf("after %s mended: %v, %v", c.harm, found, err)
		}
	}
	if e.Insert(bg, "things", doc(t, "c", bson.E{Key: "email", Value: "x"})) == nil {
		t.Error("the index mended is not unique")
	}
}

// TestARelativeFolder opens a store where the process stands.
func TestARelativeFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	e := fresh(t, "here")
	ok(t, e.Insert(bg, "things", doc(t, "a")))
	ok(t, e.Close())
	if _, err := os.Stat(filepath.Join("here", File)); err != nil {
		t.Error(err)
	}
	if n := count(t, fresh(t, "here")); n != 1 {
		t.Errorf("%d documents", n)
	}
}

// TestAWriterWaitsForAnotherProcess: the lock of another writer is waited for, and given up on after a while.
func TestAWriterWaitsForAnotherProcess(t *testing.T) {
	dir := t.TempDir()
	e, other := fresh(t, dir), fresh(t, dir)
	inside, release := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- other.Tx(bg, func(ctx context.Context) error {
			close(inside)
			<-release
			return other.Insert(ctx, "things", doc(t, "a"))
		})
	}()
	<-inside
	time.AfterFunc(100*time.Millisecond, func() { close(release) })
	start := time.Now()
	ok(t, e.Insert(bg, "things", doc(t, "b")))
	if waited := time.Since(start); waited < 80*time.Millisecond {
		t.Errorf("wrote after %v beside another writer", waited)
	}
	ok(t, <-done)
	if n := count(t, e); n != 2 {
		t.Errorf("%d documents", n)
	}
}

// TestWritersQueueAndMayLeave: a writer that waits for its turn goes when its context ends.
func TestWritersQueueAndMayLeave(t *testing.T) {
	e := fresh(t, t.TempDir())
	ok(t, e.Tx(bg, func(inner context.Context) error {
		ctx, cancel := context.WithTimeout(bg, 20*time.Millisecond)
		defer cancel()
		if err := e.Insert(ctx, "things", doc(t, "a")); err != context.DeadlineExceeded {
			t.Errorf("a writer behind another: %v", err)
		}
		return e.Insert(inner, "things", doc(t, "b"))
	}))
	if n := count(t, e); n != 1 {
		t.Errorf("%d documents", n)
	}
}
