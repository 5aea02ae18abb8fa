package engine_test

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
	"haggle/internal/store/mongo"
	"haggle/internal/store/sqlite"
	"haggle/internal/testenv"
)

// TestMain lets more tests run at once than there are processors: most of the time they wait for a disk.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	m.Run()
}

// promise is one thing that the engine promises, whatever store it works on.
type promise struct {
	name string
	keep func(w *world)
}

// TestSuite checks every promise on every store, each in a market of its own.
func TestSuite(t *testing.T) {
	for _, b := range backends {
		t.Run(b.name, func(t *testing.T) {
			for _, p := range allPromises() {
				t.Run(p.name, func(t *testing.T) {
					t.Parallel()
					p.keep(newWorld(t, b))
				})
			}
		})
	}
}

func allPromises() []promise {
	var all []promise
	for _, part := range [][]promise{tradePromises, refusalPromises, keyPromises, unknownPromises, processPromises, settlePromises, togetherPromises, atOncePromises, deadlinePromises, queuePromises, crowdPromises, orderPromises, linesPromises, farmPromises, fallPromises} {
		all = append(all, part...)
	}
	return all
}

// backend is a kind of store. Two stores of one place share their documents, as two processes would.
type backend struct {
	name  string
	place func(t testing.TB) string
	open  func(t testing.TB, place string, hooks store.Hooks) (store.Engine, error)
}

var backends = []backend{
	{
		name:  "sqlite",
		place: func(t testing.TB) string { return filepath.Join(t.TempDir(), "store") },
		open: func(_ testing.TB, place string, hooks store.Hooks) (store.Engine, error) {
			return sqlite.Open(place, hooks)
		},
	},
	{
		name:  "mongo",
		place: mongoPlace,
		open: func(t testing.TB, place string, hooks store.Hooks) (store.Engine, error) {
			return mongo.Open(context.Background(), testenv.Mongod(t), place, hooks)
		},
	},
}

var places atomic.Int64

// mongoPlace names a database of the test's own, which goes with it.
func mongoPlace(t testing.TB) string {
	uri := testenv.Mongod(t) // skips where there is none
	name := fmt.Sprintf("engine_%d_%d", time.Now().UnixNano(), places.Add(1))
	t.Cleanup(func() { dropDatabase(t, uri, name) })
	return name
}

func dropDatabase(t testing.TB, uri, name string) {
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = client.Disconnect(context.Background()) }()
	if err := client.Database(name).Drop(context.Background()); err != nil {
		t.Error(err)
	}
}
