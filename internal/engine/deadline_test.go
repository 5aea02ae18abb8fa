package engine_test

import (
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/engine"
	"haggle/internal/fault"
)

// deadlinePromises: the clock of the commit decides, whoever is awake.
var deadlinePromises = []promise{
	{"RefusedByTheClockAlone", refusedByTheClock},
	{"SoftCloseMovesTheDeadline", softClose},
	{"TimeNeverRunsBackwards", timeNeverBackwards},
	{"ClosingsGoAhead", closingsGoAhead},
	{"ListingWaitsForPayments", listingWaits},
	{"DueFindsWhatIsDue", dueFinds},
	{"DueAtFindsWhatIsDueThen", dueAtFinds},
}

func refusedByTheClock(w *world) {
	d := w.auction("a1")
	w.clock.set(d.ClosesAt.Add(-time.Millisecond))
	if closing, err := w.Expire(bg, "a1"); closing || err != nil {
		w.Errorf("closed a millisecond early: %v, %v", closing, err)
	}
	last := w.enter(w.bid("a1", "ann", 1100))
	w.clock.pass(time.Millisecond)
	w.unchanged("a bid at the deadline", func() {
		f := w.refused(w.bid("a1", "bob", 1200), fault.CodeClosed)
		if f.Params["closesAt"] != deal.FormatTime(*d.ClosesAt) {
			w.Errorf("the refusal names %v", f.Params)
		}
	})
	stored := w.deal("a1")
	if stored.Status != deal.Open || stored.StatusAt(w.Now()) != deal.Clearing {
		w.Errorf("the auction is %s and reads as %s", stored.Status, stored.StatusAt(w.Now()))
	}
	w.clock.pass(time.Hour) // nobody was awake
	w.expire("a1")
	w.must(w.Settle(bg, "a1"))
	w.ended("a1", deal.Settled, 1)
	w.proves("a1", last.Receipt)
}

// softClose: a bid that changes something in the last five minutes gives five minutes more.
func softClose(w *world) {
	d := w.auction("a1", func(t *english.Terms) { t.SoftClose = &english.SoftClose{WindowSeconds: 300, ExtendSeconds: 300} })
	end := *d.ClosesAt
	w.enter(w.bid("a1", "ann", 5000))
	if got := w.deal("a1").ClosesAt; !got.Equal(end) {
		w.Errorf("a bid before the window moved the deadline to %v", got)
	}
	w.clock.set(end.Add(-time.Minute))
	w.enter(w.bid("a1", "bob", 2000))
	moved := w.deal("a1")
	if want := end.Add(4 * time.Minute); !moved.ClosesAt.Equal(want) || !moved.NextAt.Equal(want) {
		w.Errorf("the deadline is %v, due %v, want %v", moved.ClosesAt, moved.NextAt, want)
	}
	w.enter(w.bid("a1", "ann", 6000)) // the leader raises himself: neither price nor leader change
	if got := w.deal("a1").ClosesAt; !got.Equal(*moved.ClosesAt) {
		w.Errorf("a bid that changes nothing moved the deadline to %v", got)
	}
	w.clock.set(end)
	if closing, err := w.Expire(bg, "a1"); closing || err != nil {
		w.Errorf("closed at the old deadline: %v, %v", closing, err)
	}
	w.enter(w.bid("a1", "cem", 3000))
	w.close("a1")
	w.ended("a1", deal.Settled, 1)
	w.replayed("a1")
}

// timeNeverBackwards: a clock that is set back does not take the log with it.
func timeNeverBackwards(w *world) {
	w.auction("a1")
	first := w.enter(w.bid("a1", "ann", 1100))
	w.clock.pass(-10 * time.Second)
	second := w.enter(w.bid("a1", "bob", 1200))
	if first.Receipt.At != second.Receipt.At {
		w.Errorf("the second bid is at %s, want %s", second.Receipt.At, first.Receipt.At)
	}
	w.restarted().enter(w.bid("a1", "cem", 1300))
	w.close("a1")
	w.ended("a1", deal.Settled, 1)
}

// closingsGoAhead: a closing is decided before the entries that waited before it.
func closingsGoAhead(w *world) {
	var order []int
	w = w.restarted(func(c *engine.Config) {
		c.Batch = 1
		c.Observe = func(c engine.Commit) { order = append(order, len(c.Late)) }
	})
	w.auction("a1")
	d := w.auction("a2", func(t *english.Terms) { t.StartPrice = 100 * unit })
	w.enter(w.bid("a1", "ann", 1100))
	w.clock.set(d.ClosesAt.Add(7 * time.Millisecond))
	closing, entries := w.QueueExpiry("a1", w.bid("a1", "bob", 1200), w.bid("a1", "cem", 1300))
	if ok, err := closing(); !ok || err != nil {
		w.Errorf("the closing: %v, %v", ok, err)
	}
	for _, wait := range entries {
		if _, err := wait(); !fault.Is(err, fault.CodeClosed) {
			w.Errorf("an entry at the deadline: %v", err)
		}
	}
	w.Close()
	if len(order) < 2 || order[1] != 1 {
		w.Errorf("deals closed by each commit: %v, want one by the second", order)
	}
}

// listingWaits: a listing with unpaid purchases is decided when the last of them is paid or has lapsed.
func listingWaits(w *world) {
	w.fund(100*unit, "ann")
	d := w.listing("f1", 3)
	w.clock.set(d.ClosesAt.Add(-10 * time.Minute))
	got := w.enter(w.buy("f1", "ann", 1))
	w.clock.set(*d.ClosesAt)
	if closing, err := w.Expire(bg, "f1"); closing || err != nil {
		w.Errorf("decided over an unpaid purchase: %v, %v", closing, err)
	}
	if due := w.deal("f1").NextAt; !due.Equal(d.ClosesAt.Add(20 * time.Minute)) {
		w.Errorf("looked at again at %v, want when the payment is due", due)
	}
	w.unchanged("another look before that", func() {
		if closing, err := w.Expire(bg, "f1"); closing || err != nil {
			w.Errorf("decided: %v, %v", closing, err)
		}
	})
	w.refused(w.buy("f1", "bob", 1), fault.CodeClosed)
	if paid := w.enter(w.paid("f1", "ann", got.Receipt.Seq)); !paid.Closing {
		w.Error("the last payment after the deadline does not close the listing")
	}
	w.refused(w.bySite("f1", "ann", deal.Lapse, fixed.Lapse{Seq: got.Receipt.Seq}), fault.CodeClosed)
	w.must(w.Settle(bg, "f1"))
	w.ended("f1", deal.Settled, 1)
}

func dueFinds(w *world) {
	a1 := w.auction("a1")
	w.clock.pass(time.Minute)
	w.auction("a2")
	due := func() (ids []string) {
		deals, err := w.Due(bg, w.Now(), 10)
		w.must(err)
		for _, d := range deals {
			ids = append(ids, d.ID)
		}
		return ids
	}
	if got := due(); got != nil {
		w.Errorf("due before any deadline: %v", got)
	}
	w.clock.set(*a1.ClosesAt)
	if got := due(); len(got) != 1 || got[0] != "a1" {
		w.Errorf("due: %v, want a1", got)
	}
	w.expire("a1")
	if got := due(); len(got) != 1 || got[0] != "a1" {
		w.Errorf("due while it waits for its settlement: %v, want a1", got)
	}
	w.must(w.Settle(bg, "a1"))
	if got := due(); got != nil {
		w.Errorf("due after the settlement: %v", got)
	}
}

// dueAtFinds: deals of one deadline are found together, and no others.
func dueAtFinds(w *world) {
	d := w.auction("a1")
	w.auction("a2")
	w.auction("a3")
	w.clock.pass(time.Millisecond)
	w.auction("b1")
	at := func(t time.Time) (ids []string) {
		for after := ""; ; {
			some, next, err := w.DueAt(bg, t, 2, after)
			w.must(err)
			ids = append(ids, some...)
			if after = next; after == "" {
				return ids
			}
		}
	}
	for _, c := range []struct {
		then time.Duration
		want []string
	}{{-time.Millisecond, nil}, {0, []string{"a1", "a2", "a3"}}, {time.Millisecond, []string{"b1"}}, {2 * time.Millisecond, nil}} {
		if got := at(d.ClosesAt.Add(c.then)); !slices.Equal(got, c.want) {
			w.Errorf("due %v after the first: %v, want %v", c.then, got, c.want)
		}
	}
	w.close("a2")
	if got := at(*d.ClosesAt); !slices.Equal(got, []string{"a1", "a3"}) {
		w.Errorf("with one of them closed: %v", got)
	}
}
