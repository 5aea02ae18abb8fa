package deal_test

import (
	"testing"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// TestFund covers the difference of a hold, and says what is missing.
func TestFund(t *testing.T) {
	for _, c := range []struct{ available, old, need, missing money.Amount }{
		{100, 0, 100, 0}, {99, 0, 100, 1}, {0, 100, 100, 0}, {0, 100, 101, 1}, {50, 100, 150, 0}, {0, 100, 50, 0}, {-10, 0, 5, 15},
	} {
		err := deal.Fund(c.available, c.old, c.need)
		if c.missing == 0 && err == nil {
			continue
		}
		p := fault.From(err).Params
		if !fault.Is(err, fault.CodeInsufficientFunds) || p["missing"] != int64(c.missing) || p["needed"] != int64(c.need) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestCash(t *testing.T) {
	twd, err := money.Lookup("TWD")
	if err != nil {
		t.Fatal(err)
	}
	if err := deal.Cash(twd, 0, 100, 2600_00); err != nil {
		t.Error(err)
	}
	if err := deal.Cash(twd, 100, 150); !fault.Is(err, fault.CodeNotCash) || fault.From(err).Params["cashUnit"] != int64(100) {
		t.Errorf("%v", err)
	}
}

// TestResults lead to the status of their name, which is final.
func TestResults(t *testing.T) {
	for r, want := range map[deal.Result]deal.Status{deal.Sold: deal.Settled, deal.ResultFailed: deal.Failed, deal.ResultCancel: deal.Cancelled} {
		if got := r.Status(); got != want || !got.Final() {
			t.Errorf("%s leads to %s", r, got)
		}
	}
	for _, s := range []deal.Status{deal.Draft, deal.Open, deal.Clearing} {
		if s.Final() {
			t.Errorf("%s is final", s)
		}
	}
}
