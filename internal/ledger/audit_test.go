package ledger_test

import (
	"strings"
	"testing"
	"time"

	"haggle/internal/ledger"
	"haggle/internal/money"
)

// books are a small sound set of books: a deposit, a hold of 300 captured into an order of 250, and one of 200 that stands.
type books struct {
	transfers []ledger.Transfer
	balances  []ledger.Balance
	holds     []ledger.Hold
	escrow    map[string]money.Amount
}

func sound() *books {
	at := time.Unix(0, 0)
	return &books{
		transfers: []ledger.Transfer{
			ledger.Deposit("i", "a", "sandbox", 1000, at),
			ledger.HoldChange("d1", "a", 1, 0, 300, at),
			ledger.Capture("d1", "o1", "a", 300, 250, at),
			ledger.HoldChange("d2", "a", 1, 0, 200, at),
		},
		balances: []ledger.Balance{{User: "a", Available: 550, Held: 200}},
		holds: []ledger.Hold{
			{ID: "h1", User: "a", State: ledger.Posted},
			{ID: "h2", User: "a", Amount: 200, State: ledger.Open},
		},
		escrow: map[string]money.Amount{"o1": 250, "o2": 0},
	}
}

func (b *books) audit() []string {
	a := ledger.NewAudit()
	for _, t := range b.transfers {
		a.Transfer(t)
	}
	for _, x := range b.balances {
		a.Balance(x)
	}
	for _, h := range b.holds {
		a.Hold(h)
	}
	for o, waiting := range b.escrow {
		a.Escrow(o, waiting)
	}
	return a.Findings()
}

func TestSoundBooks(t *testing.T) {
	if f := sound().audit(); len(f) != 0 {
		t.Errorf("findings in sound books: %q", f)
	}
}

func TestEveryInvariantIsHeld(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*books)
		says  string
	}{
		{"a transfer that does not balance", func(b *books) { b.transfers[0].Postings[0].Amount++ }, "sum to 1"},
		{"a balance that is too high", func(b *books) { b.balances[0].Available++ }, "551 available"},
		{"held money that no posting explains", func(b *books) { b.balances[0].Held++ }, "201 held"},
		{"money moved between free and held", func(b *books) { b.balances[0].Held++; b.balances[0].Available-- }, "201 held"},
		{"a balance that is not there", func(b *books) { b.balances = nil }, "no balance"},
		{"all balances", func(b *books) { b.balances[0].Available -= 7 }, "sum to -7"},
		{"a hold that is not there", func(b *books) { b.holds = b.holds[:1] }, "open holds sum to 0"},
		{"an ended hold that holds", func(b *books) { b.holds[0].Amount = 5 }, "still holds 5"},
		{"escrow of an order that is done", func(b *books) { b.escrow["o1"] = 0 }, "0 should wait"},
		{"escrow of no order", func(b *books) { delete(b.escrow, "o1") }, "no such order"},
		{"a debt nobody may have", func(b *books) {
			b.transfers = append(b.transfers, ledger.DepositReversal("i", "a", "sandbox", 600, time.Unix(0, 0)))
			b.balances[0].Available = -50
		}, "below zero"},
	} {
		b := sound()
		c.spoil(b)
		if f := strings.Join(b.audit(), "\n"); !strings.Contains(f, c.says) {
			t.Errorf("%s: %q does not say %q", c.name, f, c.says)
		}
	}
}
