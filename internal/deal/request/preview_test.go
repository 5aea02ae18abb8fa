package request

import (
	"regexp"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

func (d *desk) preview(seller string, q Quote) (deal.Preview, error) {
	self := deal.Self{Standing: d.rows[seller], Now: d.now}
	return New().Preview(New().Public(d.view("", "site")), self, deal.Entry{Account: seller, Role: deal.Member, Act: deal.Quote, Values: q})
}

// TestPreviewIsNoOracle asks a thousand times around a secret: two requests that differ in nothing but their secrets
// (hidden named price, floor, the prices of sealed quotes) must answer alike, to a newcomer and to one who has quoted.
func TestPreviewIsNoOracle(t *testing.T) {
	floor := deal.Ptr[money.Amount]
	for name, rule := range map[string]Rule{"first": RuleFirst, "sealed": RuleSealed, "open": RuleOpen, "choice": RuleChoice} {
		t.Run(name, func(t *testing.T) {
			low, high := hidden(rule, 30_000), hidden(rule, 70_000)
			low.Floor, high.Floor = floor(20_000), floor(60_000)
			a, b := mustOpen(t, low), mustOpen(t, high)
			a.mustQuote("ann", 80_000)
			b.mustQuote("ann", 80_000)
			if rule == RuleSealed {
				a.mustQuote("bea", 25_000)
				b.mustQuote("bea", 65_000)
			}
			if x, y := snapshot(t, New().Public(a.view("", "site"))), snapshot(t, New().Public(b.view("", "site"))); x != y {
				t.Fatalf("public states differ:\n%s\n%s", x, y)
			}
			for i := range money.Amount(1000) {
				for _, seller := range []string{"ann", "new"} {
					q := Quote{UnitPrice: (i + 1) * 100, Condition: "new"}
					x, errX := a.preview(seller, q)
					y, errY := b.preview(seller, q)
					if snapshot(t, x) != snapshot(t, y) || (errX == nil) != (errY == nil) || errX != nil && errX.Error() != errY.Error() {
						t.Fatalf("%s at %d: %+v %v, but %+v %v", seller, q.UnitPrice, x, errX, y, errY)
					}
				}
			}
		})
	}
}

func TestPreviewRefusesWhatWouldBeRefused(t *testing.T) {
	d := mustOpen(t, Terms{Rule: RuleOpen, NamedPrice: 10_000, MinimumStep: deal.Ptr[money.Amount](500)})
	d.mustQuote("ann", 9_000)
	for _, c := range []struct {
		seller string
		q      Quote
		code   fault.Code
	}{
		{"ann", Quote{UnitPrice: 8_600}, fault.CodeNotLowerThanOwn},
		{"bea", Quote{UnitPrice: 10_100}, fault.CodeAboveNamedPrice},
		{"bea", Quote{UnitPrice: 50}, fault.CodeNotCash},
		{"bea", Quote{}, fault.CodeInvalid},
	} {
		_, err := d.preview(c.seller, c.q)
		refusal(t, err, c.code)
	}
	p, err := d.preview("bea", Quote{UnitPrice: 100})
	if err != nil || snapshot(t, p) != `{"hold":0}` {
		t.Errorf("a quote holds nothing: %+v %v", p, err)
	}
	_, err = New().Preview(New().Public(d.view("", "site")), deal.Self{}, deal.Entry{Act: deal.Bid})
	refusal(t, err, fault.CodeNotOffered)

	d = mustOpen(t, hidden(RuleFirst, 100))
	d.mustQuote("ann", 900)
	d.now = d.now.Add(time.Hour)
	_, err = d.preview("ann", Quote{UnitPrice: 800})
	refusal(t, err, fault.CodeLimit)
}

func TestPublicShowsNoSecret(t *testing.T) {
	d := mustOpen(t, hidden(RuleSealed, 777_700))
	d.terms().Floor = deal.Ptr[money.Amount](333_300)
	d.mustQuote("ann", 555_500)
	p := New().Public(d.view("", "site"))
	if p.NamedPrice != nil || p.Best != nil || p.Leader != "" || *p.PriceVisible || p.Entries != 1 || *p.Funded {
		t.Errorf("public %+v", p)
	}
	if got := snapshot(t, p); regexp.MustCompile("7777|3333|5555").MatchString(got) {
		t.Errorf("public %s", got)
	}
	open := mustOpen(t, Terms{Rule: RuleOpen, NamedPrice: 10_000, Binding: false})
	open.mustQuote("ann", 9_000)
	p = New().Public(open.view("", "site"))
	if *p.NamedPrice != 10_000 || *p.Best != 9_000 || p.Leader != "p1" || *p.MinimumStep != 100 || *p.MinimumQuotes != 1 || p.Rule != "open" || *p.Quantity != 1 {
		t.Errorf("public %+v", p)
	}
}
