package request

import (
	"strings"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

func pieces(n int64) *int64 { return &n }

// hidden gives terms whose named price nobody sees.
func hidden(r Rule, price money.Amount) Terms {
	return Terms{Rule: r, NamedPrice: price, PriceVisible: deal.Ptr(false), MinimumStep: deal.Ptr[money.Amount](100)}
}

func TestFirstQuoteWithinThePriceWinsAtOnce(t *testing.T) {
	for name, visible := range map[string]bool{"public": true, "hidden": false} {
		t.Run(name, func(t *testing.T) {
			d := mustOpen(t, Terms{Rule: RuleFirst, NamedPrice: 64_000, PriceVisible: &visible, Quantity: pieces(2)})
			if visible {
				_, err := d.quote("ann", 64_100)
				if f := refusal(t, err, fault.CodeAboveNamedPrice); f.Params["namedPrice"] != int64(64_000) {
					t.Errorf("params %v", f.Params)
				}
			} else if a := d.mustQuote("ann", 64_100); *a.Awarded {
				t.Error("a quote above the hidden price won")
			}
			if a := d.mustQuote("bea", 64_000); !*a.Awarded || a.Rank != nil {
				t.Errorf("answer %+v", a)
			}
			_, err := d.quote("cat", 100)
			refusal(t, err, fault.CodeClosed)
			want := map[bool]string{true: "[p1 2×64000]", false: "[p2 2×64000]"}[visible]
			if d.decision.Result != deal.Sold || d.won() != want {
				t.Errorf("%+v awards %s, want %s", d.decision, d.won(), want)
			}
			a := d.outcome.Awards[0]
			if a.Buyer != buyer || a.Seller != "bea" || a.Payment != deal.PayLater || a.DueIn != 96*time.Hour || a.Total != 128_000 {
				t.Errorf("award %+v", a)
			}
			d.verify()
		})
	}
}

func TestQuoteShapes(t *testing.T) {
	days := func(n int64) *int64 { return &n }
	for name, c := range map[string]struct {
		q     Quote
		field string
	}{
		"no price":          {Quote{}, "unitPrice"},
		"negative":          {Quote{UnitPrice: -100}, "unitPrice"},
		"out of range":      {Quote{UnitPrice: money.Max}, "unitPrice"},
		"a part":            {Quote{UnitPrice: 100, Quantity: pieces(2)}, "quantity"},
		"too many":          {Quote{UnitPrice: 100, Quantity: pieces(4)}, "quantity"},
		"none":              {Quote{UnitPrice: 100, Quantity: pieces(0)}, "quantity"},
		"free text":         {Quote{UnitPrice: 100, Condition: "as good as new"}, "condition"},
		"delivery too late": {Quote{UnitPrice: 100, DeliveryDays: days(366)}, "deliveryDays"},
		"long message":      {Quote{UnitPrice: 100, Message: strings.Repeat("謝", 2001)}, "message"},
		"broken message":    {Quote{UnitPrice: 100, Message: "\xff"}, "message"},
	} {
		d := mustOpen(t, Terms{Rule: RuleSealed, NamedPrice: 1000, Quantity: pieces(3)})
		_, err := d.offer("ann", c.q)
		if f := refusal(t, err, fault.CodeInvalid); len(f.Fields) != 1 || f.Fields[0].Name != c.field {
			t.Errorf("%s: fields %v, want %s", name, f.Fields, c.field)
		}
		if len(d.lines) != 1 || len(d.rows) != 0 {
			t.Errorf("%s: a refused quote left something behind", name)
		}
	}
	d := mustOpen(t, Terms{Rule: RuleSealed, NamedPrice: 1000})
	_, err := d.quote("ann", 150)
	refusal(t, err, fault.CodeNotCash)
}

func TestWhatAQuoteWritesIntoTheLog(t *testing.T) {
	q := Quote{UnitPrice: 64_000, Condition: "like_new", DeliveryDays: deal.Ptr[int64](3), Message: "call me"}
	for name, c := range map[string]struct {
		terms Terms
		want  string
	}{
		"open":   {Terms{Rule: RuleOpen, NamedPrice: 64_000}, `{"act":"quote","after":{"best":64000,"leader":"p1"},"quantity":1,"unitPrice":64000,"values":{"condition":"like_new","deliveryDays":3}}`},
		"choice": {Terms{Rule: RuleChoice, NamedPrice: 64_000}, `{"act":"quote","after":{},"quantity":1,"unitPrice":64000,"values":{"condition":"like_new","deliveryDays":3}}`},
		"sealed": {Terms{Rule: RuleSealed, NamedPrice: 64_000}, `{"act":"quote","after":{},"quantity":1,"unitPrice":{"c":"#"},"values":{"condition":"like_new","deliveryDays":3}}`},
		"hidden": {hidden(RuleFirst, 10_000), `{"act":"quote","after":{},"quantity":1,"unitPrice":{"c":"#"},"values":{"condition":"like_new","deliveryDays":3}}`},
	} {
		d := mustOpen(t, c.terms)
		if _, err := d.offer("ann", q); err != nil {
			t.Fatal(err)
		}
		b := d.lines[1].Body
		if p, ok := b[fieldUnitPrice].(deal.Body); ok {
			s := d.secrets[1][0]
			c.want = strings.Replace(c.want, "#", deal.Commitment(d.frame.Deal, "p1", s), 1)
			if s.Value != 64_000 || !isCommitment(p) {
				t.Errorf("%s: secret %+v", name, s)
			}
		}
		if got := canonical(b); got != c.want {
			t.Errorf("%s: %s\n want %s", name, got, c.want)
		}
		if strings.Contains(string(d.log()), "call me") {
			t.Errorf("%s: the message is in the log", name)
		}
		if d.rows["ann"].Values.(*Quoted).Message != "call me" {
			t.Errorf("%s: the message is lost", name)
		}
	}
}

func TestOpenQuotesOnlyFall(t *testing.T) {
	d := mustOpen(t, Terms{Rule: RuleOpen, NamedPrice: 10_000, MinimumStep: deal.Ptr[money.Amount](500)})
	for _, step := range []struct {
		seller  string
		price   money.Amount
		refused fault.Code
		maximum int64
		rank    int64
		best    money.Amount
		leader  string
	}{
		{"ann", 10_100, fault.CodeAboveNamedPrice, 0, 0, 0, ""},
		{"ann", 9_000, "", 0, 1, 9_000, "p1"},
		{"bea", 9_000, "", 0, 2, 9_000, "p1"}, // equal: the earlier leads
		{"ann", 8_600, fault.CodeNotLowerThanOwn, 8_500, 0, 9_000, "p1"},
		{"ann", 10_100, fault.CodeAboveNamedPrice, 0, 0, 9_000, "p1"},
		{"bea", 8_500, "", 0, 1, 8_500, "p2"},
		{"cat", 9_500, "", 0, 3, 8_500, "p2"}, // no duty to beat the leader
		{"ann", 8_500, "", 0, 2, 8_500, "p2"},
		{"bea", 100, "", 0, 1, 100, "p2"},
		{"bea", 100, fault.CodeNotLowerThanOwn, 0, 0, 100, "p2"},
	} {
		a, err := d.quote(step.seller, step.price)
		if step.refused != "" {
			f := refusal(t, err, step.refused)
			if step.refused == fault.CodeNotLowerThanOwn && f.Params["maximum"] != step.maximum {
				t.Errorf("%s %d: maximum %v, want %d", step.seller, step.price, f.Params["maximum"], step.maximum)
			}
		} else if err != nil || *a.Awarded || *a.Rank != step.rank {
			t.Errorf("%s %d: %+v %v, want rank %d", step.seller, step.price, a, err, step.rank)
		}
		p := New().Public(d.view("", "site"))
		if step.best > 0 && (*p.Best != step.best || p.Leader != step.leader) {
			t.Errorf("%s %d: best %d of %s, want %d of %s", step.seller, step.price, *p.Best, p.Leader, step.best, step.leader)
		}
	}
	d.close()
	if d.won() != "[p2 1×100]" {
		t.Errorf("awards %s", d.won())
	}
	d.verify()
}

func TestSoftCloseMovesTheDeadlineWhenTheBestQuoteChanges(t *testing.T) {
	d := mustOpen(t, Terms{Rule: RuleOpen, NamedPrice: 10_000, SoftClose: &SoftClose{WindowSeconds: 60, ExtendSeconds: 90}})
	end := d.frame.ClosesAt
	for _, step := range []struct {
		before time.Duration // of the deadline as opened
		seller string
		price  money.Amount
		moved  time.Duration // past the deadline as opened
	}{
		{61 * time.Second, "ann", 9_000, 0},                              // outside the window
		{60 * time.Second, "bea", 9_500, 0},                              // no change of the best
		{60 * time.Second, "bea", 8_000, 30 * time.Second},               // the window begins with its first moment
		{0, "bea", 7_000, 90 * time.Second},                              // a lower best of the same seller
		{-time.Second, "ann", 7_000, 90 * time.Second},                   // equal: nothing changes
		{-89*time.Second - 999*time.Millisecond, "ann", 6_000, 179999e6}, // the last millisecond
	} {
		d.now = end.Add(-step.before)
		d.mustQuote(step.seller, step.price)
		if got := d.frame.ClosesAt.Sub(end); got != step.moved {
			t.Errorf("%s %d: moved by %s, want %s", step.seller, step.price, got, step.moved)
		}
		after := d.lines[len(d.lines)-1].Body["after"].(deal.Body)
		if shown, ok := after["closesAt"]; ok != (step.before == 60*time.Second && step.price == 8_000 || step.price <= 7_000 && step.before != -time.Second) {
			t.Errorf("%s %d: after shows closesAt %v", step.seller, step.price, shown)
		}
	}
	d.now = d.frame.ClosesAt
	_, err := d.quote("cat", 100)
	refusal(t, err, fault.CodeClosed)
	d.close()
	d.verify()
}

func TestHardCloseDoesNotMove(t *testing.T) {
	d := mustOpen(t, Terms{Rule: RuleOpen, NamedPrice: 10_000, SoftClose: &SoftClose{ExtendSeconds: 300}})
	end := d.frame.ClosesAt
	d.now = end.Add(-time.Millisecond)
	d.mustQuote("ann", 9_000)
	if d.frame.ClosesAt != end {
		t.Errorf("moved to %s", d.frame.ClosesAt)
	}
}

func TestProbingAHiddenPriceIsLimited(t *testing.T) {
	d, err := newDeskFor(t, "TWD", hidden(RuleFirst, 100), 0, 240*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	good := func(price money.Amount, condition string, days int64) Quote {
		return Quote{UnitPrice: price, Condition: condition, DeliveryDays: &days}
	}
	for i, step := range []struct {
		at      time.Duration
		q       Quote
		refused bool
		until   time.Duration
	}{
		{0, good(900, "new", 3), false, 0},
		{time.Hour, good(800, "new", 3), true, 24 * time.Hour},
		{time.Hour, Quote{UnitPrice: 800, Condition: "new", DeliveryDays: deal.Ptr[int64](3), Message: "please"}, true, 24 * time.Hour},
		{time.Hour, good(900, "good", 3), false, 0},     // condition
		{2 * time.Hour, good(700, "good", 4), false, 0}, // delivery
		{3 * time.Hour, Quote{UnitPrice: 600, Condition: "good"}, false, 0},
		{27*time.Hour - time.Millisecond, Quote{UnitPrice: 500, Condition: "good"}, true, 27 * time.Hour},
		{27 * time.Hour, Quote{UnitPrice: 500, Condition: "good"}, false, 0}, // 24 h
		{200 * time.Hour, good(500, "fair", 9), true, 0},                     // the sixth
	} {
		d.now = opening.Add(step.at)
		_, err := d.offer("ann", step.q)
		if !step.refused {
			if err != nil {
				t.Errorf("step %d: %v", i, err)
			}
			continue
		}
		f := refusal(t, err, fault.CodeLimit)
		until, ok := f.Params["until"]
		if ok != (step.until > 0) || ok && until != deal.FormatTime(opening.Add(step.until)) || f.Params["limit"] != maxTries {
			t.Errorf("step %d: params %v", i, f.Params)
		}
	}
	if a := d.mustQuote("bea", 100); !*a.Awarded {
		t.Error("another seller is not bound by it")
	}
	d.verify()
}

func TestAPublicPriceAndOtherRulesHaveNoProbingLimit(t *testing.T) {
	d := mustOpen(t, hidden(RuleSealed, 100))
	for price := money.Amount(2000); price > 0; price -= 100 {
		d.mustQuote("ann", price)
	}
	d.close()
	if d.won() != "[p1 1×100]" {
		t.Errorf("awards %s", d.won())
	}
	d.verify()
}

func TestQuotesBind(t *testing.T) {
	for _, r := range []Rule{RuleFirst, RuleOpen, RuleSealed, RuleChoice} {
		d := mustOpen(t, hidden(r, 100))
		d.mustQuote("ann", 900)
		d.now = d.now.Add(time.Hour)
		_, err := d.enter(deal.Entry{Account: "ann", Role: deal.Member, Act: deal.Withdraw})
		if f := refusal(t, err, fault.CodeWithdrawalLocked); f.Params["lockedFrom"] != deal.FormatTime(opening) {
			t.Errorf("%s: params %v", r, f.Params)
		}
		_, err = d.enter(deal.Entry{Account: "bea", Role: deal.Member, Act: deal.Withdraw})
		refusal(t, err, fault.CodeWithdrawalLocked)
	}
	d := mustOpen(t, Terms{Rule: RuleChoice, NamedPrice: 1000})
	d.mustQuote("ann", 900)
	_, err := d.quote("ann", 900)
	if f := refusal(t, err, fault.CodeNotLowerThanOwn); f.Params["maximum"] != int64(800) {
		t.Errorf("params %v", f.Params)
	}
	d.mustQuote("ann", 800)
}

func TestOnlySellersQuote(t *testing.T) {
	for _, r := range []deal.Role{deal.Owner, deal.Site, deal.Moderator} {
		d := mustOpen(t, Terms{Rule: RuleSealed, NamedPrice: 1000})
		_, err := d.enter(deal.Entry{Account: "x", Role: r, Act: deal.Quote, Values: Quote{UnitPrice: 100}})
		refusal(t, err, fault.CodeForbidden)
	}
	d := mustOpen(t, Terms{Rule: RuleSealed, NamedPrice: 1000})
	for _, act := range []deal.Act{deal.Bid, deal.Buy, deal.Pledge, deal.Retract, deal.CancelBid, deal.EndEarly, deal.Paid, deal.Lapse} {
		_, err := d.enter(deal.Entry{Account: "x", Role: deal.Member, Act: act})
		refusal(t, err, fault.CodeNotOffered)
	}
}
