package group

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// awarded lists who gets how much, in the order of the awards.
func awarded(o deal.Outcome) []string {
	var out []string
	for _, a := range o.Awards {
		out = append(out, fmt.Sprintf("%s %d", a.Account, a.Quantity))
	}
	return out
}

// openedLines lists the lines whose ceilings are opened.
func openedLines(o deal.Outcome) []int64 {
	var out []int64
	for _, r := range o.Reveals {
		out = append(out, r.Of)
	}
	return out
}

type wish struct {
	who                 string
	quantity, tolerance int64
	ceiling             money.Amount // 0: the default; −1: withdraw
}

func TestClose(t *testing.T) {
	cased := func(rule Allocation) Terms {
		return Terms{Tiers: []Tier{{6, 80000}, {12, 72000}}, CaseSize: 6, Tolerance: true, Allocation: rule}
	}
	cases := []struct {
		name   string
		terms  Terms
		wishes []wish
		want   deal.Decision
		awards []string
		opened []int64
	}{
		{"nobody came", ladder(), nil, deal.Decision{Result: deal.ResultFailed, Reason: deal.NoEntries}, nil, nil},
		{"below the minimum nothing is opened", ladder(), []wish{{"anna", 4, 0, 0}},
			deal.Decision{Result: deal.ResultFailed, Reason: deal.BelowMinimum}, nil, nil},
		{"no tier that its members accept: all must be opened", ladder(), []wish{{"anna", 4, 0, 0}, {"ben", 5, 0, 72000}},
			deal.Decision{Result: deal.ResultFailed, Reason: deal.BelowMinimum}, nil, []int64{1, 2}},
		{"everybody pays the tier reached, not the one joined at", ladder(), []wish{{"anna", 5, 0, 0}, {"ben", 7, 0, 72000}},
			deal.Decision{Result: deal.Sold, Tier: 2, UnitPrice: 72000, Pieces: 12, Awards: 2}, []string{"anna 5", "ben 7"}, nil},
		{"who will not pay the price gets nothing and is opened", ladder(), []wish{{"anna", 5, 0, 0}, {"ben", 6, 0, 72000}, {"carl", 9, 0, 64000}, {"anna", 6, 0, 0}},
			deal.Decision{Result: deal.Sold, Tier: 3, UnitPrice: 64000, Pieces: 21, Awards: 3}, []string{"anna 6", "ben 6", "carl 9"}, nil},
		{"the ceilings decide the tier", ladder(), []wish{{"anna", 6, 0, 0}, {"ben", 6, 0, 72000}, {"carl", 7, 0, 64000}},
			deal.Decision{Result: deal.Sold, Tier: 2, UnitPrice: 72000, Pieces: 12, Awards: 2}, []string{"anna 6", "ben 6"}, []int64{3}},
		{"awards keep the queue; a withdrawal loses the place", ladder(), []wish{{"anna", 4, 0, 0}, {"ben", 2, 0, 0}, {"carl", 3, 0, 0}, {"anna", 0, 0, -1}, {"ben", 3, 0, 0}, {"anna", 4, 0, 0}},
			deal.Decision{Result: deal.Sold, Tier: 1, UnitPrice: 80000, Pieces: 10, Awards: 3}, []string{"ben 3", "carl 3", "anna 4"}, nil},
		{"a minimum above the threshold", func() Terms { x := ladder(); x.Minimum = 8; return x }(), []wish{{"anna", 7, 0, 0}},
			deal.Decision{Result: deal.ResultFailed, Reason: deal.BelowMinimum}, nil, nil},
		{"cases: the newest piece goes without", cased(FirstCome), []wish{{"anna", 4, 0, 0}, {"ben", 4, 0, 0}, {"carl", 1, 0, 0}},
			deal.Decision{Result: deal.Sold, Tier: 1, UnitPrice: 80000, Pieces: 6, Awards: 2}, []string{"anna 4", "ben 2"}, []int64{3}},
		{"cases: in proportion", cased(ProRata), []wish{{"anna", 4, 0, 0}, {"ben", 4, 0, 0}, {"carl", 1, 0, 0}},
			deal.Decision{Result: deal.Sold, Tier: 1, UnitPrice: 80000, Pieces: 6, Awards: 2}, []string{"anna 3", "ben 3"}, []int64{3}},
		{"cases: evenly", cased(Even), []wish{{"anna", 1, 0, 0}, {"ben", 9, 0, 0}, {"carl", 1, 0, 0}},
			deal.Decision{Result: deal.Sold, Tier: 1, UnitPrice: 80000, Pieces: 6, Awards: 3}, []string{"anna 1", "ben 4", "carl 1"}, nil},
		{"tolerance fills a case that wanted pieces opened", cased(FirstCome), []wish{{"anna", 5, 3, 0}, {"ben", 5, 3, 72000}},
			deal.Decision{Result: deal.Sold, Tier: 2, UnitPrice: 72000, Pieces: 12, Awards: 2}, []string{"anna 7", "ben 5"}, nil},
		{"a case that nobody fills reaches no threshold", cased(FirstCome), []wish{{"anna", 5, 0, 0}},
			deal.Decision{Result: deal.ResultFailed, Reason: deal.BelowMinimum}, nil, nil},
		{"enough wanted, but not in whole cases: all opened", func() Terms { x := cased(FirstCome); x.Minimum = 10; return x }(), []wish{{"anna", 11, 0, 0}},
			deal.Decision{Result: deal.ResultFailed, Reason: deal.BelowMinimum}, nil, []int64{1}},
		{"tolerance would do, but for the ceilings: all opened", cased(FirstCome), []wish{{"anna", 3, 0, 0}, {"ben", 2, 1, 72000}},
			deal.Decision{Result: deal.ResultFailed, Reason: deal.BelowMinimum}, nil, []int64{1, 2}},
	}
	for _, c := range cases {
		k := opened(t, c.terms)
		for _, w := range c.wishes {
			if w.ceiling < 0 {
				if _, err := k.withdraw(w.who); err != nil {
					t.Fatal(err)
				}
				continue
			}
			k.pledge(w.who, w.quantity, w.tolerance, w.ceiling)
		}
		k.close()
		if *k.decision != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, *k.decision, c.want)
		}
		if got := awarded(k.outcome); !slices.Equal(got, c.awards) {
			t.Errorf("%s: awards %v, want %v", c.name, got, c.awards)
		}
		if got := openedLines(k.outcome); !slices.Equal(got, c.opened) {
			t.Errorf("%s: opened %v, want %v", c.name, got, c.opened)
		}
		if err := k.verify(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestAward(t *testing.T) {
	terms := ladder()
	terms.Fees = Fees{PerPiece: 1000, PerMember: 500, Bill: 10000}
	k := opened(t, terms)
	k.pledge("anna", 1, 0, 0)
	k.pledge("ben", 3, 0, 0)
	k.pledge("carl", 3, 0, 0)
	k.pledge("dora", 2, 0, 64000)
	k.close()
	// 10000 by 1 : 3 : 3 is 1428.6, 4285.7, 4285.7: in hundreds 1400, 4300, 4300.
	want := []deal.Award{
		{Account: "anna", Pseudonym: "p1", Seq: 1, Quantity: 1, UnitPrice: 80000, Total: 80000, Fees: 1000 + 500 + 1400, Buyer: "anna", Seller: "olga", Payment: deal.PayHold},
		{Account: "ben", Pseudonym: "p2", Seq: 2, Quantity: 3, UnitPrice: 80000, Total: 240000, Fees: 3000 + 500 + 4300, Buyer: "ben", Seller: "olga", Payment: deal.PayHold},
		{Account: "carl", Pseudonym: "p3", Seq: 3, Quantity: 3, UnitPrice: 80000, Total: 240000, Fees: 3000 + 500 + 4300, Buyer: "carl", Seller: "olga", Payment: deal.PayHold},
	}
	if !reflect.DeepEqual(k.outcome.Awards, want) {
		t.Errorf("awards are\n%+v, want\n%+v", k.outcome.Awards, want)
	}
	if r := k.outcome.Reveals; len(r) != 1 || r[0].Who != "p4" || r[0].Of != 4 || r[0].Secret != k.secrets[4][0] {
		t.Errorf("reveals %+v", r)
	}
}

func TestClosedLine(t *testing.T) {
	for want, quantity := range map[string]int64{
		`{"awards":0,"pieces":0,"reason":"no_entries","result":"failed","tier":0}`:    0,
		`{"awards":0,"pieces":0,"reason":"below_minimum","result":"failed","tier":0}`: 4,
		`{"awards":1,"pieces":14,"result":"sold","tier":2,"unitPrice":72000}`:         14,
	} {
		k := opened(t, ladder())
		if quantity > 0 {
			k.pledge("anna", quantity, 0, 0)
		}
		if got := body(k.close().lines[len(k.lines)-1]); got != want {
			t.Errorf("closed with %s, want %s", got, want)
		}
	}
}

func TestNeedsTheCrowdOnlyToCloseCases(t *testing.T) {
	cased := &Terms{Tiers: []Tier{{6, 80000}}, CaseSize: 6}
	plain := &Terms{Tiers: []Tier{{6, 80000}}}
	for _, c := range []struct {
		act   deal.Act
		terms *Terms
		want  bool
	}{{deal.ActClose, cased, true}, {deal.ActClose, plain, false}, {deal.Pledge, cased, false}, {deal.Withdraw, cased, false}, {deal.Cancel, plain, false}} {
		if got := New().Needs(c.act, c.terms); got != c.want {
			t.Errorf("%s, case size %d: %v", c.act, c.terms.CaseSize, got)
		}
	}
}

func TestBrokenInvariantsAreNoRefusals(t *testing.T) {
	k := opened(t, Terms{Tiers: []Tier{{6, 80000}}, CaseSize: 6})
	k.pledge("anna", 6, 0, 0)
	k.pledge("ben", 2, 0, 0)
	v := k.view("", deal.Site)
	if _, _, err := k.m.Decide(v); err == nil {
		t.Error("a shortage was decided without the crowd")
	}
	v.Crowd = k.crowd()
	d, _, err := k.m.Decide(v)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.m.Unfold(v, d, deal.History{}); err == nil {
		t.Error("a ceiling was to be opened that nobody kept")
	}
	d.Awards++
	if _, err := k.m.Unfold(v, d, deal.History{Secrets: k.secrets}); err == nil {
		t.Error("more awards were decided than served, and nobody said so")
	}
}
