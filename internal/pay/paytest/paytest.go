// Package paytest is the conformance suite of payment gateways: what pay.Gateway promises, run over every engine.
package paytest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/pay"
)

// Bench is a gateway to test, with the cards that make it do what is asked.
type Bench struct {
	Gateway pay.Gateway
	Reopen  func() pay.Gateway // another connection to the same gateway, as after a restart

	Good, Declined, Expired, Challenge, Late pay.Card // Late: zero where the gateway has no such card
	Sleep                                    func(time.Duration)
	LateAfter                                time.Duration
}

// Run checks every promise. open is called once a test.
func Run(t *testing.T, open func(t *testing.T) *Bench) {
	for _, c := range []struct {
		name string
		test func(*testing.T, *Bench)
	}{
		{"charge", charge}, {"refusals move nothing", refusals}, {"a repeated call is one call", repeats},
		{"a reused intent is refused", reused}, {"malformed calls leave nothing", malformed},
		{"authorise and capture", capture}, {"authorise and release", release}, {"refund in parts", refunds},
		{"pay out", payout}, {"memory outlives a restart", restart}, {"at once, once", atOnce},
		{"one end of an authorisation", oneEnd}, {"late failure", late}, {"late failure spares what went back", lateSpared},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func (b *Bench) charge(intent string, amount money.Amount, card pay.Card) pay.Charge {
	return pay.Charge{Intent: intent, Amount: amount, Currency: "TWD", Card: card, Purpose: "deposit"}
}

func (b *Bench) follow(intent, of string, amount money.Amount) pay.Follow {
	return pay.Follow{Intent: intent, Of: of, Amount: amount, Currency: "TWD"}
}

// want checks an answer and that Find gives the same.
func (b *Bench) want(t *testing.T, o pay.Outcome, err error, state pay.State, code fault.Code) {
	t.Helper()
	if err != nil || o.State != state || o.Code != code {
		t.Fatalf("got %s %q, %v; want %s %q", o.State, o.Code, err, state, code)
	}
	b.found(t, o)
}

func (b *Bench) found(t *testing.T, want pay.Outcome) {
	t.Helper()
	if got, err := b.Gateway.Find(t.Context(), want.Intent); err != nil || got != want {
		t.Fatalf("Find(%s) = %+v, %v; want %+v", want.Intent, got, err, want)
	}
}

func (b *Bench) unknown(t *testing.T, intent string) {
	t.Helper()
	b.found(t, pay.Outcome{Intent: intent, State: pay.Unknown})
}

func charge(t *testing.T, b *Bench) {
	b.unknown(t, "i1")
	o, err := b.Gateway.Charge(t.Context(), b.charge("i1", 125000, b.Good))
	b.want(t, o, err, pay.Succeeded, "")
	if o.Amount != 125000 || o.Currency != "TWD" || o.Act != pay.Charged || o.Last4 != b.Good.Last4() || o.At.IsZero() {
		t.Errorf("got %+v", o)
	}
}

func refusals(t *testing.T, b *Bench) {
	for i, c := range []struct {
		card pay.Card
		code fault.Code
	}{{b.Declined, fault.CodeCardDeclined}, {b.Expired, fault.CodeCardExpired}, {b.Challenge, fault.CodeCardChallenge}} {
		intent := fmt.Sprint("i", i)
		o, err := b.Gateway.Charge(t.Context(), b.charge(intent, 100, c.card))
		b.want(t, o, err, pay.Declined, c.code)
		if !fault.Is(o.Refusal(), c.code) {
			t.Errorf("%s: refusal %v", c.code, o.Refusal())
		}
		o, err = b.Gateway.Refund(t.Context(), b.follow(intent+"r", intent, 100))
		b.want(t, o, err, pay.Declined, fault.CodeConflict)
	}
}

func repeats(t *testing.T, b *Bench) {
	first, err := b.Gateway.Charge(t.Context(), b.charge("i1", 500, b.Good))
	b.want(t, first, err, pay.Succeeded, "")
	again, err := b.Gateway.Charge(t.Context(), b.charge("i1", 500, b.Good))
	if err != nil || again != first {
		t.Errorf("again: %+v, %v; first %+v", again, err, first)
	}
	o, err := b.Gateway.Refund(t.Context(), b.follow("r1", "i1", 500))
	b.want(t, o, err, pay.Succeeded, "")
	o, err = b.Gateway.Refund(t.Context(), b.follow("r1", "i1", 500))
	b.want(t, o, err, pay.Succeeded, "")
	o, err = b.Gateway.Refund(t.Context(), b.follow("r2", "i1", 1))
	b.want(t, o, err, pay.Declined, fault.CodeConflict)
}

func reused(t *testing.T, b *Bench) {
	first, err := b.Gateway.Charge(t.Context(), b.charge("i1", 500, b.Good))
	b.want(t, first, err, pay.Succeeded, "")
	for name, call := range map[string]func() (pay.Outcome, error){
		"amount": func() (pay.Outcome, error) { return b.Gateway.Charge(t.Context(), b.charge("i1", 501, b.Good)) },
		"card":   func() (pay.Outcome, error) { return b.Gateway.Charge(t.Context(), b.charge("i1", 500, b.Declined)) },
		"act":    func() (pay.Outcome, error) { return b.Gateway.Authorize(t.Context(), b.charge("i1", 500, b.Good)) },
		"parent": func() (pay.Outcome, error) { return b.Gateway.Refund(t.Context(), b.follow("i1", "i1", 500)) },
	} {
		if _, err := call(); !errors.Is(err, pay.ErrReused) {
			t.Errorf("another %s: %v", name, err)
		}
	}
	b.found(t, first)
}

func malformed(t *testing.T, b *Bench) {
	good := b.charge("i1", 100, b.Good)
	for name, change := range map[string]func(*pay.Charge){
		"no intent":   func(c *pay.Charge) { c.Intent = "" },
		"zero":        func(c *pay.Charge) { c.Amount = 0 },
		"negative":    func(c *pay.Charge) { c.Amount = -100 },
		"no currency": func(c *pay.Charge) { c.Currency = "" },
		"no card":     func(c *pay.Charge) { c.Card = pay.Card{} },
	} {
		c := good
		change(&c)
		if o, err := b.Gateway.Charge(t.Context(), c); !fault.Is(err, fault.CodeInvalid) {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
	}
	if _, err := b.Gateway.Capture(t.Context(), b.follow("i1", "nothing", 100)); !fault.Is(err, fault.CodeNotFound) {
		t.Errorf("capture of nothing: %v", err)
	}
	b.unknown(t, "i1")
}

func capture(t *testing.T, b *Bench) {
	ctx := t.Context()
	o, err := b.Gateway.Authorize(ctx, b.charge("a1", 1000, b.Good))
	b.want(t, o, err, pay.Succeeded, "")
	if got := o.Until.Sub(o.At); got != pay.AuthorisationLife {
		t.Errorf("the authorisation lives %v", got)
	}
	o, err = b.Gateway.Refund(ctx, b.follow("r0", "a1", 1))
	b.want(t, o, err, pay.Declined, fault.CodeConflict) // nothing was taken yet
	o, err = b.Gateway.Capture(ctx, b.follow("c1", "a1", 1001))
	b.want(t, o, err, pay.Declined, fault.CodeConflict) // more than reserved
	o, err = b.Gateway.Capture(ctx, b.follow("c2", "a1", 700))
	b.want(t, o, err, pay.Succeeded, "")
	if o.Amount != 700 || o.Last4 != b.Good.Last4() {
		t.Errorf("captured %+v", o)
	}
	o, err = b.Gateway.Capture(ctx, b.follow("c3", "a1", 300))
	b.want(t, o, err, pay.Declined, fault.CodeConflict) // once
	o, err = b.Gateway.Release(ctx, b.follow("l1", "a1", 0))
	b.want(t, o, err, pay.Declined, fault.CodeConflict)
	o, err = b.Gateway.Refund(ctx, b.follow("r1", "c2", 700))
	b.want(t, o, err, pay.Succeeded, "")
}

func release(t *testing.T, b *Bench) {
	ctx := t.Context()
	o, err := b.Gateway.Authorize(ctx, b.charge("a1", 1000, b.Good))
	b.want(t, o, err, pay.Succeeded, "")
	o, err = b.Gateway.Release(ctx, b.follow("l1", "a1", 0))
	b.want(t, o, err, pay.Succeeded, "")
	if o.Amount != 1000 {
		t.Errorf("released %d", o.Amount)
	}
	again, err := b.Gateway.Release(ctx, b.follow("l1", "a1", 0))
	if err != nil || again != o {
		t.Errorf("again: %+v, %v", again, err)
	}
	o, err = b.Gateway.Capture(ctx, b.follow("c1", "a1", 1000))
	b.want(t, o, err, pay.Declined, fault.CodeConflict)
}

func refunds(t *testing.T, b *Bench) {
	ctx := t.Context()
	o, err := b.Gateway.Charge(ctx, b.charge("i1", 1000, b.Good))
	b.want(t, o, err, pay.Succeeded, "")
	for i, c := range []struct {
		amount money.Amount
		state  pay.State
		code   fault.Code
	}{
		{600, pay.Succeeded, ""}, {401, pay.Declined, fault.CodeConflict}, {400, pay.Succeeded, ""},
		{1, pay.Declined, fault.CodeConflict},
	} {
		o, err = b.Gateway.Refund(ctx, b.follow(fmt.Sprint("r", i), "i1", c.amount))
		b.want(t, o, err, c.state, c.code)
	}
	other := pay.Follow{Intent: "r9", Of: "i1", Amount: 1, Currency: "USD"}
	o, err = b.Gateway.Refund(ctx, other)
	b.want(t, o, err, pay.Declined, fault.CodeConflict)
}

func payout(t *testing.T, b *Bench) {
	p := pay.Payout{Intent: "p1", Amount: 900, Currency: "TWD", Method: "bank", To: "u1"}
	o, err := b.Gateway.Payout(t.Context(), p)
	b.want(t, o, err, pay.Succeeded, "")
	again, err := b.Gateway.Payout(t.Context(), p)
	if err != nil || again != o {
		t.Errorf("again: %+v, %v", again, err)
	}
	p.To = "u2"
	if _, err := b.Gateway.Payout(t.Context(), p); !errors.Is(err, pay.ErrReused) {
		t.Errorf("to another: %v", err)
	}
}

func restart(t *testing.T, b *Bench) {
	o, err := b.Gateway.Authorize(t.Context(), b.charge("a1", 1000, b.Good))
	b.want(t, o, err, pay.Succeeded, "")
	b.Gateway = b.Reopen()
	b.found(t, o)
	again, err := b.Gateway.Authorize(t.Context(), b.charge("a1", 1000, b.Good))
	if err != nil || again != o {
		t.Errorf("after a restart: %+v, %v", again, err)
	}
	o, err = b.Gateway.Capture(t.Context(), b.follow("c1", "a1", 1000))
	b.want(t, o, err, pay.Succeeded, "")
}

// atOnce repeats one call from many callers of two connections.
func atOnce(t *testing.T, b *Bench) {
	conns := []pay.Gateway{b.Gateway, b.Reopen()}
	got := make([]pay.Outcome, 16)
	var callers sync.WaitGroup
	for i := range got {
		callers.Go(func() {
			got[i], _ = conns[i%2].Charge(context.Background(), b.charge("i1", 500, b.Good))
		})
	}
	callers.Wait()
	for i, o := range got {
		if o != got[0] || o.State != pay.Succeeded {
			t.Errorf("caller %d: %+v", i, o)
		}
	}
}

// oneEnd captures and releases one authorisation at once: exactly one wins.
func oneEnd(t *testing.T, b *Bench) {
	conns := []pay.Gateway{b.Gateway, b.Reopen()}
	o, err := b.Gateway.Authorize(t.Context(), b.charge("a1", 1000, b.Good))
	b.want(t, o, err, pay.Succeeded, "")
	got := make([]pay.Outcome, 10)
	var callers sync.WaitGroup
	for i := range got {
		callers.Go(func() {
			call, gw := b.follow(fmt.Sprint("e", i), "a1", 1000), conns[i%2]
			if i < 5 {
				got[i], _ = gw.Capture(context.Background(), call)
			} else {
				got[i], _ = gw.Release(context.Background(), call)
			}
		})
	}
	callers.Wait()
	won := 0
	for _, o := range got {
		if o.State == pay.Succeeded {
			won++
		} else if o.Code != fault.CodeConflict {
			t.Errorf("a loser got %+v", o)
		}
	}
	if won != 1 {
		t.Errorf("%d ends of one authorisation", won)
	}
}

func late(t *testing.T, b *Bench) {
	if b.Late.IsZero() {
		t.Skip("this gateway has no card that fails late")
	}
	ctx := t.Context()
	o, err := b.Gateway.Charge(ctx, b.charge("i1", 1000, b.Late))
	b.want(t, o, err, pay.Succeeded, "")
	part, err := b.Gateway.Refund(ctx, b.follow("r1", "i1", 300))
	b.want(t, part, err, pay.Succeeded, "")
	b.events(t, o.At)
	b.Sleep(b.LateAfter)
	failed, err := b.Gateway.Find(ctx, "i1")
	b.want(t, failed, err, pay.Failed, fault.CodeCardDeclined)
	lost := pay.Event{Intent: "i1", Act: pay.Charged, State: pay.Failed, Code: fault.CodeCardDeclined, Amount: 700, At: o.At.Add(b.LateAfter)}
	b.events(t, o.At, lost)
	b.events(t, lost.At, lost)
	b.events(t, lost.At.Add(time.Millisecond))
	o, err = b.Gateway.Refund(ctx, b.follow("r2", "i1", 700))
	b.want(t, o, err, pay.Declined, fault.CodeCardDeclined)
	b.found(t, part)
}

// lateSpared: money that went back before cannot be taken back again.
func lateSpared(t *testing.T, b *Bench) {
	if b.Late.IsZero() {
		t.Skip("this gateway has no card that fails late")
	}
	ctx := t.Context()
	a, err := b.Gateway.Charge(ctx, b.charge("i1", 1000, b.Late))
	b.want(t, a, err, pay.Succeeded, "")
	o, err := b.Gateway.Refund(ctx, b.follow("r1", "i1", 1000))
	b.want(t, o, err, pay.Succeeded, "")
	o, err = b.Gateway.Authorize(ctx, b.charge("a2", 800, b.Late))
	b.want(t, o, err, pay.Succeeded, "")
	o, err = b.Gateway.Release(ctx, b.follow("l2", "a2", 0))
	b.want(t, o, err, pay.Succeeded, "")
	held, err := b.Gateway.Authorize(ctx, b.charge("a3", 600, b.Late))
	b.want(t, held, err, pay.Succeeded, "")
	o, err = b.Gateway.Capture(ctx, b.follow("c3", "a3", 500))
	b.want(t, o, err, pay.Succeeded, "")
	b.Sleep(b.LateAfter)
	b.found(t, a)
	b.events(t, a.At, pay.Event{
		Intent: "c3", Act: pay.Captured, State: pay.Failed, Code: fault.CodeCardDeclined, Amount: 500, At: held.At.Add(b.LateAfter),
	})
}

func (b *Bench) events(t *testing.T, since time.Time, want ...pay.Event) {
	t.Helper()
	got, err := b.Gateway.Events(t.Context(), since)
	if err != nil || len(got) != len(want) {
		t.Fatalf("events since %v: %+v, %v; want %d", since, got, err, len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("event %d: %+v, want %+v", i, got[i], want[i])
		}
	}
}
