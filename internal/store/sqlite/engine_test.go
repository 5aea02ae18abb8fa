package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
	"haggle/internal/store/storetest"
)

func TestEngine(t *testing.T) {
	dir := t.TempDir()
	storetest.Run(t, func(t testing.TB, place string, hooks store.Hooks) (store.Engine, error) {
		return Open(filepath.Join(dir, place), hooks)
	})
}

var bg = context.Background()

var things = store.Spec{Name: "things", Indexes: []store.Index{
	{Name: "kind", Fields: []store.Field{{Path: "kind"}, {Path: "n", Desc: true}}},
	{Name: "due", Fields: []store.Field{{Path: "due"}}, Sparse: true},
	{Name: "email", Fields: []store.Field{{Path: "email"}}, Unique: true, Sparse: true},
}}

// fresh opens an engine over a folder, with the collection things.
func fresh(t testing.TB, dir string) *Engine {
	t.Helper()
	e, err := Open(dir, store.Hooks{})
	ok(t, err)
	t.Cleanup(func() { _ = e.Close() })
	ok(t, e.Ensure(bg, []store.Spec{things}))
	return e
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func doc(t testing.TB, id string, more ...bson.E) bson.Raw {
	t.Helper()
	raw, err := bson.Marshal(append(bson.D{{Key: "_id", Value: id}}, more...))
	ok(t, err)
	return raw
}

func count(t testing.TB, e *Engine) int64 {
	t.Helper()
	n, err := e.Count(bg, "things", store.Query{Index: store.ByID})
	ok(t, err)
	return n
}
