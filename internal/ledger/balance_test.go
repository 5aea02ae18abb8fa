package ledger

import (
	"errors"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"haggle/internal/fault"
	"haggle/internal/money"
)

func TestApply(t *testing.T) {
	for name, c := range map[string]struct {
		b    Balance
		t    Transfer
		want Balance
	}{
		"a deposit":                      {Balance{User: "u"}, Deposit("i", "u", "g", 500, noon), Balance{User: "u", Available: 500}},
		"a hold":                         {Balance{User: "u", Available: 500}, HoldChange("d", "u", 1, 0, 500, noon), Balance{User: "u", Held: 500}},
		"a capture gives the rest back":  {Balance{User: "u", Held: 500}, Capture("d", "o", "u", 500, 300, noon), Balance{User: "u", Available: 200}},
		"somebody else's money":          {Balance{User: "u", Available: 5}, Deposit("i", "v", "g", 500, noon), Balance{User: "u", Available: 5}},
		"a claw-back of what is there":   {Balance{User: "u", Available: 500}, ClawBack("o", "u", 500, 0, 1, noon), Balance{User: "u"}},
		"a claw-back of more":            {Balance{User: "u", Available: 500}, ClawBack("o", "u", 800, 0, 1, noon), Balance{User: "u", Available: -300, Owing: true}},
		"a deposit that failed late":     {Balance{User: "u", Held: 500}, DepositReversal("i", "u", "g", 500, noon), Balance{User: "u", Available: -500, Held: 500, Owing: true}},
		"a card payment that did":        {Balance{User: "u"}, CardPaymentReversal("i", "o", "u", "g", 500, noon), Balance{User: "u", Available: -500, Owing: true}},
		"what comes in pays part":        {Balance{User: "u", Available: -300, Owing: true}, Deposit("i", "u", "g", 100, noon), Balance{User: "u", Available: -200, Owing: true}},
		"what comes in pays all":         {Balance{User: "u", Available: -300, Owing: true}, Deposit("i", "u", "g", 300, noon), Balance{User: "u"}},
		"a lowered hold pays":            {Balance{User: "u", Available: -300, Held: 400, Owing: true}, HoldChange("d", "u", 2, 400, 0, noon), Balance{User: "u", Available: 100}},
		"owing, a whole hold is taken":   {Balance{User: "u", Available: -300, Held: 400, Owing: true}, Capture("d", "o", "u", 400, 400, noon), Balance{User: "u", Available: -300, Owing: true}},
		"more owed by another claw-back": {Balance{User: "u", Available: -300, Owing: true}, ClawBack("p", "u", 100, 0, 1, noon), Balance{User: "u", Available: -400, Owing: true}},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := Apply(c.b, c.t); err != nil || got != c.want {
				t.Errorf("%+v, %v; want %+v", got, err, c.want)
			}
		})
	}
}

func TestApplyRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		b      Balance
		t      Transfer
		params fault.Params // of insufficient_funds; nil: a broken invariant
	}{
		"a hold beyond the free money": {Balance{User: "u", Available: 300, Held: 900}, HoldChange("d", "u", 1, 0, 500, noon), fault.Params{"missing": int64(200), "needed": int64(500)}},
		"a payment from nothing":       {Balance{User: "u"}, Pay("o", "u", 500, noon), fault.Params{"missing": int64(500), "needed": int64(500)}},
		"a withdrawal while owing":     {Balance{User: "u", Available: -100, Owing: true}, Withdrawal("i", "u", "g", 500, noon), fault.Params{"missing": int64(600), "needed": int64(500)}},
		"more from a hold than it has": {Balance{User: "u", Available: 900, Held: 300}, Release("d", "u", 500, noon), nil},
		"more than an amount can be":   {Balance{User: "u", Available: money.Max}, Deposit("i", "u", "g", 1, noon), nil},
		"more than can be held":        {Balance{User: "u", Available: 1, Held: money.Max}, HoldChange("d", "u", 1, 0, 1, noon), nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := Apply(c.b, c.t)
			if got != c.b || err == nil {
				t.Fatalf("%+v, %v; want a refusal that changes nothing", got, err)
			}
			var refusal *fault.Error
			if isRefusal := errors.As(err, &refusal); isRefusal != (c.params != nil) {
				t.Fatalf("refused with %v", err)
			}
			if c.params != nil && (refusal.Code != fault.CodeInsufficientFunds || !reflect.DeepEqual(refusal.Params, c.params)) {
				t.Errorf("refused with %v, want insufficient_funds %v", refusal, c.params)
			}
		})
	}
}

// TestApplyNeverBelowZero applies any moves to one balance: free money falls below zero by a claw-back or a late
// failure alone, held money never, and what is owed is flagged.
func TestApplyNeverBelowZero(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := Balance{User: "u"}
		for range rapid.IntRange(1, 40).Draw(t, "moves") {
			m := drawMove(t)
			next, err := Apply(b, m)
			if err != nil && next != b {
				t.Fatalf("%s is refused and yet changes %+v to %+v", m.ID, b, next)
			}
			if next.Held < 0 || next.Owing != (next.Available < 0) {
				t.Fatalf("%s makes %+v of %+v", m.ID, next, b)
			}
			if next.Available < 0 && next.Available < b.Available && m.Reason != ClawedBack && m.Reason != DepositFailed && m.Reason != CardPaymentBack {
				t.Fatalf("%s overdraws %+v to %+v", m.ID, b, next)
			}
			b = next
		}
	})
}
