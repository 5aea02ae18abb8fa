//go:build unix

package sqlite

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// BenchmarkGroupCommit measures rows written in durable transactions shaped like a group commit of 64 entries: a deal
// replaced by compare-and-set, and for each entry an entry row, a standing, a balance read and replaced, two journal
// rows; a segment and an outbox row for the whole.
//
//	go test ./internal/store/sqlite -run '^$' -bench GroupCommit -benchtime 3s
func BenchmarkGroupCommit(b *testing.B) {
	e, err := Open(b.TempDir(), store.Hooks{})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Close()
	const entries = 64
	ctx := context.Background()
	at := func(names ...string) (fs []store.Field) {
		for _, n := range names {
			fs = append(fs, store.Field{Path: n})
		}
		return fs
	}
	ok := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}
	ok(e.Ensure(ctx, []store.Spec{
		{Name: "deals", Indexes: []store.Index{{Name: "next", Fields: at("nextAt"), Sparse: true}, {Name: "status", Fields: at("status", "at")}}},
		{Name: "entries", Indexes: []store.Index{{Name: "deal", Fields: at("deal", "seq")}}},
		{Name: "standings", Indexes: []store.Index{{Name: "deal", Fields: at("deal", "seq")}, {Name: "account", Fields: at("account", "kind", "at")}}},
		{Name: "balances"},
		{Name: "journal", Indexes: []store.Index{{Name: "user", Fields: at("user", "at"), Sparse: true}, {Name: "other", Fields: at("other", "at"), Sparse: true}}},
		{Name: "segments"},
		{Name: "outbox", Indexes: []store.Index{{Name: "at", Fields: at("at")}}},
	}))
	doc := func(d bson.D, pad int) bson.Raw {
		raw, err := bson.Marshal(append(d, bson.E{Key: "pad", Value: make([]byte, pad)}))
		ok(err)
		return raw
	}
	ok(e.Insert(ctx, "deals", doc(bson.D{{Key: "_id", Value: "d"}, {Key: "version", Value: int64(0)}, {Key: "status", Value: "open"}, {Key: "at", Value: time.Now()}}, 1200)))
	for u := range 500 {
		ok(e.Insert(ctx, "balances", doc(bson.D{{Key: "_id", Value: fmt.Sprintf("u%04d", u)}, {Key: "version", Value: int64(0)}}, 40)))
	}
	rows, seq, began := 0, int64(0), cpu(b)
	versions := map[string]int64{}
	b.ResetTimer()
	for n := range b.N {
		now := time.Now()
		var es, ss, js []bson.Raw
		var bs []store.Versioned
		var ids []string
		for i := range entries {
			seq++
			u := fmt.Sprintf("u%04d", (n*entries+i)%500)
			ids = append(ids, u)
			es = append(es, doc(bson.D{{Key: "_id", Value: fmt.Sprintf("e%012d", seq)}, {Key: "deal", Value: "d"}, {Key: "account", Value: u}, {Key: "seq", Value: seq}, {Key: "at", Value: now}}, 60))
			ss = append(ss, doc(bson.D{{Key: "_id", Value: "d:" + u}, {Key: "deal", Value: "d"}, {Key: "account", Value: u}, {Key: "kind", Value: "english"}, {Key: "seq", Value: seq}, {Key: "at", Value: now}}, 150))
			js = append(js, doc(bson.D{{Key: "_id", Value: fmt.Sprintf("j%012d", seq)}, {Key: "user", Value: u}, {Key: "at", Value: now}}, 250))
			js = append(js, doc(bson.D{{Key: "_id", Value: fmt.Sprintf("r%012d", seq)}, {Key: "user", Value: u}, {Key: "other", Value: "x"}, {Key: "at", Value: now}}, 250))
			bs = append(bs, store.Versioned{ID: u, Version: versions[u], Doc: doc(bson.D{{Key: "_id", Value: u}, {Key: "version", Value: versions[u] + 1}}, 40)})
			versions[u]++
		}
		ok(e.Tx(ctx, func(ctx context.Context) error {
			_, err := e.GetMany(ctx, "balances", ids)
			ok(err)
			ok(e.Replace(ctx, "deals", store.Versioned{ID: "d", Version: int64(n), Doc: doc(bson.D{{Key: "_id", Value: "d"}, {Key: "version", Value: int64(n + 1)}, {Key: "status", Value: "open"}, {Key: "at", Value: now}}, 1200)}))
			ok(e.Insert(ctx, "segments", doc(bson.D{{Key: "_id", Value: fmt.Sprintf("d:%012d", seq)}}, entries*350)))
			ok(e.Insert(ctx, "entries", es...))
			ok(e.Put(ctx, "standings", ss...))
			ok(e.Replace(ctx, "balances", bs...))
			ok(e.Insert(ctx, "journal", js...))
			return e.Put(ctx, "outbox", doc(bson.D{{Key: "_id", Value: fmt.Sprintf("o%012d", n)}, {Key: "at", Value: now}}, 40))
		}))
		rows += 5*entries + 3
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(rows)/(cpu(b)-began).Seconds(), "rows/cpu-s") // what a busy machine leaves comparable
	b.ReportMetric(float64(b.N*entries)/b.Elapsed().Seconds(), "entries/s")
}

// cpu is the processor time that this process has used.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
