package fixed

import (
	"fmt"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

func TestCheck(t *testing.T) {
	n := deal.Ptr[int64]
	for name, c := range map[string]struct {
		terms Terms
		open  time.Duration
		code  fault.Code
		field string
	}{
		"no price":         {Terms{}, 0, fault.CodeInvalid, "price"},
		"negative":         {Terms{Price: -100}, 0, fault.CodeInvalid, "price"},
		"out of range":     {Terms{Price: money.Max - money.Max%100, Quantity: n(2)}, 0, fault.CodeInvalid, "price"},
		"no pieces":        {Terms{Price: 100, Quantity: n(0)}, 0, fault.CodeInvalid, "quantity"},
		"too many":         {Terms{Price: 100, Quantity: n(1_000_001)}, 0, fault.CodeInvalid, "quantity"},
		"not cash":         {Terms{Price: 150}, 0, fault.CodeNotCash, ""},
		"in the past":      {Terms{Price: 100}, -1, fault.CodeInvalid, "closesAt"},
		"one, open-ended":  {Terms{Price: 100}, 0, "", ""},
		"with offers":      {Terms{Price: 100, Offers: true}, time.Hour, "", ""},
		"a million pieces": {Terms{Price: 100, Quantity: n(1_000_000)}, 400 * 24 * time.Hour, "", ""},
	} {
		twd, _ := money.Lookup("TWD")
		f := deal.Frame{Currency: twd, OpenedAt: opening, Terms: &c.terms}
		if c.open != 0 {
			f.ClosesAt = opening.Add(c.open)
		}
		_, err := New().Check(f)
		if c.code == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if e := refusal(t, err, c.code); c.field != "" && (len(e.Fields) != 1 || e.Fields[0].Name != c.field) {
			t.Errorf("%s: fields %v", name, e.Fields)
		}
	}
}

func TestOffersAreStoredAndNeverShown(t *testing.T) {
	d, err := newDesk(t, Terms{Price: 100, Offers: true}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if !d.frame.Terms.(*Terms).Offers {
		t.Error("offers are not stored")
	}
	if got := canonical(d.lines[0].Body["terms"].(deal.Body)); got != `{"price":100,"quantity":1}` {
		t.Errorf("logged %s", got)
	}
	if p := New().Public(d.view("")); p.Terms.(*Terms).Offers {
		t.Error("offers are shown")
	}
}

func TestBuyTakesPiecesAndBeginsAnOrder(t *testing.T) {
	d := mustOpen(t, 2500, 5, 0)
	a, err := d.enter(deal.Entry{Account: "ann", Role: deal.Member, Act: deal.Buy, Values: Buy{Quantity: deal.Ptr[int64](2), UnitPrice: deal.Ptr[money.Amount](2500)}})
	if err != nil || *a.Left != 3 {
		t.Fatalf("%+v %v", a, err)
	}
	if d.last() != `{"act":"buy","after":{"left":3},"quantity":2}` {
		t.Errorf("logged %s", d.last())
	}
	want := deal.Award{Account: "ann", Pseudonym: "p1", Seq: 1, Quantity: 2, UnitPrice: 2500, Total: 5000, Buyer: "ann", Seller: seller,
		Payment: deal.PayLater, DueIn: 30 * time.Minute}
	if len(d.orders) != 1 || d.orders[0] != want {
		t.Errorf("orders %+v", d.orders)
	}
	if s := d.rows["ann"]; !s.Active || s.Hold != 0 {
		t.Errorf("standing %+v", s)
	}
	if _, err := d.enter(deal.Entry{Account: "bea", Role: deal.Member, Act: deal.Buy, Values: Buy{}}); err != nil || d.stock().Left != 2 {
		t.Errorf("without a quantity one piece: left %d, %v", d.stock().Left, err)
	}
	d.verify()
}

func TestBuyRefusals(t *testing.T) {
	n, price := deal.Ptr[int64], deal.Ptr[money.Amount]
	for name, c := range map[string]struct {
		b     Buy
		code  fault.Code
		param string
		value int64
	}{
		"no pieces":                        {Buy{Quantity: n(0)}, fault.CodeInvalid, "", 0},
		"negative price":                   {Buy{UnitPrice: price(-100)}, fault.CodeInvalid, "", 0},
		"saw no cash":                      {Buy{UnitPrice: price(2550)}, fault.CodeNotCash, "cashUnit", 100},
		"more than there are":              {Buy{Quantity: n(6)}, fault.CodeOutOfStock, "left", 5},
		"saw a lower price":                {Buy{UnitPrice: price(2400)}, fault.CodePriceChanged, "unitPrice", 2500},
		"out of stock before price change": {Buy{Quantity: n(6), UnitPrice: price(2400)}, fault.CodeOutOfStock, "left", 5},
	} {
		d := mustOpen(t, 2500, 5, 0)
		_, err := d.enter(deal.Entry{Account: "ann", Role: deal.Member, Act: deal.Buy, Values: c.b})
		if f := refusal(t, err, c.code); c.param != "" && f.Params[c.param] != c.value {
			t.Errorf("%s: params %v", name, f.Params)
		}
		if len(d.lines) != 1 || len(d.orders) != 0 || d.stock().Left != 5 {
			t.Errorf("%s: a refused purchase left something behind", name)
		}
	}
	d := mustOpen(t, 2500, 5, 0)
	if _, err := d.enter(deal.Entry{Account: "ann", Role: deal.Member, Act: deal.Buy, Values: Buy{UnitPrice: price(2600)}}); err != nil || d.orders[0].UnitPrice != 2500 {
		t.Errorf("who saw a higher price pays the lower one: %v", err)
	}
}

func TestTheListingStaysOpenAtStockZeroAndEndsWithTheLastPayment(t *testing.T) {
	d := mustOpen(t, 2500, 3, 0)
	first, second := d.mustBuy("ann", 2), d.mustBuy("bea", 1)
	_, err := d.buy("cat", 1)
	if f := refusal(t, err, fault.CodeOutOfStock); f.Params["left"] != int64(0) {
		t.Errorf("params %v", f.Params)
	}
	d.must(d.pay("bea", second))
	if d.decision != nil || d.last() != `{"quantity":1,"to":"p2","total":2500,"unitPrice":2500}` {
		t.Fatalf("%+v %s", d.decision, d.last())
	}
	d.now = opening.Add(30*time.Minute - time.Millisecond)
	d.must(d.pay("ann", first))
	if d.decision == nil || d.last() != `{"awards":2,"result":"sold"}` {
		t.Fatalf("%+v %s", d.decision, d.last())
	}
	d.verify()
}

func TestALapsePutsThePiecesBack(t *testing.T) {
	d := mustOpen(t, 2500, 3, 0)
	seq := d.mustBuy("ann", 2)
	d.now = opening.Add(30*time.Minute - time.Millisecond)
	refusal(t, d.lapse("ann", seq), fault.CodeConflict)
	d.now = opening.Add(30 * time.Minute)
	refusal(t, d.pay("ann", seq), fault.CodeConflict)
	d.must(d.lapse("ann", seq))
	if d.last() != `{"act":"lapse","after":{"left":3},"of":1,"reason":"payment_lapsed"}` || d.rows["ann"].Active {
		t.Errorf("%s, standing %+v", d.last(), d.rows["ann"])
	}
	refusal(t, d.lapse("ann", seq), fault.CodeConflict)
	refusal(t, d.pay("ann", seq), fault.CodeConflict)
	d.mustBuy("bea", 3)
	d.verify()
}

func TestAPurchaseCalledOffInTimeIsNoLapse(t *testing.T) {
	d := mustOpen(t, 2500, 3, 0)
	for i, c := range []struct{ given, logged deal.Reason }{
		{"", deal.BidderAsked}, {deal.BidderAsked, deal.BidderAsked}, {deal.ByModerator, deal.ByModerator}, {deal.BidderAsked, deal.BidderAsked},
	} {
		seq := d.mustBuy("ann", 3)
		d.now = d.now.Add(payWithin - time.Millisecond)
		refusal(t, d.callOff("ann", seq, deal.Typo), fault.CodeConflict)
		d.must(d.callOff("ann", seq, c.given))
		if want := fmt.Sprintf(`{"act":"lapse","after":{"left":3},"of":%d,"reason":"%s"}`, seq, c.logged); d.last() != want {
			t.Errorf("%d: %s, want %s", i, d.last(), want)
		}
	}
	seq := d.mustBuy("ann", 1)
	d.now = d.now.Add(payWithin)
	d.must(d.callOff("ann", seq, deal.BidderAsked))
	if own := purchases(d.rows["ann"]); own.Lapses != 1 {
		t.Errorf("called off too late is a lapse: %+v", own)
	}
	d.verify()
}

func TestTwoLapsesKeepABuyerOutFor24Hours(t *testing.T) {
	d := mustOpen(t, 2500, 10, 0)
	a, b, paid := d.mustBuy("ann", 1), d.mustBuy("ann", 2), d.mustBuy("ann", 1)
	d.must(d.pay("ann", paid))
	d.now = opening.Add(31 * time.Minute)
	d.must(d.lapse("ann", a))
	d.mustBuy("ann", 1)
	d.must(d.lapse("ann", b))
	second := d.now
	_, err := d.buy("ann", 1)
	if f := refusal(t, err, fault.CodeLimit); f.Params["until"] != deal.FormatTime(second.Add(24*time.Hour)) || f.Params["limit"] != 2 {
		t.Errorf("params %v", f.Params)
	}
	_, err = d.buy("ann", 99)
	refusal(t, err, fault.CodeOutOfStock)
	d.mustBuy("bea", 1)
	d.now = second.Add(24*time.Hour - time.Millisecond)
	_, err = d.buy("ann", 1)
	refusal(t, err, fault.CodeLimit)
	d.now = second.Add(24 * time.Hour)
	again := d.mustBuy("ann", 1)
	d.now = d.now.Add(time.Hour)
	d.must(d.lapse("ann", again))
	_, err = d.buy("ann", 1)
	refusal(t, err, fault.CodeLimit)
	d.verify()
}

func TestTheDeadlineWaitsForPurchasesThatMayStillBePaid(t *testing.T) {
	open := func() (*desk, int64) {
		d := mustOpen(t, 2500, 3, time.Hour)
		d.now = opening.Add(50 * time.Minute)
		return d, d.mustBuy("ann", 1)
	}
	d, seq := open()
	d.now = opening.Add(time.Hour)
	if later := d.decide(); !later.Equal(opening.Add(80 * time.Minute)) {
		t.Fatalf("decided, or later %s", later)
	}
	_, err := d.buy("bea", 1)
	refusal(t, err, fault.CodeClosed)
	d.now = opening.Add(79 * time.Minute)
	d.must(d.pay("ann", seq))
	if d.last() != `{"awards":1,"result":"sold"}` {
		t.Errorf("paid after the deadline: %s", d.last())
	}
	d.verify()

	d, seq = open()
	d.now = opening.Add(80 * time.Minute)
	if later := d.decide(); !later.Equal(d.now.Add(2 * time.Second)) {
		t.Fatalf("before the lapse is recorded: %s", later)
	}
	d.must(d.lapse("ann", seq))
	if d.last() != `{"awards":0,"reason":"unpaid","result":"failed"}` {
		t.Errorf("lapsed after the deadline: %s", d.last())
	}
	d.verify()
}

func TestDeadlineWithNothingToWaitFor(t *testing.T) {
	d := mustOpen(t, 2500, 3, time.Hour)
	d.now = opening.Add(time.Hour)
	if later := d.decide(); !later.IsZero() || d.last() != `{"awards":0,"reason":"no_entries","result":"failed"}` {
		t.Errorf("later %s, %s", later, d.last())
	}
	d.verify()
	d = mustOpen(t, 2500, 3, time.Hour)
	d.must(d.pay("ann", d.mustBuy("ann", 2)))
	d.now = opening.Add(time.Hour + time.Second)
	if later := d.decide(); !later.IsZero() || d.last() != `{"awards":1,"result":"sold"}` || d.decision.Pieces != 2 {
		t.Errorf("later %s, %s", later, d.last())
	}
	d.verify()
}

func TestEndEarly(t *testing.T) {
	d := mustOpen(t, 2500, 3, 0)
	paid, unpaid := d.mustBuy("ann", 1), d.mustBuy("bea", 1)
	d.must(d.pay("ann", paid))
	d.now = opening.Add(time.Minute)
	d.must(d.owner(deal.EndEarly, ""))
	if d.last() != `{"act":"end_early","after":{"closesAt":"2026-11-01T12:01:00.000Z","left":1},"of":0,"reason":"owner_withdrew"}` {
		t.Errorf("logged %s", d.last())
	}
	_, err := d.buy("cat", 1)
	refusal(t, err, fault.CodeClosed)
	if later := d.decide(); later.IsZero() {
		t.Error("decided while a purchase may still be paid")
	}
	d.must(d.pay("bea", unpaid))
	if d.last() != `{"awards":2,"result":"sold"}` {
		t.Errorf("closed %s", d.last())
	}
	d.verify()
	d = mustOpen(t, 2500, 3, time.Hour)
	refusal(t, d.owner(deal.EndEarly, "because"), fault.CodeInvalid)
	_, err = d.enter(deal.Entry{Account: "ann", Role: deal.Member, Act: deal.EndEarly})
	refusal(t, err, fault.CodeForbidden)
	d.must(d.owner(deal.EndEarly, deal.DescriptionChanged))
	d.decide()
	d.verify()
}

func TestCancel(t *testing.T) {
	for name, c := range map[string]struct {
		before  func(*desk)
		role    deal.Role
		reason  deal.Reason
		refused fault.Code
		closed  string
	}{
		"nothing bought": {func(*desk) {}, deal.Owner, "", "", `{"awards":0,"reason":"owner_withdrew","result":"cancelled"}`},
		"only lapsed": {func(d *desk) { s := d.mustBuy("ann", 1); d.now = d.now.Add(payWithin); d.must(d.lapse("ann", s)) },
			deal.Owner, deal.Typo, "", `{"awards":0,"reason":"typo","result":"cancelled"}`},
		"unpaid":                   {func(d *desk) { d.mustBuy("ann", 1) }, deal.Owner, "", fault.CodeWithdrawalLocked, ""},
		"paid":                     {func(d *desk) { d.must(d.pay("ann", d.mustBuy("ann", 1))) }, deal.Owner, "", fault.CodeWithdrawalLocked, ""},
		"moderator":                {func(d *desk) { d.must(d.pay("ann", d.mustBuy("ann", 1))); d.mustBuy("bea", 1) }, deal.Moderator, "", "", `{"awards":1,"reason":"moderator","result":"cancelled"}`},
		"the moderator's reason":   {func(*desk) {}, deal.Owner, deal.ByModerator, fault.CodeInvalid, ""},
		"no reason at all":         {func(*desk) {}, deal.Owner, "because", fault.CodeInvalid, ""},
		"a buyer calls it off":     {func(*desk) {}, deal.Member, "", fault.CodeForbidden, ""},
		"the site calls it off":    {func(*desk) {}, deal.Site, "", fault.CodeForbidden, ""},
		"moderator, nothing there": {func(*desk) {}, deal.Moderator, "", "", `{"awards":0,"reason":"moderator","result":"cancelled"}`},
	} {
		t.Run(name, func(t *testing.T) {
			d := mustOpen(t, 2500, 3, 0)
			c.before(d)
			_, err := d.enter(deal.Entry{Account: seller, Role: c.role, Act: deal.Cancel, Reason: c.reason})
			if c.refused != "" {
				refusal(t, err, c.refused)
				return
			}
			if err != nil || d.last() != c.closed {
				t.Fatalf("%v: %s", err, d.last())
			}
			d.verify()
		})
	}
}

func TestRoles(t *testing.T) {
	d := mustOpen(t, 2500, 3, 0)
	seq := d.mustBuy("ann", 1)
	for _, r := range []deal.Role{deal.Owner, deal.Site, deal.Moderator} {
		_, err := d.enter(deal.Entry{Account: "x", Role: r, Act: deal.Buy, Values: Buy{}})
		refusal(t, err, fault.CodeForbidden)
	}
	for _, e := range []deal.Entry{{Act: deal.Paid, Values: Paid{Seq: seq}}, {Act: deal.Lapse, Values: Lapse{Seq: seq}}} {
		e.Account, e.Role = "ann", deal.Member
		_, err := d.enter(e)
		refusal(t, err, fault.CodeForbidden)
	}
	refusal(t, d.pay("bea", seq), fault.CodeConflict)
	for _, act := range []deal.Act{deal.Bid, deal.Quote, deal.Pledge, deal.Withdraw, deal.Retract, deal.Choose} {
		_, err := d.enter(deal.Entry{Account: "ann", Role: deal.Member, Act: act})
		refusal(t, err, fault.CodeNotOffered)
	}
}

func TestOneBuyersUnpaidPurchasesAreBounded(t *testing.T) {
	d := mustOpen(t, 2500, 1000, 0)
	for range maxUnpaid {
		d.mustBuy("ann", 1)
	}
	_, err := d.buy("ann", 1)
	if f := refusal(t, err, fault.CodeLimit); f.Params["until"] != deal.FormatTime(opening.Add(payWithin)) {
		t.Errorf("params %v", f.Params)
	}
	d.mustBuy("bea", 500)
	d.verify()
}

func TestPreview(t *testing.T) {
	d := mustOpen(t, 2500, 3, 0)
	ask := func(b Buy) (deal.Preview, error) {
		return New().Preview(New().Public(d.view("")), deal.Self{Now: d.now, Standing: d.rows["ann"]}, deal.Entry{Act: deal.Buy, Values: b})
	}
	p, err := ask(Buy{Quantity: deal.Ptr[int64](3)})
	if err != nil || *p.YouPayAtMost != 7500 || *p.UnitPrice != 2500 || p.Hold != 0 || !p.HeldUntil.Equal(opening.Add(payWithin)) {
		t.Errorf("%+v %v", p, err)
	}
	_, err = ask(Buy{Quantity: deal.Ptr[int64](4)})
	refusal(t, err, fault.CodeOutOfStock)
	_, err = ask(Buy{UnitPrice: deal.Ptr[money.Amount](2400)})
	refusal(t, err, fault.CodePriceChanged)
	a, b := d.mustBuy("ann", 1), d.mustBuy("ann", 1)
	d.now = d.now.Add(payWithin)
	d.must(d.lapse("ann", a))
	d.must(d.lapse("ann", b))
	_, err = ask(Buy{})
	refusal(t, err, fault.CodeLimit)
	_, err = New().Preview(New().Public(d.view("")), deal.Self{}, deal.Entry{Act: deal.Bid})
	refusal(t, err, fault.CodeNotOffered)
}
