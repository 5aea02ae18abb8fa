package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/money"
	"haggle/internal/store"
)

// togetherPromises: deals that are settled together end as if each had been settled alone.
var togetherPromises = []promise{
	{"TogetherAsAlone", togetherAsAlone},
	{"TogetherInterruptedBeforeAnyCommit", func(w *world) { w.togetherInterrupted(cutBefore) }},
	{"TogetherInterruptedAfterAnyCommit", func(w *world) { w.togetherInterrupted(cutAfter) }},
	{"TogetherCancelledBetweenAnyChunks", func(w *world) { w.togetherInterrupted(cutContext) }},
	{"TogetherByTwoProcesses", togetherByTwo},
	{"TogetherWithAPoisonedDeal", poisonedAmongMany},
	{"TogetherThoughOthersWinEveryTry", togetherOthersWin},
	{"TogetherWithWhatIsNotThere", togetherWithNothing},
	{"TogetherReadsThePastOnce", togetherReadsOnce},
}

// crowdOfDeals is how many auctions, each with two bidders, and groups, which share their members, end at once.
const (
	auctionsAtOnce = 9
	groupsAtOnce   = 3
)

// manyDecided decides the deals of manyDue, each in a commit of its own.
func (w *world) manyDecided() (*world, []string) {
	w.Helper()
	fresh, ids := w.manyDue()
	for _, id := range ids {
		fresh.expire(id)
	}
	return fresh, ids
}

// manyDue builds, always the same way, some auctions and groups up to their deadline.
func (w *world) manyDue() (*world, []string) {
	w.Helper()
	w.wipe()
	w.drawn.Store(0)
	w.clock.set(newClock().Now())
	fresh := w.restarted()
	people := []string{"m0", "m1", "m2", "m3", "m4"}
	fresh.fund(1000*unit, people...)
	var ids []string
	var entries []engine.Submission
	for i := range auctionsAtOnce {
		id := fmt.Sprint("a", i)
		fresh.auction(id)
		ids = append(ids, id)
		entries = append(entries, fresh.bid(id, "m1", 1000), fresh.bid(id, people[i%5], money.Amount(1500+i)))
	}
	for i := range groupsAtOnce {
		id := fmt.Sprint("g", i)
		fresh.group(id)
		ids = append(ids, id)
		for n, who := range people {
			ceiling := money.Amount(80)
			if n == 4 {
				ceiling = 61
			}
			entries = append(entries, fresh.pledgeUpTo(id, who, 1, ceiling))
		}
	}
	for _, wait := range fresh.Queue(entries...) {
		_, _ = wait() // a bid of somebody against himself may be refused
	}
	fresh.clock.set(*fresh.deal(ids[len(ids)-1]).ClosesAt)
	return fresh, ids
}

// settledOneByOne is what is stored after each was settled alone.
func (w *world) settledOneByOne() string {
	w.Helper()
	fresh, ids := w.manyDecided()
	for _, id := range ids {
		w.must(fresh.Settle(bg, id))
	}
	fresh.allEnded(ids)
	return fresh.dump()
}

func (w *world) allEnded(ids []string) {
	w.Helper()
	for _, id := range ids {
		awards := 1
		if strings.HasPrefix(id, "g") {
			awards = 4
		}
		w.ended(id, deal.Settled, awards)
	}
}

// together settles all, which must succeed.
func (w *world) together(ids []string) {
	w.Helper()
	for id, err := range w.SettleAll(bg, ids) {
		w.Errorf("%s: %v", id, err)
	}
}

func togetherAsAlone(w *world) {
	want := w.settledOneByOne()
	for _, room := range []int{1, 3, 7, 20, engine.DefaultChunk, 1000} {
		fresh, ids := w.manyDecided()
		var commits atomic.Int64
		w.hooks.after.Store(always(func() error { commits.Add(1); return nil }))
		fresh.restarted(chunkOf(room)).together(ids)
		w.hooks.after.Store(nil)
		w.same(fmt.Sprintf("together in chunks of %d", room), fresh.dump(), want)
		if n := commits.Load(); room >= engine.DefaultChunk && n > int64(len(ids))/3 || room == 1000 && n != 1 {
			w.Errorf("with room for %d steps %d deals took %d commits", room, len(ids), n)
		}
		fresh.allEnded(ids)
		w.unchanged("once more", func() { fresh.together(ids); w.another().together(ids) })
	}
}

// togetherInterrupted cuts after every number of commits and lets another engine go on, in chunks of another size.
func (w *world) togetherInterrupted(c cut) {
	want := w.settledOneByOne()
	for n := int64(0); ; n += int64(w.size(1, 2)) {
		fresh, ids := w.manyDecided()
		ctx := c(w, n)
		failed := fresh.restarted(chunkOf(9)).SettleAll(ctx, ids)
		w.hooks.before.Store(nil)
		w.hooks.after.Store(nil)
		if n > 0 && len(failed) == 0 {
			break // there was nothing left to cut
		}
		var left []string
		for _, id := range ids {
			if fresh.deal(id).Status == deal.Clearing {
				left = append(left, id)
			}
		}
		if len(failed) == 0 || slices.ContainsFunc(left, func(id string) bool { return failed[id] == nil }) {
			w.Fatalf("cut after %d commits: %v are left, these failed: %v", n, left, failed)
		}
		fresh.clock.pass(day) // whenever it is taken up
		fresh.restarted(chunkOf(int(4 + n%40))).together(ids)
		w.same(fmt.Sprintf("cut after %d commits", n), fresh.dump(), want)
	}
}

// togetherByTwo: two processes settle the same deals at the same time, in chunks that overlap.
func togetherByTwo(w *world) {
	want := w.settledOneByOne()
	other := w.another(chunkOf(11))
	for range 3 {
		fresh, ids := w.manyDecided()
		backwards := slices.Clone(ids)
		slices.Reverse(backwards)
		var all sync.WaitGroup
		all.Go(func() { fresh.restarted(chunkOf(20)).together(ids) })
		all.Go(func() { other.together(backwards) })
		all.Go(func() { w.ok(w.another().Settle(bg, "g1")) })
		all.Wait()
		w.same("two at once", fresh.dump(), want)
	}
}

// poisonedAmongMany: deals that cannot be settled, each for another reason, leave the others alone, and are settled once
// the reason is gone.
func poisonedAmongMany(w *world) {
	want := w.settledOneByOne()
	fresh, ids := w.manyDecided()
	awards := store.NewCollection[engine.AwardRow](w.store, engine.Awards)
	deals := store.NewCollection[engine.Deal](w.store, engine.Deals)
	taken := engine.AwardRow{ID: "a4:00000001", Deal: "a4"} // the row of an award stands there already
	w.must(awards.Insert(bg, taken))
	sound := fresh.deal("g1") // nobody knows its kind
	w.must(deals.Put(bg, func() engine.Deal { d := sound; d.Kind = "barter"; return d }()))

	failed := fresh.restarted(chunkOf(40)).SettleAll(bg, ids)
	if len(failed) != 2 || failed["a4"] == nil || failed["g1"] == nil {
		w.Errorf("these failed: %v; want a4 and g1", failed)
	}
	for _, id := range ids {
		d, err := deals.Get(bg, id)
		w.must(err)
		if bad := id == "a4" || id == "g1"; bad != (d.Status == deal.Clearing) || bad && d.Steps != 0 {
			w.Errorf("%s is %s, %d steps are done", id, d.Status, d.Steps)
		}
	}
	w.must(awards.Delete(bg, taken.ID))
	w.must(deals.Put(bg, sound))
	fresh.restarted().together(ids)
	w.same("without the poison", fresh.dump(), want)
}

// togetherOthersWin: a store that gives commits up, because others were faster every time, does not stop a settlement.
func togetherOthersWin(w *world) {
	want := w.settledOneByOne()
	fresh, ids := w.manyDecided()
	var calls atomic.Int64
	w.hooks.before.Store(always(func() error {
		if n := calls.Add(1); n <= 30 || n%3 == 0 {
			return store.ErrUnavailable
		}
		return nil
	}))
	fresh.restarted(chunkOf(25)).together(ids)
	w.hooks.before.Store(nil)
	w.same("among others", fresh.dump(), want)
}

func togetherWithNothing(w *world) {
	w.auction("a1")
	w.unchanged("settling what is open or not there", func() { w.together([]string{"nowhere", "a1"}); w.together(nil) })
	ctx, cancel := context.WithCancel(bg)
	cancel()
	fresh, ids := w.manyDecided()
	if failed := fresh.SettleAll(ctx, ids); len(failed) != len(ids) {
		w.Errorf("under an ended context these failed: %v", failed)
	}
}

// asked counts the queries of a store by the collection that they ask.
type asked struct {
	store.Engine
	mu sync.Mutex
	of map[string]int
}

func newAsked(s store.Engine) *asked { return &asked{Engine: s, of: map[string]int{}} }

func (a *asked) times(coll string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.of[coll]
}

func (a *asked) note(coll string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.of[coll]++
}

func (a *asked) Find(ctx context.Context, coll string, q store.Query) (store.Page, error) {
	a.note(coll)
	return a.Engine.Find(ctx, coll, q)
}

func (a *asked) FindIn(ctx context.Context, coll, index string, values []string) ([]bson.Raw, error) {
	a.note(coll)
	return a.Engine.FindIn(ctx, coll, index, values)
}

func (a *asked) GetMany(ctx context.Context, coll string, ids []string) ([]bson.Raw, error) {
	a.note(coll)
	return a.Engine.GetMany(ctx, coll, ids)
}

// togetherReadsOnce: what the decisions of many deals are unfolded from is one query for each kind of row, and one more
// of standings in the commit.
func togetherReadsOnce(w *world) {
	fresh, ids := w.manyDecided()
	a := newAsked(w.store)
	for id, err := range fresh.over(a, []func(*engine.Config){chunkOf(1000)}).SettleAll(bg, ids) {
		w.Errorf("deal %s: %v", id, err)
	}
	for coll, want := range map[string]int{engine.Entries: 1, engine.Segments: 1, engine.Standings: 2, engine.Deals: 2} {
		if n := a.times(coll); n != want {
			w.Errorf("%s were asked for %d times for %d deals, want %d", coll, n, len(ids), want)
		}
	}
}
