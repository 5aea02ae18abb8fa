package group

import (
	"reflect"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// preview asks what a pledge would mean, as the site does: from the public state and the reader's own.
func (k *market) preview(account string, p Pledge) (deal.Preview, error) {
	self := deal.Self{Standing: k.standings[account], Available: k.free(account), Now: k.now}
	return k.m.Preview(k.m.Public(k.view(account, deal.Member)), self, deal.Entry{Account: account, Role: deal.Member, Act: deal.Pledge, Values: p})
}

// ifMore makes a list of pieces and unit prices in turn.
func ifMore(pairs ...int64) (out []deal.IfMore) {
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, deal.IfMore{Pieces: pairs[i], UnitPrice: money.Amount(pairs[i+1])})
	}
	return out
}

func TestPublic(t *testing.T) {
	terms := capped()
	terms.CaseSize, terms.Tolerance, terms.Cap = 5, true, 30
	k := opened(t, terms)
	k.pledge("anna", 4, 2, 0)
	k.pledge("ben", 3, 0, 72000)
	got := k.m.Public(k.view("", deal.Site))
	want := deal.Public{Entries: 2, Terms: k.frame.Terms, Currency: twd, ClosesAt: k.frame.ClosesAt,
		Tier: deal.Ptr(int64(1)), UnitPrice: deal.Ptr(money.Amount(80000)), Pieces: deal.Ptr(int64(7)),
		Tiers:        []deal.TierState{{From: 5, UnitPrice: 80000, Pieces: 4, Tolerance: 2}, {From: 12, UnitPrice: 72000, Pieces: 7, Tolerance: 2}, {From: 20, UnitPrice: 64000, Pieces: 7, Tolerance: 2}},
		GroupMinimum: deal.Ptr(int64(5)), Cap: deal.Ptr(int64(30)), PerPerson: deal.Ptr(int64(10)), CaseSize: deal.Ptr(int64(5)),
		LockedFrom: deal.Ptr(start.Add(45 * time.Minute))}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("public state\n%+v, want\n%+v", got, want)
	}
}

func TestPreview(t *testing.T) {
	k := opened(t, ladder())
	k.pledge("anna", 9, 0, 0)
	k.pledge("ben", 2, 0, 64000)
	got, err := k.preview("carl", input(3, 0, 0))
	want := deal.Preview{Hold: 240000, YouPayAtMost: deal.Ptr(money.Amount(240000)), Tier: deal.Ptr(int64(2)), UnitPrice: deal.Ptr(money.Amount(72000)),
		IfMore: ifMore(6, 64000), HeldUntil: &k.frame.ClosesAt, LockedFrom: deal.Ptr(start.Add(45 * time.Minute))}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("preview\n%+v, %v; want\n%+v", got, err, want)
	}
	first, err := opened(t, ladder()).preview("carl", input(3, 0, 0))
	more := ifMore(2, 80000, 9, 72000, 17, 64000)
	if err != nil || *first.Tier != 0 || first.UnitPrice != nil || !reflect.DeepEqual(first.IfMore, more) {
		t.Errorf("preview of the first pledge: %+v, %v", first, err)
	}
}

func TestIfMore(t *testing.T) {
	for _, c := range []struct {
		name  string
		terms Terms
		tiers []Sums
		want  []deal.IfMore
	}{
		{"a cheaper tier that is nearer overtakes", ladder(), []Sums{{0, 0, 0}, {0, 0, 0}, {19, 0, 3}}, ifMore(1, 64000)},
		{"fewest first", ladder(), []Sums{{0, 0, 0}, {4, 0, 1}, {8, 0, 2}}, ifMore(5, 80000, 8, 72000, 12, 64000)},
		{"up to the cap", func() Terms { x := ladder(); x.Cap = 20; return x }(), []Sums{{0, 0, 0}, {0, 0, 0}, {17, 0, 2}}, ifMore(3, 64000)},
		{"a threshold between two cases", Terms{Tiers: []Tier{{7, 80000}}, CaseSize: 6}, []Sums{{}}, ifMore(12, 80000)},
		{"whole cases, filled by tolerance", Terms{Tiers: []Tier{{6, 80000}, {12, 72000}}, CaseSize: 6, Tolerance: true}, []Sums{{6, 5, 1}, {6, 5, 1}},
			ifMore(1, 72000)},
		{"whole cases without", Terms{Tiers: []Tier{{6, 80000}, {12, 72000}}, CaseSize: 6}, []Sums{{6, 0, 1}, {7, 0, 2}}, ifMore(5, 72000)},
	} {
		terms := c.terms.withDefaults(time.Hour)
		if got := terms.ifMore(c.tiers, terms.reached(c.tiers)); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestPreviewOfTheLastPieceSaysThatItCloses(t *testing.T) {
	terms := ladder()
	terms.Cap = 20
	k := opened(t, terms)
	k.pledge("anna", 15, 0, 0)
	got, err := k.at(time.Minute).preview("ben", input(5, 0, 0))
	if err != nil || !got.HeldUntil.Equal(k.now) || *got.Tier != 3 || got.IfMore != nil {
		t.Errorf("preview %+v, %v", got, err)
	}
	if got, err := k.preview("ben", input(4, 0, 0)); err != nil || !got.HeldUntil.Equal(k.frame.ClosesAt) {
		t.Errorf("one piece less: %+v, %v", got, err)
	}
}

func TestPreviewIsOfPledgesOnly(t *testing.T) {
	k := opened(t, ladder())
	_, err := k.m.Preview(k.m.Public(k.view("", deal.Site)), deal.Self{}, deal.Entry{Act: deal.Withdraw})
	if !fault.Is(err, fault.CodeInvalid) {
		t.Errorf("preview of a withdrawal: %v", err)
	}
}

// A thousand previews around somebody's ceiling answer alike on both sides of it.
func TestPreviewIsNoOracle(t *testing.T) {
	secret := money.Amount(70000)
	build := func(ceiling money.Amount) *market {
		k := opened(t, ladder())
		k.pledge("anna", 9, 0, 0)
		k.pledge("ben", 8, 0, ceiling)
		return k
	}
	one, other := build(secret), build(64000)
	for i := range int64(1000) {
		p := input(1+i%7, 0, secret+money.Amount(i-500)/10*100)
		a, errA := one.preview("carl", p)
		b, errB := other.preview("carl", p)
		if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(errA, errB) {
			t.Fatalf("preview of %+v: %+v, %v beside a ceiling of %d, %+v, %v beside 64000", p, a, errA, secret, b, errB)
		}
	}
}
