package mongo

import (
	"context"
	"fmt"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
)

// BenchmarkGroupCommit measures transactions shaped like a group commit of 64 entries: one document replaced by
// compare-and-set, 64 inserted, 64 put, one more inserted.
//
//	go test ./internal/store/mongo -run '^$' -bench GroupCommit -benchtime 3s
func BenchmarkGroupCommit(b *testing.B) {
	e := fresh(b, options.Client())
	specs := []store.Spec{{Name: "deals"}, {Name: "segments"}, things}
	ok(b, e.Ensure(bg, specs))
	version := func(n int) bson.E { return bson.E{Key: "version", Value: int64(n)} }
	ok(b, e.Insert(bg, "deals", doc(b, "d", version(0))))
	b.ResetTimer()
	for n := range b.N {
		var entries, standings []bson.Raw
		for i := range 64 {
			entries = append(entries, doc(b, fmt.Sprintf("e%08d-%02d", n, i), bson.E{Key: "kind", Value: "d"}, bson.E{Key: "n", Value: n}))
			standings = append(standings, doc(b, fmt.Sprintf("s%03d", (n*64+i)%500), bson.E{Key: "kind", Value: "s"}, bson.E{Key: "n", Value: n}))
		}
		ok(b, e.Tx(bg, func(ctx context.Context) error {
			ok(b, e.Replace(ctx, "deals", store.Versioned{ID: "d", Version: int64(n), Doc: doc(b, "d", version(n+1))}))
			ok(b, e.Insert(ctx, "things", entries...))
			ok(b, e.Put(ctx, "things", standings...))
			return e.Insert(ctx, "segments", doc(b, fmt.Sprintf("d:%08d", n), bson.E{Key: "lines", Value: make([]byte, 64*350)}))
		}))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tx/s")
	b.ReportMetric(float64(b.N*130)/b.Elapsed().Seconds(), "rows/s")
}
