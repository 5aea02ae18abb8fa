package group

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// capped are terms with a limit per person and a cap.
func capped() Terms {
	t := ladder()
	t.PerPerson, t.Cap = 10, 20
	return t
}

func TestPledgeAnswersAndLogs(t *testing.T) {
	k := opened(t, ladder())
	first := k.pledge("anna", 4, 0, 0)
	if want := (deal.Answer{Tier: deal.Ptr(int64(0)), Hold: deal.Ptr(money.Amount(320000))}); !reflect.DeepEqual(first.Answer, want) {
		t.Errorf("answer before any tier: %+v", first.Answer)
	}
	second := k.pledge("ben", 1, 0, 72000)
	if *second.Answer.Tier != 0 || *second.Answer.Hold != 72000 {
		t.Errorf("answer at a ceiling below the first price: tier %d, hold %d", *second.Answer.Tier, *second.Answer.Hold)
	}
	third := k.pledge("carl", 1, 0, 99000)
	if *third.Answer.Tier != 1 || *third.Answer.UnitPrice != 80000 || *third.Answer.Hold != 80000 {
		t.Errorf("answer at a ceiling above every price: %+v", third.Answer)
	}
	for seq, want := range map[int]string{
		1: `{"act":"pledge","after":{"pieces":4,"tier":0},"ceiling":{"c":"` + deal.Commitment("g1", "p1", first.Lines[0].Secrets[0]) + `"},"quantity":4}`,
		3: `{"act":"pledge","after":{"pieces":6,"tier":1,"unitPrice":80000},"ceiling":{"c":"` + deal.Commitment("g1", "p3", third.Lines[0].Secrets[0]) + `"},"quantity":1}`,
	} {
		if got := body(k.lines[seq]); got != want {
			t.Errorf("line %d is\n%s, want\n%s", seq, got, want)
		}
	}
	if s := first.Lines[0].Secrets[0]; s.Field != "ceiling" || s.Value != 80000 {
		t.Errorf("the receipt's secret is %+v", s)
	}
}

func TestToleranceIsLoggedWhereTheTermsAllowIt(t *testing.T) {
	k := opened(t, Terms{Tiers: []Tier{{6, 80000}}, CaseSize: 6, Tolerance: true})
	fx := k.pledge("anna", 3, 0, 0)
	want := `{"act":"pledge","after":{"pieces":3,"tier":0},"ceiling":{"c":"` + deal.Commitment("g1", "p1", fx.Lines[0].Secrets[0]) + `"},"quantity":3,"tolerance":0}`
	if got := body(k.lines[1]); got != want {
		t.Errorf("line is\n%s, want\n%s", got, want)
	}
}

func TestRefusals(t *testing.T) {
	locked := func(k *market) { k.now = k.terms().lockedFrom(k.frame.ClosesAt) }
	cases := []struct {
		name    string
		prepare func(*market)
		account string
		pledge  Pledge
		code    fault.Code
		params  fault.Params
	}{
		{"no pieces", nil, "anna", input(0, 0, 0), fault.CodeInvalid, nil},
		{"tolerance where none is taken", nil, "anna", input(1, 1, 0), fault.CodeInvalid, nil},
		{"a negative ceiling", nil, "anna", input(1, 0, -100), fault.CodeInvalid, nil},
		{"invalid before not_cash", nil, "anna", input(0, 0, 50), fault.CodeInvalid, nil},
		{"a ceiling that is not cash", nil, "anna", input(1, 0, 72050), fault.CodeNotCash, fault.Params{"cashUnit": int64(100)}},
		{"not_cash before the limits", nil, "anna", input(11, 0, 50), fault.CodeNotCash, fault.Params{"cashUnit": int64(100)}},
		{"above the limit per person", nil, "anna", input(11, 0, 0), fault.CodeOverPersonLimit, fault.Params{"limit": int64(10), "left": int64(10)}},
		{"the limit before the cap", func(k *market) { k.pledge("ben", 10, 0, 0) }, "anna", input(11, 0, 0), fault.CodeOverPersonLimit, fault.Params{"limit": int64(10), "left": int64(10)}},
		{"above the cap", func(k *market) { k.pledge("ben", 10, 0, 64000); k.pledge("carl", 7, 0, 0) }, "anna", input(4, 0, 0), fault.CodeOverCap, fault.Params{"cap": int64(20), "left": int64(3)}},
		{"the cap is judged on the difference", func(k *market) { k.pledge("ben", 10, 0, 0); k.pledge("anna", 8, 0, 0); k.pledge("carl", 1, 0, 0) }, "anna", input(10, 0, 0), fault.CodeOverCap, fault.Params{"cap": int64(20), "left": int64(9)}},
		{"the cap before the ceiling", func(k *market) { k.pledge("ben", 10, 0, 0); k.pledge("carl", 9, 0, 0) }, "anna", input(2, 0, 100), fault.CodeOverCap, fault.Params{"cap": int64(20), "left": int64(1)}},
		{"a ceiling below the best tier", nil, "anna", input(1, 0, 63900), fault.CodeCeilingBelowBestTier, fault.Params{"minimum": int64(64000)}},
		{"the ceiling before the lock", func(k *market) { k.pledge("anna", 5, 0, 0); locked(k) }, "anna", input(1, 0, 100), fault.CodeCeilingBelowBestTier, fault.Params{"minimum": int64(64000)}},
		{"a change that the last phase forbids", func(k *market) { k.pledge("anna", 5, 0, 0); locked(k) }, "anna", input(4, 0, 0), fault.CodeWithdrawalLocked, fault.Params{"lockedFrom": "2026-11-01T12:45:00.000Z"}},
		{"the lock before the money", func(k *market) { k.funds["anna"] = 400000; k.pledge("anna", 5, 0, 0); locked(k) }, "anna", input(6, 0, 64000), fault.CodeWithdrawalLocked, fault.Params{"lockedFrom": "2026-11-01T12:45:00.000Z"}},
		{"not enough money", func(k *market) { k.funds["anna"] = 79900 }, "anna", input(1, 0, 0), fault.CodeInsufficientFunds, fault.Params{"missing": int64(100), "needed": int64(80000)}},
		{"not enough for the difference", func(k *market) { k.funds["anna"] = 200000; k.pledge("anna", 2, 0, 0) }, "anna", input(3, 0, 0), fault.CodeInsufficientFunds, fault.Params{"missing": int64(40000), "needed": int64(240000)}},
	}
	for _, c := range cases {
		k := opened(t, capped())
		if c.prepare != nil {
			c.prepare(k)
		}
		log, sums := string(k.log()), append([]Sums(nil), k.sums()...)
		fx, err := k.try(c.account, deal.Member, deal.Pledge, c.pledge, "")
		var refusal *fault.Error
		if !errors.As(err, &refusal) || refusal.Code != c.code || c.params != nil && !reflect.DeepEqual(refusal.Params, c.params) {
			t.Errorf("%s: %v, want %s %v", c.name, err, c.code, c.params)
		}
		if !reflect.DeepEqual(fx, deal.Effects{}) || string(k.log()) != log || !reflect.DeepEqual(k.sums(), sums) {
			t.Errorf("%s: the refusal left something behind", c.name)
		}
	}
}

func TestEnoughForTheDifferenceIsEnough(t *testing.T) {
	k := opened(t, ladder())
	k.funds["anna"] = 240000
	k.pledge("anna", 2, 0, 0)
	k.pledge("anna", 3, 0, 0)
	if k.funds["anna"] != 0 || k.standings["anna"].Hold != 240000 {
		t.Errorf("free %d, held %d", k.funds["anna"], k.standings["anna"].Hold)
	}
	k.pledge("anna", 1, 0, 64000)
	if k.funds["anna"] != 176000 {
		t.Errorf("free %d after the cut, want 176000", k.funds["anna"])
	}
}

func TestOnlyMembersPledge(t *testing.T) {
	for role, code := range map[deal.Role]fault.Code{deal.Owner: fault.CodeOwnDeal, deal.Moderator: fault.CodeForbidden, deal.Site: fault.CodeForbidden} {
		for _, act := range []deal.Act{deal.Pledge, deal.Withdraw} {
			k := opened(t, ladder())
			if _, err := k.try("olga", role, act, input(1, 0, 0), ""); !fault.Is(err, code) {
				t.Errorf("%s by %s: %v, want %s", act, role, err, code)
			}
		}
	}
	k := opened(t, ladder())
	if _, err := k.try("anna", deal.Member, deal.Bid, nil, ""); !fault.Is(err, fault.CodeInvalid) {
		t.Errorf("a bid: %v", err)
	}
}

func TestRelatedAccountsShareOneLimit(t *testing.T) {
	k := opened(t, capped())
	k.pledge("anna", 7, 0, 0)
	k.pledge("dora", 3, 0, 0)
	v := k.view("ben", deal.Member)
	v.Crowd = k.crowd()
	e := deal.Entry{Account: "ben", Role: deal.Member, Act: deal.Pledge, Values: input(4, 0, 0), Related: []string{"anna"}, Salts: deal.NewSalts(1)}
	_, err := k.m.Enter(v, e)
	var refusal *fault.Error
	if !errors.As(err, &refusal) || refusal.Code != fault.CodeOverPersonLimit || refusal.Params["left"] != int64(3) {
		t.Errorf("four pieces beside a related account's seven of ten: %v", err)
	}
	e.Values = input(3, 0, 0)
	if _, err := k.m.Enter(v, e); err != nil {
		t.Errorf("three pieces: %v", err)
	}
}

func TestHold(t *testing.T) {
	terms := Terms{Tiers: []Tier{{6, 80000}, {12, 72000}}, Minimum: 7, CaseSize: 6, Tolerance: true, Fees: Fees{PerPiece: 300, PerMember: 5000, Bill: 100000}}
	for _, c := range []struct {
		quantity, tolerance int64
		ceiling, want       money.Amount
	}{
		{1, 0, 0, 80000 + 300 + 5000 + 14300},            // ⌈100000/7⌉ in hundreds
		{1, 0, 72000, 72000 + 300 + 5000 + 14300},        // held at the ceiling
		{1, 0, 90000, 80000 + 300 + 5000 + 14300},        // never above the first price
		{2, 3, 0, 5*80000 + 5*300 + 5000 + 71500},        // tolerance counts
		{7, 0, 0, 7*80000 + 7*300 + 5000 + 100000},       // the whole bill
		{8, 5, 72000, 13*72000 + 13*300 + 5000 + 100000}, // never more than the bill
	} {
		k := opened(t, terms)
		k.pledge("anna", c.quantity, c.tolerance, c.ceiling)
		if got := k.standings["anna"].Hold; got != c.want {
			t.Errorf("hold of %d+%d at %d: %d, want %d", c.quantity, c.tolerance, c.ceiling, got, c.want)
		}
	}
}

// The hold's part of a bill is rounded up from the exact share: 300 · 67 / 200 is 100.5, which no hundred covers.
func TestBillAtMost(t *testing.T) {
	terms := Terms{Minimum: 200, Fees: Fees{Bill: 300}}
	for pieces, want := range map[int64]money.Amount{1: 100, 66: 100, 67: 200, 133: 200, 134: 300, 199: 300, 200: 300, 900: 300} {
		if got := terms.billAtMost(twd, pieces); got != want {
			t.Errorf("%d of 200 pieces: %d, want %d", pieces, got, want)
		}
	}
}

func TestShares(t *testing.T) {
	terms := Terms{Fees: Fees{PerPiece: 200, PerMember: 1000, Bill: 500}}
	got := terms.shares(twd, []int64{1, 0, 1})
	if want := []money.Amount{1500, 0, 1400}; !reflect.DeepEqual(got, want) {
		t.Errorf("shares %v, want %v", got, want)
	}
}

func TestHoldOutOfRangeIsRefused(t *testing.T) {
	k := opened(t, Terms{Tiers: []Tier{{1, maxPrice}}})
	if _, err := k.tryPledge("anna", maxQuantity, 0, 0); !fault.Is(err, fault.CodeInvalid) {
		t.Errorf("a pledge of more money than a log can write: %v", err)
	}
}

func TestFullCapClosesTheDeal(t *testing.T) {
	k := opened(t, capped())
	k.at(time.Minute).pledge("anna", 10, 0, 0)
	k.at(2*time.Minute).pledge("ben", 5, 0, 64000)
	fx := k.at(3*time.Minute).pledge("carl", 5, 0, 72000)
	want := deal.Decision{Result: deal.Sold, Tier: 3, UnitPrice: 64000, Pieces: 20, Awards: 3}
	if fx.Decision == nil || *fx.Decision != want {
		t.Fatalf("decision %+v, want %+v", fx.Decision, want)
	}
	if *fx.Answer.Tier != 3 || *fx.Answer.UnitPrice != 64000 {
		t.Errorf("answer %+v", fx.Answer)
	}
	if len(k.outcome.Awards) != 3 || len(k.outcome.Reveals) != 0 {
		t.Errorf("outcome %+v", k.outcome)
	}
	if err := k.verify(); err != nil {
		t.Error(err)
	}
}
