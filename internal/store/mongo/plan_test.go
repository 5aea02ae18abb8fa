package mongo

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
)

// TestNoQueryReadsMoreThanItsPage asks the server how it ran each find: by the index, without sorting, and with no more
// documents read than the page and the one behind it.
func TestNoQueryReadsMoreThanItsPage(t *testing.T) {
	var finds []bson.Raw
	e := fresh(t, options.Client().SetMonitor(&event.CommandMonitor{Started: func(_ context.Context, s *event.CommandStartedEvent) {
		if s.CommandName == "find" {
			finds = append(finds, append(bson.Raw(nil), s.Command...))
		}
	}}))
	var docs []bson.Raw
	for i := range 600 {
		docs = append(docs, doc(t, fmt.Sprintf("a%04d", i), bson.E{Key: "kind", Value: fmt.Sprint("k", i%3)}, bson.E{Key: "n", Value: i / 6},
			bson.E{Key: "email", Value: i}, bson.E{Key: "due", Value: i}))
	}
	for i := range 100 {
		docs = append(docs, doc(t, fmt.Sprintf("b%04d", i), bson.E{Key: "kind", Value: "other"})) // without due and email
	}
	ok(t, e.Insert(bg, "things", docs...))
	k := []any{"k1"}
	for _, q := range []store.Query{
		{Index: "kind"}, {Index: "kind", Eq: k}, {Index: "kind", Eq: k, From: store.AtLeast(20), To: store.Below(80)},
		{Index: "kind", From: store.AtLeast("k1")}, {Index: "due"}, {Index: "due", To: store.AtMost(300)}, {Index: "email", From: store.Above(100)},
		{Index: store.ByID, From: store.AtLeast("a0300"), To: store.Below("a0500")},
	} {
		for _, q.Desc = range []bool{false, true} {
			q.Limit, q.After = 10, ""
			for range 3 {
				page, err := e.Find(bg, "things", q)
				ok(t, err)
				q.After = page.Next
			}
		}
	}
	if len(finds) != 8*2*3 {
		t.Fatalf("%d finds", len(finds))
	}
	for _, f := range finds {
		explain(t, e, f, 11)
	}
	finds = nil
	found, err := e.FindIn(bg, "things", "kind", []string{"k2", "none", "k0"})
	ok(t, err)
	if len(found) != 400 || len(finds) != 1 {
		t.Fatalf("%d documents by %d finds, want 400 by 1", len(found), len(finds))
	}
	explain(t, e, finds[0], 402)
}

// explain holds the server's plan against the most documents that it may read.
func explain(t *testing.T, e *Engine, find bson.Raw, most int) {
	t.Helper()
	var d bson.D
	ok(t, bson.Unmarshal(find, &d))
	var plain bson.D // without what belongs to the session and the wire
	for _, f := range d {
		switch f.Key {
		case "lsid", "$db", "$clusterTime", "readConcern", "txnNumber":
		default:
			plain = append(plain, f)
		}
	}
	var out struct {
		Planner struct {
			Winning bson.Raw `bson:"winningPlan"`
		} `bson:"queryPlanner"`
		Stats struct {
			Keys int `bson:"totalKeysExamined"`
			Docs int `bson:"totalDocsExamined"`
		} `bson:"executionStats"`
	}
	ok(t, e.db.RunCommand(bg, bson.D{{Key: "explain", Value: plain}, {Key: "verbosity", Value: "executionStats"}}).Decode(&out))
	stages := stagesOf(out.Planner.Winning)
	if stages["SORT"] || stages["COLLSCAN"] || !stages["IXSCAN"] || out.Stats.Docs > most || out.Stats.Keys > most+1 {
		t.Errorf("%v: %d keys, %d documents, stages %v", plain, out.Stats.Keys, out.Stats.Docs, stages)
	}
}

func stagesOf(plan bson.Raw) map[string]bool {
	out := map[string]bool{}
	for len(plan) > 0 {
		out[plan.Lookup("stage").StringValue()] = true
		plan, _ = plan.Lookup("inputStage").DocumentOK()
	}
	return out
}

// TestCommandsDoNotGrowWithTheBatch counts the commands of a transaction of few and of many documents.
func TestCommandsDoNotGrowWithTheBatch(t *testing.T) {
	var sent atomic.Int64
	e := fresh(t, options.Client().SetMonitor(&event.CommandMonitor{Started: func(context.Context, *event.CommandStartedEvent) { sent.Add(1) }}))
	round := func(prefix string, n int) int64 {
		var fresh, again []bson.Raw
		var next []store.Versioned
		var ids []string
		for i := range n {
			id := fmt.Sprint(prefix, i)
			ids = append(ids, id)
			fresh = append(fresh, doc(t, id, bson.E{Key: "version", Value: int64(0)}))
			again = append(again, doc(t, id+"p"))
			next = append(next, store.Versioned{ID: id, Version: 0, Doc: doc(t, id, bson.E{Key: "version", Value: int64(1)})})
		}
		before := sent.Load()
		ok(t, e.Tx(bg, func(ctx context.Context) error {
			ok(t, e.Insert(ctx, "things", fresh...))
			ok(t, e.Put(ctx, "things", again...))
			ok(t, e.Replace(ctx, "things", next...))
			_, err := e.GetMany(ctx, "things", ids)
			ok(t, err)
			return e.Delete(ctx, "things", ids...)
		}))
		return sent.Load() - before
	}
	few, many := round("a", 1), round("b", 500)
	if few != many || few != 6 {
		t.Errorf("%d commands for one document each, %d for 500; want 6", few, many)
	}
}

// TestEnsureLeavesWhatIsInPlace: the second time nothing is created, built or dropped.
func TestEnsureLeavesWhatIsInPlace(t *testing.T) {
	var sent []string
	e := fresh(t, options.Client().SetMonitor(&event.CommandMonitor{Started: func(_ context.Context, s *event.CommandStartedEvent) {
		sent = append(sent, s.CommandName)
	}}))
	sent = nil
	ok(t, e.Ensure(bg, []store.Spec{things}))
	if got := fmt.Sprint(sent); got != "[listCollections listIndexes]" {
		t.Errorf("sent %s", got)
	}
}

// TestSessionsAreReused: transactions one after the other use one session.
func TestSessionsAreReused(t *testing.T) {
	seen := map[string]bool{}
	e := fresh(t, options.Client().SetMonitor(&event.CommandMonitor{Started: func(_ context.Context, s *event.CommandStartedEvent) {
		if s.CommandName == "commitTransaction" {
			seen[s.Command.Lookup("lsid").String()] = true
		}
	}}))
	for range 50 {
		ok(t, e.Put(bg, "things", doc(t, "a")))
	}
	if len(seen) != 1 {
		t.Errorf("%d sessions", len(seen))
	}
}
