package engine_test

import (
	"bytes"
	"context"
	"errors"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/deal/group"
	"haggle/internal/deal/request"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/store"
)

// refusalPromises: what is refused leaves nothing behind, not a byte.
var refusalPromises = []promise{
	{"RefusalsChangeNothing", refusalsChangeNothing},
	{"RefusedAmongAccepted", refusedAmongAccepted},
	{"MoneyIsSpentOnce", moneyIsSpentOnce},
	{"RefusedByAJoinedWrite", refusedByJoinedWrite},
	{"RefusedOpeningsChangeNothing", refusedOpenings},
	{"OneBrokenEntryFailsAlone", brokenEntryFailsAlone},
}

// refusal is an entry that must be refused.
type refusal struct {
	code fault.Code
	s    engine.Submission
}

func refusalsChangeNothing(w *world) {
	w.fund(100*unit, "poor")
	w.fund(10_000*unit, "ann", owner)
	w.marketOfRefusals()
	for _, r := range w.refusals() {
		key := under(r.s, "k", "h")
		w.unchanged(string(r.code), func() {
			w.refused(r.s, r.code)
			w.refused(key, r.code)
		})
		if _, known, err := w.RecallEntry(bg, key.Key); known || err != nil {
			w.Errorf("%s keeps an answer: %v", r.code, err)
		}
	}
	w.booksAgree()
}

// marketOfRefusals opens one deal for each way to be refused.
func (w *world) marketOfRefusals() {
	w.auction("bids", withBuyNow)
	w.enter(w.bid("bids", "ann", 1100))
	w.auction("buys", withBuyNow)
	w.listing("stock", 2)
	w.enter(w.buy("stock", "ann", 1))
	w.group("pledges", func(t *group.Terms) { t.Cap, t.PerPerson, t.LastPhaseSeconds = 12, 9, deal.Ptr(int64(86400)) })
	w.enter(w.pledge("pledges", "ann", 8))
	w.request("quotes", request.RuleOpen, func(t *request.Terms) { t.MinimumStep = deal.Ptr(money.Amount(10 * unit)) })
	w.enter(w.quote("quotes", "ann", 400))
	w.request("hidden", request.RuleFirst, func(t *request.Terms) { t.PriceVisible = deal.Ptr(false) })
	w.enter(w.quote("hidden", "ann", 900))
	w.request("bound", request.RuleSealed, binding)
	w.enter(w.quote("bound", "ann", 400))
	w.group("off")
	w.enter(w.byOwner("off", deal.Cancel, nil))
	w.close("off")
	w.group("over")
	w.enter(w.byOwner("over", deal.Cancel, nil))
	w.open(w.opening("late", deal.Group, &group.Terms{Tiers: []group.Tier{{From: 1, UnitPrice: unit}}}, time.Minute))
	w.clock.pass(time.Minute)
}

func (w *world) refusals() []refusal {
	stranger := w.byOwner("bids", deal.Cancel, nil)
	stranger.Entry.Account = "ann"
	member := func(dealID string) engine.Submission { return w.pledge(dealID, "bob", 1) }
	return []refusal{
		{fault.CodeNotFound, member("nowhere")},
		{fault.CodeNotFound, w.withdraw("pledges", "bob")},
		{fault.CodeInvalid, w.bid("bids", "bob", 0)},
		{fault.CodeInvalid, w.pledge("pledges", "bob", 0)},
		{fault.CodeForbidden, stranger},
		{fault.CodeOwnDeal, w.bid("bids", owner, 2000)},
		{fault.CodeConflict, w.bySite("stock", "ann", deal.Paid, fixed.Paid{Seq: 99})},
		{fault.CodeNotOpen, member("off")},
		{fault.CodeClosed, member("over")},
		{fault.CodeClosed, member("late")},
		{fault.CodeNotCash, w.submission("bids", "bob", deal.Bid, english.Bid{Max: 2000*unit + 1})},
		{fault.CodeOverPersonLimit, w.pledge("pledges", "ann", 10)},
		{fault.CodeOutOfStock, w.buy("stock", "bob", 2)},
		{fault.CodeOverCap, w.pledge("pledges", "bob", 5)},
		{fault.CodeNotOffered, w.buyNow("bids", "bob")},
		{fault.CodePriceChanged, w.submission("stock", "bob", deal.Buy, fixed.Buy{UnitPrice: deal.Ptr(money.Amount(unit))})},
		{fault.CodeBelowMinimum, w.bid("bids", "bob", 1000)},
		{fault.CodeAboveNamedPrice, w.quote("quotes", "bob", 501)},
		{fault.CodeNotLowerThanOwn, w.quote("quotes", "ann", 391)},
		{fault.CodeCeilingBelowBestTier, w.pledgeUpTo("pledges", "bob", 1, 59)},
		{fault.CodeWithdrawalLocked, w.withdraw("pledges", "ann")},
		{fault.CodeWithdrawalLocked, w.byOwner("bound", deal.Cancel, nil)},
		{fault.CodeLimit, w.quote("hidden", "ann", 800)},
		{fault.CodeInsufficientFunds, w.pledge("pledges", "poor", 2)},
		{fault.CodeInsufficientFunds, w.buyNow("buys", "poor")},
	}
}

// refusedAmongAccepted: a refused entry between others of its commit leaves the same bytes as if it had not been there.
func refusedAmongAccepted(w *world) {
	build := func(withRefused bool) string {
		w.wipe()
		fresh := w.restarted()
		fresh.fund(500*unit, "ann", "bob")
		fresh.group("g1", func(t *group.Terms) { t.Cap = 8 })
		entries := []engine.Submission{fresh.pledge("g1", "ann", 2), fresh.pledge("g1", "bob", 2)}
		if withRefused {
			late := []engine.Submission{fresh.pledge("g1", "bob", 9), fresh.pledge("g1", "ann", 0), fresh.bid("g1", "ann", 7), fresh.pledge("g1", "cem", 1)}
			entries = []engine.Submission{late[0], entries[0], late[1], late[2], entries[1], late[3]}
		}
		accepted := 0
		for _, wait := range fresh.Queue(entries...) {
			if _, err := wait(); err == nil {
				accepted++
			}
		}
		if accepted != 2 {
			w.Fatalf("%d were accepted, want 2", accepted)
		}
		return fresh.dump()
	}
	w.drawn.Store(100)
	want := build(false)
	w.drawn.Store(100)
	w.same("an entry refused among accepted ones", build(true), want)
}

// moneyIsSpentOnce: entries of one commit see the money that those before them took, in other deals too.
func moneyIsSpentOnce(w *world) {
	w.fund(400*unit, "ann")
	w.group("g1")
	w.group("g2")
	wait := w.Queue(w.pledge("g1", "ann", 3), w.pledge("g2", "ann", 3), w.pledge("g2", "ann", 2))
	if _, err := wait[0](); err != nil {
		w.Fatal(err)
	}
	_, err := wait[1]()
	if !fault.Is(err, fault.CodeInsufficientFunds) || fault.From(err).Params["missing"] != int64(80*unit) {
		w.Errorf("the second pledge: %v, want 80 units missing", err)
	}
	if _, err := wait[2](); err != nil {
		w.Errorf("the third pledge is within what is left: %v", err)
	}
	w.money("ann", 0, 400)
	w.booksAgree()
}

// refusedByJoinedWrite: an entry whose joined write refuses is refused, and neither leaves anything.
func refusedByJoinedWrite(w *world) {
	w.listing("f1", 2)
	s := w.buy("f1", "ann", 1)
	s.Within = func(ctx context.Context, _ *engine.Books, now time.Time) error {
		if err := w.store.Put(ctx, engine.Outbox, w.encoded(engine.NewOutboxRow("other", "x", 1, now))); err != nil {
			return err
		}
		return fault.New(fault.CodeCardDeclined, nil)
	}
	w.unchanged("a refused joined write", func() { w.refused(s, fault.CodeCardDeclined) })
	s.Within = nil
	w.enter(s)
}

func (w *world) encoded(v any) []byte {
	w.Helper()
	raw, err := store.Encode(v)
	w.must(err)
	return raw
}

func refusedOpenings(w *world) {
	w.fund(999*unit, owner)
	broke := errors.New("no")
	joined := w.opening("r3", deal.Request, &request.Terms{NamedPrice: unit, Rule: request.RuleFirst}, day)
	joined.Within = func(context.Context, engine.Deal, []deal.Secret) error { return broke }
	cases := []struct {
		o    engine.Opening
		want func(error) bool
	}{
		{w.opening("r1", deal.Request, &request.Terms{NamedPrice: 500 * unit, Quantity: deal.Ptr(int64(2)), Rule: request.RuleOpen, Binding: true}, day), refusedAs(fault.CodeInsufficientFunds)},
		{w.opening("r2", deal.Request, &request.Terms{NamedPrice: 0, Rule: "never"}, day), refusedAs(fault.CodeInvalid)},
		{w.opening("a1", deal.English, &english.Terms{StartPrice: 1}, day), refusedAs(fault.CodeNotCash)},
		{w.opening("f1", deal.Fixed, &fixed.Terms{Price: unit, Quantity: deal.Ptr(int64(0))}, day), refusedAs(fault.CodeInvalid)},
		{joined, func(err error) bool { return errors.Is(err, broke) }},
	}
	for _, c := range cases {
		w.unchanged("the opening of "+c.o.Deal.ID, func() {
			if _, err := w.Open(bg, c.o); !c.want(err) {
				w.Errorf("%s: %v", c.o.Deal.ID, err)
			}
		})
	}
}

func refusedAs(code fault.Code) func(error) bool {
	return func(err error) bool { return fault.Is(err, code) }
}

// brokenEntryFailsAlone: an entry that its mechanism cannot read is our own mistake; it costs nobody else anything.
func brokenEntryFailsAlone(w *world) {
	w.auction("a1")
	w.listing("f1", 5)
	broken := w.submission("a1", "eve", deal.Bid, "a word")
	wait := w.Queue(w.bid("a1", "ann", 1100), w.buy("f1", "bob", 1), broken, w.bid("a1", "cem", 1200), w.buy("f1", "dan", 1))
	for i, f := range wait {
		_, err := f()
		switch {
		case i == 2 && fault.From(err).Code != fault.CodeInternal:
			w.Errorf("the broken entry: %v", err)
		case i != 2 && err != nil:
			w.Errorf("entry %d: %v", i, err)
		}
	}
	if n := bytes.Count(w.log("a1"), []byte("\n")); n != 3 {
		w.Errorf("the auction's log has %d lines, want 3", n)
	}
	w.close("a1")
	w.ended("a1", deal.Settled, 1)
}
