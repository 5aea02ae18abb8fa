package view

import (
	"testing"
	"time"

	"haggle/internal/market"
)

// TestWhatAnOrderSays is for words that depend on how far an order is and who reads it.
func TestWhatAnOrderSays(t *testing.T) {
	p := page(t)
	at := market.At(time.Date(2026, 12, 3, 12, 5, 0, 0, time.UTC))
	paid := []market.StepView{{Act: "begin", At: at}, {Act: "pay", At: at}}
	for name, c := range map[string]struct {
		o                          market.OrderView
		total, title, status, gets string
	}{
		"bought, not paid":  {market.OrderView{Side: "buyer", Status: "awaiting_payment", Total: 100}, "You pay", "Next", "Waiting for payment", ""},
		"sold, not paid":    {market.OrderView{Side: "seller", Status: "awaiting_payment", Total: 100}, "The buyer pays", "Next", "Waiting for payment", "You will get"},
		"bought, shipped":   {market.OrderView{Side: "buyer", Status: "shipped", Total: 100, Timeline: paid}, "You paid", "Next", "Shipped", ""},
		"sold, completed":   {market.OrderView{Side: "seller", Status: "completed", Total: 100, Timeline: paid}, "The buyer paid", "Where it stands", "Completed on Dec 3", "You got"},
		"sold, cancelled":   {market.OrderView{Side: "seller", Status: "cancelled", Total: 100, Timeline: paid[:1]}, "The buyer pays", "Where it stands", "Cancelled on Dec 3", ""},
		"sold, all is back": {market.OrderView{Side: "seller", Status: "refunded", Total: 100, Refunded: 100, Timeline: paid}, "The buyer paid", "Where it stands", "Refunded on Dec 3", ""},
	} {
		gets := ""
		if earns(c.o) {
			gets = youGet(p, c.o)
		}
		if total, title, status := totalWord(p, c.o), nextTitle(p, c.o), statusOf(p, c.o); total != c.total || title != c.title || status != c.status || gets != c.gets {
			t.Errorf("%s: %q, %q, %q, %q", name, total, title, status, gets)
		}
	}
	for status, want := range map[string]string{
		"awaiting_payment": "If it is not paid by Dec 3, 12:05, the order is cancelled.",
		"shipped":          "If nobody reports a problem by Dec 3, 12:05, it completes by itself and the seller is paid.",
		"disputed":         "If nothing happens by Dec 3, 12:05, the site acts.",
	} {
		if got := byItself(p, market.OrderView{Status: status, NextAt: &at}); got != want {
			t.Errorf("%s: %q", status, got)
		}
	}
}
