package engine_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/store"
)

// unknownPromises: a commit that fails leaves nothing, and one whose result is not known is answered by what the store
// holds, or not at all.
var unknownPromises = []promise{
	{"AnswerLostOnTheWayBack", answerLost},
	{"AnswerAndStoreLost", answerAndStoreLost},
	{"CommitLost", commitLost},
	{"RefusedForWhatWasLost", refusedForWhatWasLost},
	{"CommitFailsOnce", commitFailsOnce},
	{"CommitFailsAlways", commitFailsAlways},
	{"RunAgainByTheStore", runAgain},
	{"RunAgainAfterTheDeadline", runAgainTooLate},
	{"OpeningUnknown", openingUnknown},
	{"ClosingUnknown", closingUnknown},
}

var errWire = errors.New("the wire is cut")

// answerLost: the commits happen, the answers do not come back. The store knows better.
func answerLost(w *world) {
	w.fund(1000*unit, "ann", "bob")
	w.group("g1")
	w.hooks.after.Store(times(1, errWire))
	all := []engine.Submission{under(w.pledge("g1", "ann", 2), "k", "h"), under(w.pledge("g1", "ann", 2), "k", "h"), w.pledge("g1", "bob", 3), w.pledge("g1", "cem", 1)}
	wait := w.Queue(all...)
	first, err := wait[0]()
	w.must(err)
	twin, err := wait[1]()
	w.must(err)
	other, err := wait[2]()
	w.must(err)
	if _, err := wait[3](); !fault.Is(err, fault.CodeInsufficientFunds) {
		w.Errorf("the refused one: %v", err)
	}
	again := w.enter(all[0])
	for _, a := range []engine.Accepted{twin, again} {
		if answer(a) != answer(first) || !a.Replayed {
			w.Errorf("replayed %v\n%s\nwant\n%s", a.Replayed, answer(a), answer(first))
		}
	}
	w.enter(w.pledge("g1", "ann", 1)) // decided on what is stored, not on what is remembered
	w.proves("g1", first.Receipt, other.Receipt)
	w.close("g1")
	w.ended("g1", deal.Settled, 2)
}

// flaky is a store that fails where it is told to.
type flaky struct {
	store.Engine
	lose  atomic.Int64 // so many transactions are undone, and reported as unknown
	blind atomic.Bool  // entries cannot be read
}

func (f *flaky) Tx(ctx context.Context, fn func(ctx context.Context) error) error {
	if f.lose.Load() <= 0 {
		return f.Engine.Tx(ctx, fn)
	}
	err := f.Engine.Tx(ctx, func(ctx context.Context) error {
		if err := fn(ctx); err != nil {
			return err
		}
		return errWire
	})
	if errors.Is(err, errWire) {
		f.lose.Add(-1)
		return fmt.Errorf("%w: %w", store.ErrUnknown, err)
	}
	return err
}

func (f *flaky) GetMany(ctx context.Context, coll string, ids []string) ([]bson.Raw, error) {
	if coll == engine.Entries && f.blind.Load() {
		return nil, store.ErrUnavailable
	}
	return f.Engine.GetMany(ctx, coll, ids)
}

// overFlaky is the world with an engine over a store that fails when told.
func (w *world) overFlaky() (*world, *flaky) {
	f := &flaky{Engine: w.store}
	return w.over(f, nil), f
}

// isUnknown says that an answer is neither yes nor no.
func isUnknown(err error) bool {
	return fault.Is(err, fault.CodeUnavailable) && fault.From(err).Params["unknown"] == true
}

// answerAndStoreLost: the commit happened, and nobody can look it up. The answer is neither yes nor no; the key finds it.
func answerAndStoreLost(w *world) {
	w, f := w.overFlaky()
	w.auction("a1")
	w.hooks.after.Store(times(1, errWire))
	f.blind.Store(true)
	s := under(w.bid("a1", "ann", 1100), "k", "h")
	if _, err := w.Submit(bg, s); !isUnknown(err) {
		w.Fatalf("the answer is %v, want unavailable, unknown", err)
	}
	f.blind.Store(false)
	got := w.enter(s)
	if !got.Replayed || w.deal("a1").Entered != 1 {
		w.Errorf("repeated: %+v, %d entries", got, w.deal("a1").Entered)
	}
	w.proves("a1", got.Receipt)
}

// commitLost: the commit did not happen, and nobody can say so. Repeating with the key makes it happen once.
func commitLost(w *world) {
	w, f := w.overFlaky()
	w.auction("a1")
	s := under(w.bid("a1", "ann", 1100), "k", "h")
	w.unchanged("a lost commit", func() {
		f.lose.Store(1)
		if _, err := w.Submit(bg, s); !isUnknown(err) {
			w.Fatalf("the answer is %v, want unavailable, unknown", err)
		}
	})
	got, again := w.enter(s), w.enter(s)
	if got.Replayed || !again.Replayed || got.Receipt.Seq != 1 || w.deal("a1").Entered != 1 {
		w.Errorf("repeated: %+v", got)
	}
	w.proves("a1", got.Receipt)
}

// refusedForWhatWasLost: nobody is refused because of an entry that never came to be.
func refusedForWhatWasLost(w *world) {
	w, f := w.overFlaky()
	w.auction("a1")
	w.enter(w.bid("a1", "ann", 1100))
	f.lose.Store(1)
	wait := w.Queue(w.bid("a1", "bob", 1200), w.bid("a1", "cem", 1050), w.bid("a1", "dan", 999))
	if _, err := wait[0](); !isUnknown(err) {
		w.Errorf("the lost bid: %v", err)
	}
	if got, err := wait[1](); err != nil || got.Receipt.Seq != 2 {
		w.Errorf("the bid that only the lost one outbids: %+v, %v", got, err)
	}
	if _, err := wait[2](); !fault.Is(err, fault.CodeBelowMinimum) {
		w.Errorf("the bid below every minimum: %v", err)
	}
}

// commitFailsOnce: an entry outlives a failure of the store, and is entered once.
func commitFailsOnce(w *world) {
	w.fund(1000*unit, "ann", "bob")
	w.group("g1")
	w.auction("a1")
	w.hooks.before.Store(times(2, errWire))
	for _, wait := range w.Queue(under(w.pledge("g1", "ann", 2), "k", "h"), w.bid("a1", "ann", 1100), w.pledge("g1", "bob", 2)) {
		_, err := wait()
		w.must(err)
	}
	if g, a := w.deal("g1"), w.deal("a1"); g.Entered != 2 || a.Entered != 1 {
		w.Errorf("%d pledges and %d bids, want 2 and 1", g.Entered, a.Entered)
	}
	w.close("g1")
	w.ended("g1", deal.Settled, 2)
}

// commitFailsAlways: what cannot be stored is not acknowledged, and leaves nothing.
func commitFailsAlways(w *world) {
	w.fund(1000*unit, "ann")
	w.group("g1")
	s := under(w.pledge("g1", "ann", 2), "k", "h")
	for _, c := range []struct {
		err  error
		code fault.Code
	}{{errWire, fault.CodeInternal}, {store.ErrUnavailable, fault.CodeUnavailable}} {
		w.hooks.before.Store(times(1<<40, c.err))
		w.unchanged("a commit that fails always", func() { w.refused(s, c.code) })
	}
	w.hooks.before.Store(nil)
	if got := w.enter(s); got.Replayed {
		w.Error("an entry that was never stored is replayed")
	}
}

// runAgain: the store runs a closure again after a conflict; the answer is that of the last run alone.
func runAgain(w *world) {
	w.fund(1000*unit, "ann", "bob")
	w.group("g1")
	var runs atomic.Int64
	w.hooks.before.Store(always(func() error {
		if runs.Add(1) > 3 {
			return nil
		}
		w.clock.pass(time.Second)
		return store.ErrUnavailable
	}))
	var receipts []deal.Receipt
	for _, wait := range w.Queue(under(w.pledge("g1", "ann", 2), "k", "h"), w.pledge("g1", "bob", 2)) {
		got, err := wait()
		w.must(err)
		receipts = append(receipts, got.Receipt)
	}
	if at := deal.FormatTime(w.clock.Now()); receipts[0].At != at || receipts[1].At != at || receipts[0].Seq != 1 || receipts[1].Seq != 2 {
		w.Errorf("the receipts are %+v, want lines 1 and 2 at %s", receipts, at)
	}
	w.proves("g1", receipts...)
	w.close("g1")
	w.ended("g1", deal.Settled, 2)
}

// runAgainTooLate: the time that counts is that of the run that is committed.
func runAgainTooLate(w *world) {
	d := w.auction("a1")
	var runs atomic.Int64
	w.hooks.before.Store(always(func() error {
		if runs.Add(1) > 1 {
			return nil
		}
		w.clock.set(*d.ClosesAt)
		return store.ErrUnavailable
	}))
	w.unchanged("an entry that comes too late at its second run", func() { w.refused(w.bid("a1", "ann", 1100), fault.CodeClosed) })
}

func openingUnknown(w *world) {
	w, f := w.overFlaky()
	w.hooks.after.Store(times(1, errWire))
	w.auction("a1") // happened: found by its id
	w.hooks.after.Store(nil)
	f.lose.Store(1)
	w.unchanged("a lost opening", func() {
		if _, err := w.Open(bg, w.opening("f1", deal.Fixed, fixedTerms(), day)); !isUnknown(err) {
			w.Errorf("the answer is %v, want unavailable, unknown", err)
		}
	})
	w.open(w.opening("f1", deal.Fixed, fixedTerms(), day))
}

// closingUnknown: a closing and its settlement go on, whatever answers are lost.
func closingUnknown(w *world) {
	w.fund(1000*unit, "ann", "bob")
	w.group("g1")
	w.enter(w.pledge("g1", "ann", 2))
	w.enter(w.pledge("g1", "bob", 2))
	w.clock.pass(day)
	w.hooks.after.Store(times(3, errWire))
	if closing, err := w.Expire(bg, "g1"); closing || !isUnknown(err) {
		w.Errorf("the closing: %v, %v, want unknown", closing, err)
	}
	w.expire("g1")
	w.must(w.Settle(bg, "g1"))
	w.ended("g1", deal.Settled, 2)
}
