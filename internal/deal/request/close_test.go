package request

import (
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// ask is one quote of a table: price, and pieces where not all.
type ask struct {
	seller string
	price  money.Amount
	pieces int64
}

func TestDeadline(t *testing.T) {
	floor := deal.Ptr[money.Amount]
	for name, c := range map[string]struct {
		terms   Terms
		quotes  []ask
		result  deal.Result
		reason  deal.Reason
		won     string
		reveals int
	}{
		"sealed: lowest wins":         {Terms{Rule: RuleSealed, NamedPrice: 1000}, []ask{{"a", 900, 0}, {"b", 700, 0}, {"c", 800, 0}}, deal.Sold, "", "[p2 1×700]", 3},
		"sealed: ties to the earlier": {Terms{Rule: RuleSealed, NamedPrice: 1000}, []ask{{"a", 900, 0}, {"b", 700, 0}, {"c", 700, 0}}, deal.Sold, "", "[p2 1×700]", 3},
		"sealed: a replacement counts with its own place": {Terms{Rule: RuleSealed, NamedPrice: 1000},
			[]ask{{"a", 700, 0}, {"b", 700, 0}, {"a", 700, 0}}, deal.Sold, "", "[p2 1×700]", 3},
		"sealed: a replacement may go up": {Terms{Rule: RuleSealed, NamedPrice: 1000},
			[]ask{{"a", 500, 0}, {"b", 700, 0}, {"a", 800, 0}}, deal.Sold, "", "[p2 1×700]", 3},
		"sealed: nothing above the hidden price": {hidden(RuleSealed, 1000), []ask{{"a", 1100, 0}, {"b", 1200, 0}}, deal.ResultFailed, deal.ReserveNotMet, "[]", 3},
		"sealed: at the hidden price":            {hidden(RuleSealed, 1000), []ask{{"a", 1100, 0}, {"b", 1000, 0}}, deal.Sold, "", "[p2 1×1000]", 3},
		"sealed: abnormally low set aside": {Terms{Rule: RuleSealed, NamedPrice: 1000, Floor: floor(600)},
			[]ask{{"a", 500, 0}, {"b", 600, 0}, {"c", 700, 0}}, deal.Sold, "", "[p2 1×600]", 4},
		"sealed: all abnormally low": {Terms{Rule: RuleSealed, NamedPrice: 1000, Floor: floor(600)}, []ask{{"a", 500, 0}}, deal.ResultFailed, deal.BelowMinimum, "[]", 2},
		"sealed: too few sellers": {Terms{Rule: RuleSealed, NamedPrice: 1000, Floor: floor(600), MinimumQuotes: pieces(3)},
			[]ask{{"a", 900, 0}, {"b", 700, 0}, {"a", 800, 0}}, deal.ResultFailed, deal.TooFewQuotes, "[]", 0},
		"sealed: nobody": {hidden(RuleSealed, 1000), nil, deal.ResultFailed, deal.TooFewQuotes, "[]", 0},
		"sealed: split by unit price, the last cut": {Terms{Rule: RuleSealed, NamedPrice: 1000, Quantity: pieces(10), Split: true},
			[]ask{{"a", 900, 6}, {"b", 700, 4}, {"c", 900, 6}, {"d", 800, 3}}, deal.Sold, "", "[p2 4×700 p4 3×800 p1 3×900]", 4},
		"sealed: split and not filled": {Terms{Rule: RuleSealed, NamedPrice: 1000, Quantity: pieces(10), Split: true},
			[]ask{{"a", 900, 6}, {"b", 700, 1}}, deal.Sold, "", "[p2 1×700 p1 6×900]", 2},
		"open: lowest wins":          {Terms{Rule: RuleOpen, NamedPrice: 1000}, []ask{{"a", 900, 0}, {"b", 800, 0}, {"a", 700, 0}}, deal.Sold, "", "[p1 1×700]", 0},
		"open: above a hidden price": {hidden(RuleOpen, 1000), []ask{{"a", 1100, 0}}, deal.ResultFailed, deal.ReserveNotMet, "[]", 1},
		"open: split": {Terms{Rule: RuleOpen, NamedPrice: 1000, Quantity: pieces(3), Split: true},
			[]ask{{"a", 900, 2}, {"b", 800, 2}}, deal.Sold, "", "[p2 2×800 p1 1×900]", 0},
		"first: nobody":                 {Terms{Rule: RuleFirst, NamedPrice: 1000}, nil, deal.ResultFailed, deal.TooFewQuotes, "[]", 0},
		"first: above the hidden price": {hidden(RuleFirst, 1000), []ask{{"a", 1100, 0}, {"b", 1200, 0}}, deal.ResultFailed, deal.ReserveNotMet, "[]", 3},
		"choice: not chosen":            {hidden(RuleChoice, 1000), []ask{{"a", 900, 0}}, deal.ResultFailed, deal.OwnerWithdrew, "[]", 1},
	} {
		t.Run(name, func(t *testing.T) {
			d := mustOpen(t, c.terms)
			for _, q := range c.quotes {
				offered := Quote{UnitPrice: q.price}
				if q.pieces > 0 {
					offered.Quantity = &q.pieces
				}
				if _, err := d.offer(q.seller, offered); err != nil {
					t.Fatalf("%+v: %v", q, err)
				}
			}
			d.verify()
			d.close()
			if d.decision.Result != c.result || d.decision.Reason != c.reason || d.won() != c.won {
				t.Errorf("%+v awards %s, want %s %s %s", *d.decision, d.won(), c.result, c.reason, c.won)
			}
			if len(d.outcome.Reveals) != c.reveals {
				t.Errorf("%d secrets opened, want %d", len(d.outcome.Reveals), c.reveals)
			}
			d.verify()
		})
	}
}

func TestChoice(t *testing.T) {
	open := func(minimum int64) *desk {
		d := mustOpen(t, Terms{Rule: RuleChoice, NamedPrice: 1000, PriceVisible: deal.Ptr(false), MinimumQuotes: &minimum})
		d.mustQuote("ann", 900)
		d.mustQuote("bea", 800)
		d.mustQuote("ann", 700)
		d.mustQuote("cat", 1100)
		return d
	}
	for name, c := range map[string]struct {
		quote, reason string
		won           string
		closed        string
	}{
		"by seq":               {"2", "", "[p2 1×800]", `{"awards":1,"result":"sold"}`},
		"by pseudonym":         {"p1", "price", "[p1 1×700]", `{"awards":1,"result":"sold"}`},
		"a reason of the log":  {"p2", "bidder_asked", "[p2 1×800]", `{"awards":1,"reason":"bidder_asked","result":"sold"}`},
		"the dearer may be it": {"2", "delivery", "[p2 1×800]", `{"awards":1,"result":"sold"}`},
	} {
		d := open(1)
		if err := d.choose(c.quote, c.reason); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if d.won() != c.won || canonical(d.outcome.Closed) != c.closed || d.decision.Reason != deal.Reason(c.reason) {
			t.Errorf("%s: %s %s %+v", name, d.won(), canonical(d.outcome.Closed), d.decision)
		}
		d.verify()
	}
	for name, c := range map[string]struct {
		quote, reason string
		minimum       int64
		code          fault.Code
	}{
		"a replaced quote":      {"1", "", 1, fault.CodeInvalid},
		"nobody's":              {"p9", "", 1, fault.CodeInvalid},
		"nothing":               {"", "", 1, fault.CodeInvalid},
		"free text":             {"p1", "She is nice.", 1, fault.CodeInvalid},
		"above the named price": {"p3", "", 1, fault.CodeAboveNamedPrice},
	} {
		d := open(c.minimum)
		refusal(t, d.choose(c.quote, c.reason), c.code)
		if d.decision != nil {
			t.Errorf("%s: decided", name)
		}
	}
	d := mustOpen(t, Terms{Rule: RuleChoice, NamedPrice: 1000, MinimumQuotes: pieces(2)})
	d.mustQuote("ann", 900)
	refusal(t, d.choose("p1", ""), fault.CodeNotOffered)
	d.mustQuote("bea", 900)
	if err := d.choose("p1", ""); err != nil {
		t.Error(err)
	}
	d.verify()
}

func TestOnlyTheBuyerChoosesAndOnlyUnderChoice(t *testing.T) {
	d := mustOpen(t, Terms{Rule: RuleChoice, NamedPrice: 1000})
	d.mustQuote("ann", 900)
	_, err := d.enter(deal.Entry{Account: "ann", Role: deal.Member, Act: deal.Choose, Values: Choose{Quote: "p1"}})
	refusal(t, err, fault.CodeForbidden)
	for _, r := range []Rule{RuleFirst, RuleOpen, RuleSealed} {
		d := mustOpen(t, hidden(r, 100))
		d.mustQuote("ann", 900)
		refusal(t, d.choose("p1", ""), fault.CodeNotOffered)
	}
}

func TestCancel(t *testing.T) {
	for name, c := range map[string]struct {
		binding, quoted bool
		role            deal.Role
		reason          deal.Reason
		refused         fault.Code
		logged          deal.Reason
	}{
		"inviting":                    {false, true, deal.Owner, "", "", deal.OwnerWithdrew},
		"inviting with a reason":      {false, true, deal.Owner, deal.DescriptionChanged, "", deal.DescriptionChanged},
		"binding without quotes":      {true, false, deal.Owner, "", "", deal.OwnerWithdrew},
		"binding with a quote":        {true, true, deal.Owner, "", fault.CodeWithdrawalLocked, ""},
		"moderator":                   {true, true, deal.Moderator, "", "", deal.ByModerator},
		"a seller":                    {false, false, deal.Member, "", fault.CodeForbidden, ""},
		"unknown reason":              {false, false, deal.Owner, "because", fault.CodeInvalid, ""},
		"the moderator's reason":      {false, false, deal.Owner, deal.ByModerator, fault.CodeInvalid, ""},
		"invalid before what is late": {true, true, deal.Owner, "because", fault.CodeInvalid, ""},
	} {
		t.Run(name, func(t *testing.T) {
			terms := hidden(RuleSealed, 1000)
			terms.Binding = c.binding
			d, err := newDesk(t, "TWD", terms, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if c.quoted {
				d.mustQuote("ann", 900)
			}
			d.now = d.now.Add(time.Hour)
			_, err = d.enter(deal.Entry{Account: buyer, Role: c.role, Act: deal.Cancel, Reason: c.reason})
			if c.refused != "" {
				refusal(t, err, c.refused)
				return
			}
			want := `{"awards":0,"reason":"` + string(c.logged) + `","result":"cancelled"}`
			if err != nil || canonical(d.outcome.Closed) != want || len(d.outcome.Reveals)+len(d.outcome.Awards) > 0 {
				t.Fatalf("%v: %+v", err, d.outcome)
			}
			d.verify()
		})
	}
}

func TestABindingRequestPaysFromItsHold(t *testing.T) {
	d, err := newDesk(t, "TWD", Terms{Rule: RuleSealed, NamedPrice: 1000, Binding: true, Quantity: pieces(4), Split: true}, 4000)
	if err != nil {
		t.Fatal(err)
	}
	for i, seller := range []string{"ann", "bea"} {
		if _, err := d.offer(seller, Quote{UnitPrice: money.Amount(900 - 100*i), Quantity: pieces(3)}); err != nil {
			t.Fatal(err)
		}
	}
	d.close()
	for _, a := range d.outcome.Awards {
		if a.Payment != deal.PayHold || a.DueIn != 0 || a.Buyer != buyer || a.Seller != a.Account {
			t.Errorf("award %+v", a)
		}
	}
	if d.won() != "[p2 3×800 p1 1×900]" {
		t.Errorf("awards %s", d.won())
	}
	d.verify()
}
