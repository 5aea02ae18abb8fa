package engine_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/english"
	"haggle/internal/deal/request"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// keyPromises: a request repeated under its idempotency key is answered as the first time, and does nothing.
var keyPromises = []promise{
	{"SameKeySameAnswer", sameKeySameAnswer},
	{"KeyOfAnotherRequest", keyOfAnotherRequest},
	{"RefusedThenAcceptedUnderOneKey", refusedThenAccepted},
	{"ThirtyTimesOneKeyInOneCommit", thirtyTimesOneKey},
	{"ThirtyCallersOfOneKey", thirtyCallers},
	{"TwoHashesOfOneKeyInOneCommit", twoHashes},
	{"KeysBelongToAccounts", keysBelongToAccounts},
	{"ExpiredKeyIsReplaced", expiredKey},
	{"KeyRaceOfTwoProcesses", keyRace},
	{"KeyRaceOverTwoDeals", keyRaceOverDeals},
}

// answer is what a caller gets, as bytes; whether it is a replay stands beside it.
func answer(a engine.Accepted) string {
	a.Replayed = false
	b, err := json.Marshal(a)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// keyed is one entry of each kind whose answer looks different, each under a key.
func (w *world) keyed() []engine.Submission {
	w.fund(10_000*unit, "ann", "bob", owner)
	w.auction("bids")
	w.auction("buys", withBuyNow)
	w.listing("stock", 9)
	w.group("pledges")
	w.request("quotes", request.RuleFirst, binding)
	w.auction("off")
	w.clock.pass(time.Hour) // so that the keys outlive the deals
	all := []engine.Submission{w.bid("bids", "ann", 1100), w.bid("bids", "bob", 1050), w.buyNow("buys", "ann"), w.buy("stock", "bob", 2),
		w.pledge("pledges", "ann", 3), w.withdraw("pledges", "ann"), w.quote("quotes", "bob", 400), w.byOwner("off", deal.Cancel, nil)}
	for i := range all {
		all[i] = under(all[i], fmt.Sprint("key ", i), fmt.Sprint("hash ", i))
	}
	return all
}

func sameKeySameAnswer(w *world) {
	all := w.keyed()
	first := make([]string, len(all))
	for i, s := range all {
		got := w.enter(s)
		if got.Replayed {
			w.Errorf("%s %s: the first answer says that it is a replay", s.Deal, s.Entry.Act)
		}
		first[i] = answer(got)
	}
	repeat := func(when string, as *world) {
		w.unchanged("repeating everything "+when, func() {
			for i, s := range all {
				s.ID = fmt.Sprintf("%s again %d", when, i) // as a new request would draw it
				s.Entry.Salts = salts(s.ID)
				got := as.enter(s)
				if answer(got) != first[i] || !got.Replayed {
					w.Errorf("%s, %s %s: replayed %v\n%s\nwant\n%s", when, s.Deal, s.Entry.Act, got.Replayed, answer(got), first[i])
				}
				recalled, known, err := as.RecallEntry(bg, s.Key)
				if !known || err != nil || answer(recalled) != first[i] {
					w.Errorf("%s, %s %s: recalled %v %v", when, s.Deal, s.Entry.Act, known, err)
				}
			}
		})
	}
	repeat("at once", w)
	for _, id := range []string{"bids", "buys", "pledges", "quotes", "off"} {
		w.close(id)
	}
	repeat("after the close", w)
	repeat("after a restart", w.restarted())
	repeat("in another process", w.another())
}

func keyOfAnotherRequest(w *world) {
	for i, s := range w.keyed() {
		w.enter(s)
		s.Key = &engine.Key{Account: s.Key.Account, Value: s.Key.Value, Hash: "of another request"}
		w.unchanged(fmt.Sprint("a key used for another request ", i), func() { w.refused(s, fault.CodeKeyReused) })
		if _, known, err := w.RecallEntry(bg, s.Key); known || !fault.Is(err, fault.CodeKeyReused) {
			w.Errorf("recalled %v %v", known, err)
		}
	}
}

// refusedThenAccepted: a refusal keeps nothing, so the same request may succeed later under its key.
func refusedThenAccepted(w *world) {
	w.group("g1")
	s := under(w.pledge("g1", "ann", 1), "k", "h")
	w.refused(s, fault.CodeInsufficientFunds)
	w.fund(80*unit, "ann")
	first := w.enter(s)
	again := w.enter(s)
	if first.Replayed || !again.Replayed || answer(first) != answer(again) {
		w.Errorf("answers: %+v, then %+v", first, again)
	}
	w.auction("a1")
	wait := w.Queue(under(w.bid("a1", "ann", 900), "k2", "h"), under(w.bid("a1", "ann", 1000), "k2", "h"))
	if _, err := wait[0](); !fault.Is(err, fault.CodeBelowMinimum) {
		w.Errorf("the refused twin: %v", err)
	}
	if got, err := wait[1](); err != nil || got.Replayed {
		w.Errorf("the accepted twin of a refused one: %+v, %v", got, err)
	}
}

// equalAnswers wants one effect and as many equal answers as there are.
func (w *world) equalAnswers(dealID string, answers []engine.Accepted) {
	w.Helper()
	fresh := 0
	for _, a := range answers {
		if answer(a) != answer(answers[0]) {
			w.Errorf("answers differ:\n%s\n%s", answer(a), answer(answers[0]))
		}
		if !a.Replayed {
			fresh++
		}
	}
	d := w.deal(dealID)
	if fresh != 1 || d.Seq != 1 || d.Entered != 1 {
		w.Errorf("%s: %d answers of %d are first ones, %d lines, %d entries; want one of each", dealID, fresh, len(answers), d.Seq, d.Entered)
	}
}

func thirtyTimesOneKey(w *world) {
	w.fund(1000*unit, "ann")
	w.group("g1")
	var all []engine.Submission
	for range 30 {
		all = append(all, under(w.pledge("g1", "ann", 2), "k", "h"))
	}
	var answers []engine.Accepted
	for _, wait := range w.Queue(all...) {
		got, err := wait()
		w.must(err)
		answers = append(answers, got)
	}
	w.equalAnswers("g1", answers)
	w.proves("g1", answers[17].Receipt)
	w.money("ann", 840, 160)
}

func thirtyCallers(w *world) {
	w.fund(1000*unit, "ann")
	w.group("g1")
	answers := make([]engine.Accepted, 30)
	var all sync.WaitGroup
	for i := range answers {
		s := under(w.pledge("g1", "ann", 2), "k", "h")
		all.Go(func() {
			var err error
			if answers[i], err = w.Submit(bg, s); err != nil {
				w.Error(err)
			}
		})
	}
	all.Wait()
	w.equalAnswers("g1", answers)
	w.money("ann", 840, 160)
}

func twoHashes(w *world) {
	w.auction("a1")
	wait := w.Queue(under(w.bid("a1", "ann", 1100), "k", "h1"), under(w.bid("a1", "ann", 1200), "k", "h2"), under(w.bid("a1", "ann", 1100), "k", "h1"))
	first, err := wait[0]()
	w.must(err)
	if _, err := wait[1](); !fault.Is(err, fault.CodeKeyReused) {
		w.Errorf("the other request: %v", err)
	}
	if twin, err := wait[2](); err != nil || answer(twin) != answer(first) || !twin.Replayed {
		w.Errorf("the same request: %+v, %v", twin, err)
	}
	if d := w.deal("a1"); d.Entered != 1 {
		w.Errorf("%d bids were entered, want 1", d.Entered)
	}
}

func keysBelongToAccounts(w *world) {
	w.auction("a1")
	ann, bob := w.enter(under(w.bid("a1", "ann", 1100), "k", "h")), w.enter(under(w.bid("a1", "bob", 1200), "k", "h"))
	if ann.Replayed || bob.Replayed || ann.Receipt.Seq == bob.Receipt.Seq {
		w.Errorf("one key of two accounts: lines %d and %d", ann.Receipt.Seq, bob.Receipt.Seq)
	}
}

func expiredKey(w *world) {
	w.open(w.opening("a1", deal.English, &english.Terms{StartPrice: 1000 * unit}, 4*day))
	key := under(w.bid("a1", "ann", 1100), "k", "h")
	first := w.enter(key)
	w.clock.pass(day - time.Millisecond)
	key.Entry.Values = english.Bid{Max: 2000 * unit}
	if got := w.enter(key); !got.Replayed {
		w.Error("the key is forgotten before its 24 h")
	}
	if n, err := w.SweepKeys(bg, 10); n != 0 || err != nil {
		w.Errorf("the sweep removed %d keys before their time, %v", n, err)
	}
	w.clock.pass(time.Millisecond)
	key.ID, key.Entry.Salts, key.Key = "second", salts("second"), &engine.Key{Account: "ann", Value: "k", Hash: "h2"}
	second := w.enter(key)
	if second.Replayed || second.Receipt.Seq == first.Receipt.Seq {
		w.Errorf("the key is kept beyond its 24 h: %+v", second)
	}
	if again := w.enter(key); !again.Replayed || answer(again) != answer(second) {
		w.Errorf("the replaced key answers %s, want %s", answer(again), answer(second))
	}
	w.clock.pass(day)
	if n, err := w.SweepKeys(bg, 10); n != 1 || err != nil {
		w.Errorf("the sweep removed %d keys, %v, want 1", n, err)
	}
}

// keyRace: two processes get the same requests at the same time.
func keyRace(w *world) {
	const keys = 20
	both := [2]*world{w, w.another()}
	w.group("g1")
	var answers [keys][2]engine.Accepted
	var all sync.WaitGroup
	for i := range keys {
		who := fmt.Sprint("m", i)
		w.fund(100*unit, who)
		for side, as := range both {
			s := under(as.pledge("g1", who, 1), "k", "h")
			all.Go(func() {
				var err error
				if answers[i][side], err = as.Submit(bg, s); err != nil {
					w.Errorf("%s: %v", who, err)
				}
			})
		}
	}
	all.Wait()
	for i, a := range answers {
		if answer(a[0]) != answer(a[1]) || a[0].Replayed == a[1].Replayed {
			w.Errorf("key %d: one process answers (replayed %v)\n%s\nthe other (replayed %v)\n%s", i, a[0].Replayed, answer(a[0]), a[1].Replayed, answer(a[1]))
		}
		w.money(fmt.Sprint("m", i), 20, 80)
	}
	if d := w.deal("g1"); d.Entered != keys || d.Seq != keys {
		w.Errorf("%d entries and %d lines came of %d keys", d.Entered, d.Seq, keys)
	}
	w.close("g1")
	w.ended("g1", deal.Settled, keys)
}

// keyRaceOverDeals: one key comes to two processes for two deals; only the unique key can tell them.
func keyRaceOverDeals(w *world) {
	const keys = 10
	both := [2]*world{w, w.another()}
	deals := [2]string{"a1", "a2"}
	for _, id := range deals {
		w.auction(id)
	}
	var errs [keys][2]error
	var all sync.WaitGroup
	for i := range keys {
		for side, as := range both {
			s := under(as.bid(deals[side], fmt.Sprint("m", i), 1000), fmt.Sprint("k", i), deals[side])
			s.Entry.Values = english.Bid{Max: money.Amount(1000+100*i) * unit}
			all.Go(func() { _, errs[i][side] = as.Submit(bg, s) })
		}
		all.Wait()
	}
	for i, e := range errs {
		if (e[0] == nil) == (e[1] == nil) || !fault.Is(cmp.Or(e[0], e[1]), fault.CodeKeyReused) {
			w.Errorf("key %d: %v and %v, want one acceptance and one idempotency_key_reused", i, e[0], e[1])
		}
	}
	if n := w.deal("a1").Entered + w.deal("a2").Entered; n != keys {
		w.Errorf("%d bids came of %d keys", n, keys)
	}
}
