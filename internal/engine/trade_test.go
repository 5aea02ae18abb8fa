package engine_test

import (
	"context"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/fixed"
	"haggle/internal/deal/group"
	"haggle/internal/deal/request"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/order"
)

// tradePromises follow one trade of each kind from its opening to its end, and the ways in which one fails.
var tradePromises = []promise{
	{"EnglishSold", englishSold},
	{"EnglishReserveNotMet", englishReserveNotMet},
	{"EnglishBuyNowEndsIt", englishBuyNow},
	{"EnglishBuyNowByCard", englishBuyNowByCard},
	{"FixedPaidAndLapsed", fixedPaidAndLapsed},
	{"FixedSoldOut", fixedSoldOut},
	{"GroupSold", groupSold},
	{"GroupInCases", groupInCases},
	{"GroupFullCapClosesAtOnce", groupFullCap},
	{"GroupBelowMinimumReleases", groupBelowMinimum},
	{"GroupCancelledReleases", groupCancelled},
	{"RequestOpenPaidFromTheHold", requestOpen},
	{"RequestSealedSplit", requestSealedSplit},
	{"RequestFirstAwardsAtOnce", requestFirst},
	{"RequestTooFewQuotesReleases", requestTooFewQuotes},
	{"RequestCancelledReleases", requestCancelled},
}

func englishSold(w *world) {
	w.auction("a1", func(t *english.Terms) { t.ReservePrice = deal.Ptr(money.Amount(1200 * unit)) })
	var receipts []deal.Receipt
	for _, s := range []engine.Submission{w.bid("a1", "ann", 1100), w.bid("a1", "bob", 1500), w.bid("a1", "ann", 1300), w.bid("a1", "cem", 1400)} {
		receipts = append(receipts, w.enter(s).Receipt)
	}
	d := w.close("a1")
	w.ended("a1", deal.Settled, 1)
	w.proves("a1", receipts...)
	w.replayed("a1")
	o := w.order("a1")
	if o.Buyer != "bob" || o.Seller != owner || o.Total != 1401*unit || o.Status != order.AwaitingPayment || !o.DueAt.Equal(d.DecidedAt.Add(4*day)) {
		w.Errorf("the order is %+v", o)
	}
	w.refused(w.bid("a1", "ann", 9000), fault.CodeClosed)
}

func englishReserveNotMet(w *world) {
	w.auction("a1", func(t *english.Terms) { t.ReservePrice = deal.Ptr(money.Amount(5000 * unit)) })
	r := w.enter(w.bid("a1", "ann", 1100)).Receipt
	w.close("a1")
	w.ended("a1", deal.Failed, 0)
	w.proves("a1", r)
	if n := len(w.orders("a1")); n != 0 {
		w.Errorf("%d orders came of a failed auction", n)
	}
}

func withBuyNow(t *english.Terms) { t.BuyNowPrice = deal.Ptr(money.Amount(2000 * unit)) }

func englishBuyNow(w *world) {
	w.fund(2500*unit, "ann")
	w.auction("a1", withBuyNow)
	got := w.enter(w.buyNow("a1", "ann"))
	if !got.Closing || len(got.Orders) != 1 || got.Orders[0].Status != order.Paid {
		w.Fatalf("the answer is %+v", got)
	}
	if s := w.deal("a1").Status; s != deal.Clearing {
		w.Errorf("the auction is %s in the commit of its purchase", s)
	}
	w.money("ann", 500, 0)
	w.refused(w.bid("a1", "bob", 3000), fault.CodeClosed)
	w.close("a1")
	w.ended("a1", deal.Settled, 1)
	w.proves("a1", got.Receipt)
	w.money("ann", 500, 0)
	if orders := w.orders("a1"); len(orders) != 1 || orders[0].Version != 1 || !orders[0].Escrow {
		w.Errorf("orders: %+v", orders)
	}
}

func englishBuyNowByCard(w *world) {
	w.auction("a1", withBuyNow)
	w.enter(w.submission("a1", "ann", deal.Buy, english.Buy{Quantity: 1, ByCard: true}))
	w.close("a1")
	w.ended("a1", deal.Settled, 1)
	w.money("ann", 0, 0)
}

// paid is the site's word that a purchase was paid from its buyer's wallet, with the money in the same commit.
func (w *world) paid(dealID, buyer string, seq int64) engine.Submission {
	s := w.bySite(dealID, buyer, deal.Paid, fixed.Paid{Seq: seq})
	s.Within = func(ctx context.Context, b *engine.Books, now time.Time) error {
		o, err := w.Order(ctx, order.ID(dealID, seq))
		if err != nil {
			return err
		}
		next, _, err := order.Step(o, order.Pay, order.Buyer, now, order.Args{})
		if err != nil {
			return err
		}
		if err := b.Post(ledger.Pay(o.ID, buyer, o.Total, now)); err != nil {
			return err
		}
		return w.StoreOrder(ctx, next, now)
	}
	return s
}

// lapsed is the site's word that a purchase was not paid in time.
func (w *world) lapsed(dealID, buyer string, seq int64) engine.Submission {
	s := w.bySite(dealID, buyer, deal.Lapse, fixed.Lapse{Seq: seq})
	s.Within = func(ctx context.Context, _ *engine.Books, now time.Time) error {
		o, err := w.Order(ctx, order.ID(dealID, seq))
		if err != nil {
			return err
		}
		next, _, err := order.Step(o, order.Lapse, order.Site, now, order.Args{})
		if err != nil {
			return err
		}
		return w.StoreOrder(ctx, next, now)
	}
	return s
}

func fixedPaidAndLapsed(w *world) {
	w.fund(300*unit, "ann", "bob")
	w.listing("f1", 3)
	ann, bob := w.enter(w.buy("f1", "ann", 1)), w.enter(w.buy("f1", "bob", 2))
	if *bob.Answer.Left != 0 || bob.Orders[0].Total != 200*unit {
		w.Errorf("the answer is %+v", bob)
	}
	w.money("bob", 300, 0)
	w.clock.pass(10 * time.Minute)
	w.enter(w.paid("f1", "ann", ann.Receipt.Seq))
	w.money("ann", 200, 0)
	w.clock.pass(20 * time.Minute)
	if left := w.enter(w.lapsed("f1", "bob", bob.Receipt.Seq)).Answer.Left; *left != 2 {
		w.Errorf("%d are left after the lapse, want 2", *left)
	}
	w.close("f1")
	w.ended("f1", deal.Settled, 1)
	w.proves("f1", ann.Receipt, bob.Receipt)
	if a := w.award("f1"); a.Account != "ann" || a.Order != order.ID("f1", ann.Receipt.Seq) {
		w.Errorf("the award is %+v", a)
	}
}

func fixedSoldOut(w *world) {
	w.fund(200*unit, "ann")
	w.listing("f1", 2)
	got := w.enter(w.buy("f1", "ann", 2))
	if paid := w.enter(w.paid("f1", "ann", got.Receipt.Seq)); !paid.Closing {
		w.Error("the payment of the last piece does not close the listing")
	}
	w.close("f1")
	w.ended("f1", deal.Settled, 1)
	w.money("ann", 0, 0)
}

func groupSold(w *world) {
	w.fund(1000*unit, "ann", "bob", "cem", "dan")
	w.group("g1")
	var receipts []deal.Receipt
	for _, s := range []engine.Submission{w.pledge("g1", "ann", 2), w.pledgeUpTo("g1", "bob", 2, 70), w.pledgeUpTo("g1", "cem", 3, 60), w.pledge("g1", "dan", 5)} {
		receipts = append(receipts, w.enter(s).Receipt)
	}
	w.money("ann", 1000-2*80, 2*80)
	w.money("bob", 1000-2*70, 2*70)
	receipts = append(receipts, w.enter(w.withdraw("g1", "dan")).Receipt)
	w.money("dan", 1000, 0)
	d := w.close("g1") // 7 pieces: the second tier, of ann and bob
	if d.Decision.Tier != 2 || d.Decision.Pieces != 4 {
		w.Errorf("decided: %+v", d.Decision)
	}
	w.ended("g1", deal.Settled, 2)
	w.proves("g1", receipts...)
	w.replayed("g1")
	w.money("ann", 1000-2*70, 0)
	w.money("bob", 1000-2*70, 0)
	w.money("cem", 1000, 0)
	w.money("dan", 1000, 0)
	for _, o := range w.orders("g1") {
		if o.Status != order.Paid || o.Total != 140*unit || !o.Escrow {
			w.Errorf("order %+v", o)
		}
	}
}

// groupInCases is decided with the whole crowd: 7 pieces in cases of 3 leave one of them out.
func groupInCases(w *world) {
	w.fund(1000*unit, "ann", "bob")
	w.group("g1", func(t *group.Terms) { t.CaseSize = 3 })
	w.enter(w.pledge("g1", "ann", 4))
	w.enter(w.pledge("g1", "bob", 3))
	w.close("g1")
	w.ended("g1", deal.Settled, 2)
	w.money("ann", 1000-4*70, 0)
	w.money("bob", 1000-2*70, 0)
}

func groupFullCap(w *world) {
	w.fund(1000*unit, "ann", "bob", "cem")
	w.group("g1", func(t *group.Terms) { t.Cap = 8 })
	w.enter(w.pledge("g1", "ann", 5))
	got := w.enter(w.pledge("g1", "bob", 3))
	if !got.Closing {
		w.Error("the pledge that fills the cap does not say that it closes the group")
	}
	if d := w.deal("g1"); d.Status != deal.Clearing || d.DecidedSeq != got.Receipt.Seq {
		w.Errorf("the group is %s, decided after line %d, in the commit that filled its cap", d.Status, d.DecidedSeq)
	}
	w.refused(w.pledge("g1", "cem", 1), fault.CodeClosed)
	w.close("g1")
	w.ended("g1", deal.Settled, 2)
	w.proves("g1", got.Receipt)
	w.money("ann", 1000-5*60, 0)
}

func groupBelowMinimum(w *world) {
	w.fund(100*unit, "ann")
	w.group("g1")
	w.enter(w.pledge("g1", "ann", 1))
	w.money("ann", 20, 80)
	w.close("g1")
	w.ended("g1", deal.Failed, 0)
	w.money("ann", 100, 0)
}

func groupCancelled(w *world) {
	w.fund(1000*unit, "ann", "bob")
	w.group("g1")
	w.enter(w.pledge("g1", "ann", 4))
	w.enter(w.pledge("g1", "bob", 4))
	if got := w.enter(w.byOwner("g1", deal.Cancel, nil)); !got.Closing {
		w.Error("a cancellation does not close")
	}
	w.close("g1")
	t := w.ended("g1", deal.Cancelled, 0)
	if len(t.Opened) != 0 {
		w.Errorf("a cancelled group opened %v", t.Opened)
	}
	w.money("ann", 1000, 0)
	w.money("bob", 1000, 0)
	w.refused(w.pledge("g1", "ann", 1), fault.CodeNotOpen)
}

func binding(t *request.Terms) { t.Binding = true }

func requestOpen(w *world) {
	w.fund(1500*unit, owner)
	w.request("r1", request.RuleOpen, binding, func(t *request.Terms) { t.MinimumStep = deal.Ptr(money.Amount(10 * unit)) })
	w.money(owner, 500, 1000)
	var receipts []deal.Receipt
	for _, s := range []engine.Submission{w.quote("r1", "ann", 480), w.quote("r1", "bob", 450), w.quote("r1", "ann", 440)} {
		receipts = append(receipts, w.enter(s).Receipt)
	}
	w.close("r1")
	w.ended("r1", deal.Settled, 1)
	w.proves("r1", receipts...)
	w.money(owner, 1500-880, 0)
	if o := w.order("r1"); o.Seller != "ann" || o.Buyer != owner || o.Status != order.Paid {
		w.Errorf("the order is %+v", o)
	}
}

// requestSealedSplit has two awards paid from one hold, whose rest goes back with the last of them.
func requestSealedSplit(w *world) {
	w.fund(1000*unit, owner)
	w.request("r1", request.RuleSealed, binding, func(t *request.Terms) { t.Split, t.PriceVisible = true, deal.Ptr(false) })
	one := func(who string, units money.Amount) engine.Submission {
		return w.submission("r1", who, deal.Quote, request.Quote{UnitPrice: units * unit, Quantity: deal.Ptr(int64(1))})
	}
	for _, s := range []engine.Submission{one("ann", 490), one("bob", 450), one("cem", 470)} {
		w.enter(s)
	}
	w.close("r1")
	w.ended("r1", deal.Settled, 2)
	w.money(owner, 1000-450-470, 0)
}

func requestFirst(w *world) {
	w.fund(1000*unit, owner)
	w.request("r1", request.RuleFirst, binding, func(t *request.Terms) { t.PriceVisible = deal.Ptr(false) })
	if got := w.enter(w.quote("r1", "ann", 501)); *got.Answer.Awarded || got.Closing {
		w.Errorf("a quote above the named price is answered %+v", got)
	}
	got := w.enter(w.quote("r1", "bob", 500))
	if !*got.Answer.Awarded || !got.Closing || w.deal("r1").Status != deal.Clearing {
		w.Errorf("a quote at the named price is answered %+v", got)
	}
	w.close("r1")
	w.ended("r1", deal.Settled, 1)
	w.proves("r1", got.Receipt)
	w.money(owner, 0, 0)
}

func requestTooFewQuotes(w *world) {
	w.fund(1000*unit, owner)
	w.request("r1", request.RuleSealed, binding, func(t *request.Terms) { t.MinimumQuotes = deal.Ptr(int64(2)) })
	w.enter(w.quote("r1", "ann", 400))
	w.close("r1")
	w.ended("r1", deal.Failed, 0)
	w.money(owner, 1000, 0)
}

func requestCancelled(w *world) {
	w.fund(1000*unit, owner)
	w.request("r1", request.RuleChoice, binding)
	w.enter(w.byOwner("r1", deal.Cancel, nil))
	w.close("r1")
	w.ended("r1", deal.Cancelled, 0)
	w.money(owner, 1000, 0)
}
