package ledger

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/money"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// TestEveryMove says of each constructor its id, its reason, what it is about and its postings, to the unit.
func TestEveryMove(t *testing.T) {
	for _, c := range []struct {
		got  Transfer
		want Transfer
	}{
		{Deposit("i", "u", "g", 500, noon), Transfer{ID: "deposit:i", Reason: Deposited, Intent: "i",
			Postings: []Posting{{"gateway:g", -500}, {"user:u:available", 500}}}},
		{DepositReversal("i", "u", "g", 500, noon), Transfer{ID: "deposit_failed:i", Reason: DepositFailed, Intent: "i",
			Postings: []Posting{{"gateway:g", 500}, {"user:u:available", -500}}}},
		{Withdrawal("i", "u", "g", 500, noon), Transfer{ID: "withdrawal:i", Reason: Withdrawn, Intent: "i",
			Postings: []Posting{{"gateway:g", 500}, {"user:u:available", -500}}}},
		{WithdrawalReversal("i", "u", "g", 500, noon), Transfer{ID: "withdrawal_failed:i", Reason: WithdrawFailed, Intent: "i",
			Postings: []Posting{{"gateway:g", -500}, {"user:u:available", 500}}}},
		{CardPaymentReversal("i", "o", "u", "g", 500, noon), Transfer{ID: "card_payment_failed:i", Reason: CardPaymentBack, Intent: "i", Order: "o",
			Postings: []Posting{{"gateway:g", 500}, {"user:u:available", -500}}}},
		{HoldChange("d", "u", 7, 0, 500, noon), Transfer{ID: "hold:d:000000000007:u", Reason: HoldPlaced, Deal: "d",
			Postings: []Posting{{"user:u:available", -500}, {"user:u:held", 500}}}},
		{HoldChange("d", "u", 8, 500, 800, noon), Transfer{ID: "hold:d:000000000008:u", Reason: HoldRaised, Deal: "d",
			Postings: []Posting{{"user:u:available", -300}, {"user:u:held", 300}}}},
		{HoldChange("d", "u", 9, 800, 200, noon), Transfer{ID: "hold:d:000000000009:u", Reason: HoldLowered, Deal: "d",
			Postings: []Posting{{"user:u:available", 600}, {"user:u:held", -600}}}},
		{HoldChange("d", "u", 10, 200, 0, noon), Transfer{ID: "hold:d:000000000010:u", Reason: HoldReleased, Deal: "d",
			Postings: []Posting{{"user:u:available", 200}, {"user:u:held", -200}}}},
		{Release("d", "u", 500, noon), Transfer{ID: "release:d:u", Reason: HoldReleased, Deal: "d",
			Postings: []Posting{{"user:u:held", -500}, {"user:u:available", 500}}}},
		{Capture("d", "o", "u", 500, 300, noon), Transfer{ID: "capture:o", Reason: Captured, Deal: "d", Order: "o",
			Postings: []Posting{{"user:u:held", -500}, {"escrow:o", 300}, {"user:u:available", 200}}}},
		{Capture("d", "o", "u", 300, 300, noon), Transfer{ID: "capture:o", Reason: Captured, Deal: "d", Order: "o",
			Postings: []Posting{{"user:u:held", -300}, {"escrow:o", 300}}}},
		{Pay("o", "u", 300, noon), Transfer{ID: "pay:o", Reason: Paid, Order: "o", Postings: []Posting{{"user:u:available", -300}, {"escrow:o", 300}}}},
		{PayByCard("o", "g", 300, noon), Transfer{ID: "pay:o", Reason: PaidByCard, Order: "o", Postings: []Posting{{"gateway:g", -300}, {"escrow:o", 300}}}},
		{Payout("o", "s", 300, 15, noon), Transfer{ID: "payout:o", Reason: PaidOut, Order: "o",
			Postings: []Posting{{"escrow:o", -300}, {"user:s:available", 285}, {"fee", 15}}}},
		{Payout("o", "s", 300, 0, noon), Transfer{ID: "payout:o", Reason: PaidOut, Order: "o",
			Postings: []Posting{{"escrow:o", -300}, {"user:s:available", 300}}}},
		{Payout("o", "s", 300, 300, noon), Transfer{ID: "payout:o", Reason: PaidOut, Order: "o",
			Postings: []Posting{{"escrow:o", -300}, {"fee", 300}}}},
		{Refund("o", "b", 300, 2, noon), Transfer{ID: "refund:o:2", Reason: Refunded, Order: "o",
			Postings: []Posting{{"escrow:o", -300}, {"user:b:available", 300}}}},
		{ClawBack("o", "s", 300, 15, 1, noon), Transfer{ID: "claw_back:o:1", Reason: ClawedBack, Order: "o",
			Postings: []Posting{{"user:s:available", -285}, {"fee", -15}, {"escrow:o", 300}}}},
		{GiveBack("o", "s", 300, 15, 1, noon), Transfer{ID: "give_back:o:1", Reason: Refunded, Order: "o",
			Postings: []Posting{{"user:s:available", -285}, {"fee", -15}, {"escrow:o", 300}}}},
	} {
		c.want.At = noon
		if !sameTransfer(c.got, c.want) {
			t.Errorf("got  %+v\nwant %+v", c.got, c.want)
		}
		if err := c.got.Check(); err != nil {
			t.Error(err)
		}
	}
}

func sameTransfer(a, b Transfer) bool {
	return a.ID == b.ID && a.Reason == b.Reason && a.Deal == b.Deal && a.Order == b.Order && a.Intent == b.Intent && a.At.Equal(b.At) &&
		slices.Equal(a.Postings, b.Postings)
}

// drawMove draws what any constructor makes of sensible amounts.
func drawMove(t *rapid.T) Transfer {
	a := money.Amount(rapid.Int64Range(1, int64(money.Max)/4).Draw(t, "amount"))
	part := money.Amount(rapid.Int64Range(0, int64(a)).Draw(t, "part"))
	n := rapid.IntRange(1, 99).Draw(t, "n")
	moves := []Transfer{
		Deposit("i", "u", "g", a, noon), DepositReversal("i", "u", "g", a, noon), CardPaymentReversal("i", "o", "u", "g", a, noon),
		Withdrawal("i", "u", "g", a, noon), WithdrawalReversal("i", "u", "g", a, noon),
		HoldChange("d", "u", int64(n), a, a-part-1, noon), HoldChange("d", "u", int64(n), part, part+a, noon), Release("d", "u", a, noon),
		Capture("d", "o", "u", a+part, a, noon), Pay("o", "u", a, noon), PayByCard("o", "g", a, noon),
		Payout("o", "s", a, part, noon), Refund("o", "u", a, n, noon), ClawBack("o", "s", a, part, n, noon), GiveBack("o", "s", a, part, n, noon),
	}
	return rapid.SampledFrom(moves).Draw(t, "move")
}

func TestEveryMoveBalances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		if m := drawMove(t); m.Check() != nil {
			t.Fatalf("%+v: %v", m, m.Check())
		}
	})
}

func TestCheckRefuses(t *testing.T) {
	p := func(a Account, n money.Amount) Posting { return Posting{a, n} }
	for name, postings := range map[string][]Posting{
		"nothing":              nil,
		"one side":             {p("fee", 0)},
		"not zero":             {p("fee", 1), p("gateway:g", -2)},
		"a posting of nothing": {p("fee", 1), p("gateway:g", -1), p("escrow:o", 0)},
		"an account twice":     {p("fee", 1), p("gateway:g", -2), p("fee", 1)},
		"too much":             {p("fee", money.Max+1), p("gateway:g", -money.Max-1)},
		"zero only in 64 bits": {p("fee", 1<<62), p("gateway:g", 1<<62), p("escrow:o", 1<<62), p("escrow:p", 1<<62)},
	} {
		if err := (Transfer{ID: "t", Postings: postings}).Check(); err == nil {
			t.Errorf("%s is let through", name)
		}
	}
	if err := (Transfer{Postings: []Posting{{"fee", 1}, {"gateway:g", -1}}}).Check(); err == nil {
		t.Error("a transfer without an id is let through")
	}
}

func TestAccountNames(t *testing.T) {
	for _, c := range []struct {
		a        Account
		id       string
		held, ok bool
	}{
		{Available("u1"), "u1", false, true}, {Held("u1"), "u1", true, true}, {Available("a:b"), "a:b", false, true}, {Held("x:available"), "x:available", true, true},
		{Fee, "", false, false}, {Escrow("o"), "", false, false}, {Gateway("g"), "", false, false}, {"user:u1", "", true, false}, {"user::held", "", true, false},
	} {
		id, held, ok := c.a.User()
		if ok != c.ok || ok && (id != c.id || held != c.held) {
			t.Errorf("%s is of %q, held %v, %v", c.a, id, held, ok)
		}
	}
	if id, ok := Escrow("o-d-1").Order(); !ok || id != "o-d-1" {
		t.Error("an escrow account has lost its order")
	}
	for _, a := range []Account{Fee, "escrow:", Available("u")} {
		if id, ok := a.Order(); ok {
			t.Errorf("%s is of the order %q", a, id)
		}
	}
}
