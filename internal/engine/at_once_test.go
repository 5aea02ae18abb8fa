package engine_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/fixed"
	"haggle/internal/deal/group"
	"haggle/internal/engine"
	"haggle/internal/money"
	"haggle/internal/store"
)

// atOncePromises: small deals that are settled in the commit that decides them end as if they had been decided first.
var atOncePromises = []promise{
	{"AtOnceAsApart", atOnceAsApart},
	{"AtOnceInSmallChunks", atOnceInSmallChunks},
	{"AtOnceInterruptedBeforeAnyCommit", func(w *world) { w.atOnceInterrupted(cutBefore) }},
	{"AtOnceInterruptedAfterAnyCommit", func(w *world) { w.atOnceInterrupted(cutAfter) }},
	{"AtOnceWithAPoisonedDeal", atOncePoisoned},
	{"AtOnceByTwoProcesses", atOnceByTwo},
	{"AtOnceThoughABidCameInBetween", atOnceWithALateBid},
	{"AtOnceNotOverAnUnpaidPurchase", atOnceNotOverUnpaid},
	{"AtOnceOnlySmallDeals", atOnceOnlySmall},
	{"AtOnceReadsThePastOnce", atOnceReadsOnce},
	{"AtOnceAtTheOwners", atOnceAtTheOwners},
}

func atOnce(c *engine.Config) { c.Apart = false }

// expireAll decides deals, which must go well, and gives those that wait for their settlement.
func (w *world) expireAll(ids []string) (closing []string) {
	w.Helper()
	for id, x := range w.ExpireAll(bg, ids) {
		if x.Err != nil {
			w.Errorf("%s: %v", id, x.Err)
		} else if x.Closing {
			closing = append(closing, id)
		}
	}
	slices.Sort(closing)
	return closing
}

func atOnceAsApart(w *world) {
	want := w.settledOneByOne()

	fresh, ids := w.manyDue()
	var late atomic.Int64
	one := fresh.restarted(atOnce, func(c *engine.Config) { c.Observe = func(c engine.Commit) { late.Add(int64(len(c.Late))) } })
	if left := one.expireAll(ids); left != nil {
		w.Errorf("these were left unsettled: %v", left)
	}
	w.same("all at once", one.dump(), want)
	one.allEnded(ids)
	if n := late.Load(); n != int64(len(ids)) {
		w.Errorf("%d closings were observed, want %d", n, len(ids))
	}
	w.unchanged("once more", func() {
		if left := one.expireAll(ids); left != nil {
			w.Errorf("these were closed again: %v", left)
		}
		one.together(ids)
	})

	fresh, ids = w.manyDue()
	one = fresh.restarted(atOnce)
	for _, id := range ids { // nothing is read ahead
		if closing, err := one.Expire(bg, id); closing || err != nil {
			w.Errorf("%s: closing %t, %v", id, closing, err)
		}
	}
	w.same("one after the other", one.dump(), want)
}

// atOnceInSmallChunks: what a commit has no room for is decided in it and settled later.
func atOnceInSmallChunks(w *world) {
	want := w.settledOneByOne()
	for _, room := range []int{1, 2, 4, 9} {
		fresh, ids := w.manyDue()
		one := fresh.restarted(atOnce, chunkOf(room))
		left := one.expireAll(ids)
		if room <= 4 && !slices.Contains(left, "g0") {
			w.Errorf("a group was settled in a commit with room for %d steps", 2*room)
		}
		for _, id := range ids {
			if clearing := one.deal(id).Status == deal.Clearing; clearing != slices.Contains(left, id) {
				w.Errorf("%s is %s, these are said to be left: %v", id, one.deal(id).Status, left)
			}
		}
		one.together(left)
		w.same(fmt.Sprintf("in chunks of %d", room), one.dump(), want)
	}
}

// atOnceInterrupted cuts after every number of commits and lets another engine go on.
func (w *world) atOnceInterrupted(c cut) {
	want := w.settledOneByOne()
	for n := range int64(4) {
		fresh, ids := w.manyDue()
		ctx := c(w, n)
		went := fresh.restarted(atOnce).ExpireAll(ctx, ids)
		w.hooks.before.Store(nil)
		w.hooks.after.Store(nil)
		if n == 0 && len(went) == 0 {
			w.Fatal("nothing was cut")
		}
		next := fresh.restarted(atOnce) // at the moment of the first try: else they would be decided later
		next.together(next.expireAll(ids))
		w.same(fmt.Sprintf("cut after %d commits", n), next.dump(), want)
	}
}

// atOncePoisoned: one deal that cannot be settled costs the others of its commit no more than that they are settled later.
func atOncePoisoned(w *world) {
	want := w.settledOneByOne()
	fresh, ids := w.manyDue()
	awards := store.NewCollection[engine.AwardRow](w.store, engine.Awards)
	taken := engine.AwardRow{ID: "a4:00000001", Deal: "a4"} // the row of an award stands there already
	w.must(awards.Insert(bg, taken))
	one := fresh.restarted(atOnce)
	left := one.expireAll(ids)
	if !slices.Contains(left, "a4") {
		w.Fatalf("these wait for their settlement: %v; want a4 among them", left)
	}
	if failed := one.SettleAll(bg, left); len(failed) != 1 || failed["a4"] == nil {
		w.Errorf("these failed: %v; want a4", failed)
	}
	w.must(awards.Delete(bg, taken.ID))
	one.together(ids)
	w.same("without the poison", one.dump(), want)
}

// atOnceByTwo: two processes close the same deals at the same time.
func atOnceByTwo(w *world) {
	want := w.settledOneByOne()
	other := w.another(atOnce)
	for range 3 {
		fresh, ids := w.manyDue()
		one := fresh.restarted(atOnce)
		done := make(chan []string)
		go func() { done <- other.expireAll(ids) }()
		left := append(one.expireAll(ids), <-done...)
		one.together(left)
		w.same("two at once", one.dump(), want)
	}
}

// atOnceWithALateBid: what was read ahead is worth nothing when the deal moved.
func atOnceWithALateBid(w *world) {
	one := w.restarted(atOnce)
	w.fund(1000*unit, "ann", "bob", "cem")
	d := one.auction("a1")
	one.group("g1")
	one.enter(one.bid("a1", "ann", 1100))
	one.enter(one.bid("a1", "bob", 1200))
	one.enter(one.pledge("g1", "ann", 1))
	one.enter(one.pledgeUpTo("g1", "bob", 1, 61))
	closings := []func() (bool, error){one.Foresee(one.deal("a1")), one.Foresee(one.deal("g1"))}
	one.enter(one.bid("a1", "cem", 1500))
	one.enter(one.pledgeUpTo("g1", "cem", 1, 80))
	w.clock.set(*d.ClosesAt)
	for _, close := range closings {
		if left, err := close(); left || err != nil {
			w.Errorf("it is left unsettled: %t, %v", left, err)
		}
	}
	one.ended("a1", deal.Settled, 1)
	if a := one.awards("a1")[0]; a.Account != "cem" || a.Total != 1201*unit {
		w.Errorf("it is sold to %s for %d", a.Account, a.Total)
	}
	one.ended("g1", deal.Settled, 2)
}

// atOnceNotOverUnpaid: a listing that waits for a payment is not decided, and ends with the entry that it waited for.
func atOnceNotOverUnpaid(w *world) {
	one := w.restarted(atOnce)
	w.fund(1000*unit, "ann")
	d := one.listing("f1", 3)
	w.clock.set(d.ClosesAt.Add(-10 * time.Minute))
	bought := one.enter(one.buy("f1", "ann", 1))
	w.clock.set(*d.ClosesAt)
	lapse := one.bySite("f1", "ann", deal.Lapse, fixed.Lapse{Seq: bought.Receipt.Seq})
	closing, entries := one.QueueExpiry("f1", lapse)
	if left, err := closing(); left || err != nil {
		w.Errorf("decided over an unpaid purchase: %t, %v", left, err)
	}
	got, err := entries[0]()
	w.must(err)
	if !got.Closing {
		w.Error("the last purchase lapsed after the deadline, and the listing stays open")
	}
	w.must(one.Settle(bg, "f1"))
	one.ended("f1", deal.Failed, 0)
}

// atOnceOnlySmall: a deal with a long past, or with more members than are read beside others, is only decided.
func atOnceOnlySmall(w *world) {
	one := w.restarted(atOnce)
	one.group("g1", func(t *group.Terms) { t.Tiers = []group.Tier{{From: 2, UnitPrice: 2 * unit}} })
	one.auction("a1")
	const crowd = 64
	var people []string
	var entries []engine.Submission
	for i := range crowd {
		who := fmt.Sprint("m", i)
		people = append(people, who)
		entries = append(entries, one.pledge("g1", who, 1), one.bid("a1", who, money.Amount(1100+i)))
	}
	w.fund(10*unit, people...)
	for _, wait := range one.Queue(entries...) {
		_, err := wait()
		w.must(err)
	}
	w.clock.set(*one.deal("g1").ClosesAt)
	left := one.expireAll([]string{"g1", "a1"})
	if !slices.Equal(left, []string{"a1", "g1"}) {
		w.Errorf("these wait for their settlement: %v; want both", left)
	}
	one.together(left)
	one.ended("g1", deal.Settled, crowd)
	one.ended("a1", deal.Settled, 1)
}

// atOnceReadsOnce: what many decisions are unfolded from is one query for each kind of row, ahead of their commits.
func atOnceReadsOnce(w *world) {
	fresh, ids := w.manyDue()
	a := newAsked(w.store)
	one := fresh.over(a, []func(*engine.Config){atOnce})
	for id, x := range one.ExpireAll(bg, ids) {
		w.Errorf("deal %s: %+v", id, x)
	}
	for coll, want := range map[string]int{engine.Entries: 1, engine.Segments: 1, engine.Standings: 1} {
		if n := a.times(coll); n != want {
			w.Errorf("%s were asked for %d times for %d deals, want %d", coll, n, len(ids), want)
		}
	}
	one.allEnded(ids)
}

// atOnceAtTheOwners: whoever asks, the owner of the lane settles what he decides.
func atOnceAtTheOwners(w *world) {
	n := &wires{at: map[string]*engine.Engine{}, away: map[string]bool{}}
	farm := []*world{w.member(n, "p1", "p1", atOnce), w.member(n, "p2", "p2", atOnce)}
	d := w.auction("a1")
	_, other := w.ownerOf("a1", farm)
	other.enter(other.bid("a1", "ann", 1100))
	w.clock.pass(d.ClosesAt.Sub(w.Now()))
	for range 2 {
		if left := other.expireAll([]string{"a1"}); left != nil {
			w.Errorf("these were left unsettled: %v", left)
		}
	}
	w.ended("a1", deal.Settled, 1)
}
