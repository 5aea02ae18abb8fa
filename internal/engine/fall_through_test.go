package engine_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/engine"
	"haggle/internal/order"
	"haggle/internal/store"
)

// fallPromises: an award that came to nothing goes on to the next, once, in one commit.
var fallPromises = []promise{
	{"FallsToTheNextAtHisPrice", fallsThrough},
	{"FallsOnceThoughCalledTwice", fallsOnce},
	{"FallsOnceInTwoProcesses", fallsInTwoProcesses},
	{"NothingIsLeftOfAFallThatFails", fallFails},
	{"FallsForNobody", fallsForNobody},
}

// nothingElse is what a fall writes besides.
func nothingElse(context.Context, order.Order, time.Time) error { return nil }

// fall lets the award of an entry fall through, which must go on.
func (w *world) fall(dealID string, entry int64) order.Order {
	w.Helper()
	p, next, err := w.FallThrough(bg, dealID, entry, deal.Unpaid, nothingElse)
	if err != nil || !next || p.Seq != w.deal(dealID).Seq || p.Order.After != order.ID(dealID, entry) {
		w.Fatalf("the award of line %d of %s falls: %+v, %t, %v", entry, dealID, p, next, err)
	}
	return p.Order
}

// threeBids is a settled auction: ann up to 1,100, bob up to 1,500, cem up to 1,300 and with a backup. bob wins by line 2.
func (w *world) threeBids() engine.Deal {
	w.Helper()
	w.auction("a1")
	w.enter(w.bid("a1", "ann", 1100))
	w.enter(w.bid("a1", "bob", 1500))
	cem := w.bid("a1", "cem", 1300)
	cem.Entry.Values = english.Bid{Max: 1300 * unit, Backup: true}
	w.enter(cem)
	return w.close("a1")
}

func fallsThrough(w *world) {
	before := w.threeBids()
	w.clock.pass(4 * day)
	f, next, err := w.NextInLine(bg, "a1", 2)
	w.must(err)
	if !next || f.Award.Account != "cem" || f.Award.Total != 1101*unit || !f.Backup {
		w.Errorf("next in line: %+v, %t", f, next)
	}
	o := w.fall("a1", 2)
	if o.ID != order.ID("a1", 3) || o.Buyer != "cem" || o.Total != 1101*unit || o.Status != order.AwaitingPayment || !o.DueAt.Equal(w.clock.Now().Add(4*day)) {
		w.Errorf("the next order is %+v", o)
	}
	w.ended("a1", deal.Settled, 1)
	d := w.deal("a1")
	if d.Version != before.Version+1 || d.Seq != before.Seq+3 || d.Decision.UnitPrice != 1101*unit || d.Decision.Result != deal.Sold {
		w.Errorf("the deal is %+v, was %+v", d, before)
	}
	if a := w.award("a1"); a.Account != "cem" || a.To != "p3" || a.UnitPrice != 1101*unit || a.Order != o.ID {
		w.Errorf("the award is %+v", a)
	}
	if p, err := w.Public(d); err != nil || p.Leader != "p3" || *p.Standing != 1101*unit {
		w.Errorf("everybody sees %+v, %v", p, err)
	}
	s, err := w.Standing(bg, "a1", "bob")
	w.must(err)
	if s.Active || s.Pseudonym != "p2" {
		w.Errorf("the struck standing is %+v", s)
	}
	if n := len(w.orders("a1")); n != 2 {
		w.Errorf("%d orders, want the first and the next", n)
	}
	rows, err := w.OutboxRows(bg, 100)
	w.must(err)
	told := map[string]bool{}
	for _, r := range rows {
		told[r.ID] = true
	}
	if !told[engine.OutboxID(engine.TopicDeal, "a1")] || !told[engine.OutboxID(engine.TopicOrder, o.ID)] {
		w.Errorf("the outbox does not tell it: %v", told)
	}
	w.fall("a1", 3)
	if a := w.award("a1"); a.Account != "ann" || a.UnitPrice != 1000*unit {
		w.Errorf("the third award is %+v", a)
	}
	w.ended("a1", deal.Settled, 1)
	w.unchanged("a fall with nobody left", func() {
		if _, next, err := w.FallThrough(bg, "a1", 1, deal.Unpaid, nothingElse); next || err != nil {
			w.Errorf("after the last: %t, %v", next, err)
		}
	})
}

func fallsOnce(w *world) {
	w.threeBids()
	w.fall("a1", 2)
	again := func(e *engine.Engine) {
		p, next, err := e.FallThrough(bg, "a1", 2, deal.Unpaid, func(context.Context, order.Order, time.Time) error {
			w.Error("something was written with what had happened already")
			return nil
		})
		if next || err != nil || p.Order.ID != "" {
			w.Errorf("a second time: %+v, %t, %v", p, next, err)
		}
	}
	w.unchanged("the same fall again", func() {
		again(w.Engine)
		again(w.restarted().Engine)
		again(w.another().Engine)
	})
	w.ended("a1", deal.Settled, 1)
}

// fallsInTwoProcesses: two that come at once write it once, and both say so.
func fallsInTwoProcesses(w *world) {
	w.threeBids()
	both := []*engine.Engine{w.Engine, w.another().Engine, w.another().Engine}
	fell := make([]bool, len(both))
	var all sync.WaitGroup
	for i, e := range both {
		all.Go(func() {
			_, next, err := e.FallThrough(bg, "a1", 2, deal.Unpaid, nothingElse)
			w.ok(err)
			fell[i] = next
		})
	}
	all.Wait()
	n := 0
	for _, f := range fell {
		if f {
			n++
		}
	}
	if orders := len(w.orders("a1")); n != 1 || orders != 2 {
		w.Errorf("%d of them wrote it, and there are %d orders", n, orders)
	}
	w.ended("a1", deal.Settled, 1)
}

// fallFails: what fails with the fall leaves nothing, before the commit and in it; a lost answer leaves all or nothing.
func fallFails(w *world) {
	w.threeBids()
	refusal := errors.New("no")
	w.unchanged("a fall whose company fails", func() {
		if _, next, err := w.FallThrough(bg, "a1", 2, deal.Unpaid, func(context.Context, order.Order, time.Time) error { return refusal }); next || !errors.Is(err, refusal) {
			w.Errorf("%t, %v", next, err)
		}
	})
	w.hooks.before.Store(always(func() error { return errWire }))
	w.unchanged("a fall whose commit fails", func() {
		if _, next, err := w.FallThrough(bg, "a1", 2, deal.Unpaid, nothingElse); next || err == nil {
			w.Errorf("%t, %v", next, err)
		}
	})
	w.hooks.before.Store(nil)
	w.hooks.after.Store(always(func() error { return errWire }))
	if _, _, err := w.FallThrough(bg, "a1", 2, deal.Unpaid, nothingElse); err == nil {
		w.Error("a lost answer is no error")
	}
	w.hooks.after.Store(nil)
	_, _, err := w.restarted().FallThrough(bg, "a1", 2, deal.Unpaid, nothingElse)
	w.must(err)
	w.ended("a1", deal.Settled, 1)
	if a := w.award("a1"); a.Account != "cem" || len(w.orders("a1")) != 2 {
		w.Errorf("after all: %+v", a)
	}
}

// fallsForNobody: deals in which no award can fall are left alone.
func fallsForNobody(w *world) {
	w.fund(5000*unit, "ann")
	w.auction("open")
	w.enter(w.bid("open", "ann", 1100))
	w.auction("bought", withBuyNow)
	w.enter(w.buyNow("bought", "ann"))
	w.must(w.Settle(bg, "bought"))
	w.listing("fixed", 1)
	w.auction("alone")
	w.enter(w.bid("alone", "ann", 1100))
	w.clock.set(*w.deal("alone").ClosesAt)
	w.close("alone")
	w.unchanged("falls of nothing", func() {
		for _, id := range []string{"open", "bought", "fixed", "alone"} {
			if _, next, err := w.FallThrough(bg, id, 1, deal.Unpaid, nothingElse); next || err != nil {
				w.Errorf("%s: %t, %v", id, next, err)
			}
		}
	})
	if _, _, err := w.FallThrough(bg, "nowhere", 1, deal.Unpaid, nothingElse); !errors.Is(err, store.ErrNotFound) {
		w.Errorf("what is not there: %v", err)
	}
}
