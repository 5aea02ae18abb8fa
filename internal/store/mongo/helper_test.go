package mongo

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
	"haggle/internal/testenv"
)

var bg = context.Background()

var things = store.Spec{Name: "things", Indexes: []store.Index{
	{Name: "kind", Fields: []store.Field{{Path: "kind"}, {Path: "n", Desc: true}}},
	{Name: "due", Fields: []store.Field{{Path: "due"}}, Sparse: true},
	{Name: "email", Fields: []store.Field{{Path: "email"}}, Unique: true, Sparse: true},
}}

// fresh opens an engine over a database of its own, with the collection things.
func fresh(t testing.TB, opts *options.ClientOptions) *Engine {
	t.Helper()
	uri := testenv.Mongod(t)
	name := fmt.Sprintf("haggle_m%d", time.Now().UnixNano())
	e, err := open(bg, opts.ApplyURI(uri), name, store.Hooks{})
	ok(t, err)
	t.Cleanup(func() {
		_ = e.Close()
		dropAfter(t, uri, name)
	})
	ok(t, e.Ensure(bg, []store.Spec{things}))
	return e
}

// dropAfter removes a test's database.
func dropAfter(t testing.TB, uri, database string) {
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	ok(t, err)
	defer func() { _ = client.Disconnect(bg) }()
	ok(t, client.Database(database).Drop(bg))
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func doc(t testing.TB, id string, more ...bson.E) bson.Raw {
	t.Helper()
	raw, err := bson.Marshal(append(byID(id), more...))
	ok(t, err)
	return raw
}
