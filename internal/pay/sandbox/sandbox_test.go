package sandbox_test

import (
	"testing"

	"haggle/internal/fault"
	"haggle/internal/pay"
	"haggle/internal/pay/sandbox"
	"haggle/internal/pay/sandbox/sandboxtest"
)

func TestMemory(t *testing.T) {
	sandboxtest.Run(t, func(*testing.T) func() sandbox.Storage {
		m := sandbox.NewMemory()
		return func() sandbox.Storage { return m }
	})
}

func TestUnknownCardIsDeclined(t *testing.T) {
	g := sandbox.New(sandbox.Config{Storage: sandbox.NewMemory()})
	o, err := g.Charge(t.Context(), pay.Charge{Intent: "i", Amount: 1, Currency: "TWD", Card: sandboxtest.Card(t, "5555555555554444")})
	if err != nil || o.State != pay.Declined || o.Code != fault.CodeCardDeclined {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestAuthorisationLapses(t *testing.T) {
	clk := sandboxtest.NewClock()
	g := sandbox.New(sandbox.Config{Storage: sandbox.NewMemory(), Clock: clk.Now})
	good := pay.Charge{Intent: "a", Amount: 100, Currency: "TWD", Card: sandboxtest.Card(t, sandbox.CardGood)}
	if o, err := g.Authorize(t.Context(), good); err != nil || o.State != pay.Succeeded {
		t.Fatal(o, err)
	}
	clk.Sleep(pay.AuthorisationLife)
	o, err := g.Capture(t.Context(), pay.Follow{Intent: "c", Of: "a", Amount: 100, Currency: "TWD"})
	if err != nil || o.State != pay.Declined || o.Code != fault.CodeConflict {
		t.Errorf("captured after it lapsed: %+v, %v", o, err)
	}
}
