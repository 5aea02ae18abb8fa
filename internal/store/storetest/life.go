package storetest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

var lifePromises = []promise{
	{"life/documents outlive the engine", func(x *env) {
		x.insert(doc("a", "n", 1))
		x.ok(x.Close())
		x.Engine = x.another()
		x.ensure(things)
		x.has("a")
		x.same(x.found(store.Query{Index: "n"}), []string{"a"})
	}},
	{"life/two engines see each other's commits", func(x *env) {
		other := x.another()
		x.ok(other.Ensure(bg, []store.Spec{things}))
		for i := range 20 {
			k := fmt.Sprint(i)
			x.insert(doc(k, "version", int64(0)))
			if _, err := other.Get(bg, "things", k); err != nil {
				x.Fatal(err)
			}
			x.ok(other.Replace(bg, "things", versioned(k, 0)))
			x.equal(x.version(k), int64(1))
			x.conflict(x.Replace(bg, "things", versioned(k, 0)), k)
		}
		x.same(x.scanned(bg, other), x.scanned(bg, x.Engine))
	}},
	{"life/writers of two engines lose nothing", func(x *env) {
		other := &env{T: x.T, Engine: x.another()}
		other.ensure(things)
		x.insert(doc("a", "version", int64(0), "n", int64(0)))
		x.together(8, func(i int) error {
			for range 8 {
				if err := []*env{x, other}[i%2].increment("a"); err != nil {
					return err
				}
			}
			return nil
		})
		x.equal(x.version("a"), int64(64))
	}},
	{"life/a closed engine says so", func(x *env) {
		x.ok(x.Close())
		nothing := func(context.Context) error { x.Error("ran"); return nil }
		for name, err := range map[string]error{
			"Ensure": x.Ensure(bg, []store.Spec{things}), "Tx": x.Tx(bg, nothing), "Snapshot": x.Snapshot(bg, nothing),
			"Get": second(x.Get(bg, "things", "a")), "GetMany": second(x.GetMany(bg, "things", []string{"a"})),
			"Find": second(x.Find(bg, "things", store.Query{Index: "n"})), "Count": second(x.Count(bg, "things", store.Query{Index: "n"})),
			"Insert": x.Insert(bg, "things", doc("a")), "Put": x.Put(bg, "things", doc("a")), "Delete": x.Delete(bg, "things", "a"),
			"Replace": x.Replace(bg, "things", versioned("a", 0)), "Scan": x.Scan(bg, "things", func(bson.Raw) error { return nil }),
			"Backup": x.Backup(bg, filepath.Join(x.TempDir(), "b")), "Now": second(x.Now(bg)), "Close": x.Close(),
		} {
			if !errors.Is(err, store.ErrClosed) {
				x.Errorf("%s: %v", name, err)
			}
		}
	}},
	{"life/closing waits for a running transaction", func(x *env) {
		started, closed := make(chan struct{}), make(chan error, 1)
		done := make(chan error, 1)
		go func() {
			done <- x.Tx(bg, func(ctx context.Context) error {
				close(started)
				time.Sleep(100 * time.Millisecond)
				return x.Insert(ctx, "things", doc("a"))
			})
		}()
		<-started
		go func() { closed <- x.Close() }()
		x.ok(<-done)
		x.ok(<-closed)
		x.Engine = x.another()
		x.ensure(things)
		x.has("a")
	}},
	{"life/it has a name", func(x *env) {
		if x.Name() == "" {
			x.Error("no name")
		}
	}},
}

var dumpPromises = []promise{
	{"dump/an archive restores everything elsewhere", func(x *env) {
		x.ensure(store.Spec{Name: "more"})
		x.crowd("m", 1100)
		x.insert(inOrder()...)
		x.ok(x.Insert(bg, "more", doc("a", "l", bson.A{1, "x"})))
		var archive bytes.Buffer
		x.ok(store.Dump(bg, x.Engine, []string{"things", "more"}, &archive))
		whole := bytes.Clone(archive.Bytes())
		y := &env{T: x.T, open: x.open, place: x.place + "y"}
		y.Engine = y.another()
		y.ensure(things, store.Spec{Name: "more"})
		n, err := store.Restore(bg, y.Engine, &archive)
		x.ok(err)
		x.equal(n, int64(1100+len(inOrder())+1))
		x.same(y.found(store.Query{Index: "n", Limit: 5000}), x.found(store.Query{Index: "n", Limit: 5000}))
		if !bytes.Equal(x.get("m000007"), y.get("m000007")) {
			x.Error("a document changed on the way")
		}
		_, err = store.Restore(bg, y.Engine, bytes.NewReader(whole))
		x.duplicate(err, store.ByID)
	}},
	{"dump/an archive that is cut short is refused", func(x *env) {
		x.insert(doc("a"), doc("b"))
		var archive bytes.Buffer
		x.ok(store.Dump(bg, x.Engine, []string{"things"}, &archive))
		x.ok(x.Delete(bg, "things", "a", "b"))
		whole := archive.Bytes()
		for _, cut := range []int{0, 1, len(whole) / 2, len(whole) - 1} {
			_, err := store.Restore(bg, x.Engine, bytes.NewReader(whole[:cut]))
			x.is(err, store.ErrArchive)
			x.ok(x.Delete(bg, "things", "a", "b"))
		}
	}},
	{"dump/an archive that lacks a document is refused", func(x *env) {
		x.insert(doc("a"), doc("b"))
		var archive bytes.Buffer
		x.ok(store.Dump(bg, x.Engine, []string{"things"}, &archive))
		x.ok(x.Delete(bg, "things", "a", "b"))
		first, err := bson.ReadDocument(&archive)
		x.ok(err)
		if len(first) == 0 || archive.Len() == 0 {
			x.Fatal("an archive of one record")
		}
		_, err = store.Restore(bg, x.Engine, &archive)
		x.is(err, store.ErrArchive)
	}},
	{"dump/a backup is made while others write, and overwrites nothing", func(x *env) {
		x.crowd("m", 500)
		path := filepath.Join(x.TempDir(), "copy")
		stop, done := make(chan struct{}), make(chan error, 1)
		go func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					done <- nil
					return
				default:
				}
				if err := x.Put(bg, "things", doc("busy", "n", i)); err != nil {
					done <- err
					return
				}
			}
		}()
		x.ok(x.Backup(bg, path))
		close(stop)
		x.ok(<-done)
		info, err := os.Stat(path)
		x.ok(err)
		if info.Size() < 500*20 || info.Mode().Perm()&0o077 != 0 {
			x.Errorf("a copy of %d bytes, mode %v", info.Size(), info.Mode())
		}
		x.is(x.Backup(bg, path), os.ErrExist)
		left, err := os.ReadDir(filepath.Dir(path))
		x.ok(err)
		x.equal(len(left), 1)
	}},
}
