package fixed

import (
	"encoding/json"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

var (
	opening  = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	registry = deal.Registry{deal.Fixed: New()}
)

const seller = "seller"

// desk runs one listing in memory as a site would: it applies effects, keeps the log and settles the close.
type desk struct {
	tb       testing.TB
	now      time.Time
	frame    deal.Frame
	state    any
	rows     map[string]*deal.Standing
	members  int64
	lines    []deal.Line
	decision *deal.Decision
	outcome  deal.Outcome
	orders   []deal.Award
}

// newDesk opens a listing, open-ended where open is 0, or says why it cannot be.
func newDesk(tb testing.TB, t Terms, open time.Duration) (*desk, error) {
	tb.Helper()
	c, err := money.Lookup("TWD")
	if err != nil {
		tb.Fatal(err)
	}
	d := &desk{tb: tb, now: opening, rows: map[string]*deal.Standing{}}
	d.frame = deal.Frame{Deal: "d-fixed-1", Owner: seller, Currency: c, OpenedAt: opening, Terms: &t}
	if open > 0 {
		d.frame.ClosesAt = opening.Add(open)
	}
	if d.frame.Terms, err = New().Check(d.frame); err != nil {
		return nil, err
	}
	fx, err := New().Open(deal.View{Frame: d.frame, Now: opening, Who: "owner"}, nil)
	if err != nil {
		return nil, err
	}
	d.apply(deal.Entry{Account: seller, Role: deal.Owner}, fx)
	return d, nil
}

func mustOpen(tb testing.TB, price money.Amount, quantity int64, open time.Duration) *desk {
	tb.Helper()
	d, err := newDesk(tb, Terms{Price: price, Quantity: &quantity}, open)
	if err != nil {
		tb.Fatalf("open: %v", err)
	}
	return d
}

func (d *desk) view(account string) deal.View {
	return deal.View{Frame: d.frame, Now: d.now, Seq: int64(len(d.lines)), State: d.state, Own: d.rows[account], Who: "site"}
}

// over says whether the deadline has come.
func (d *desk) over() bool { return !d.frame.ClosesAt.IsZero() && !d.now.Before(d.frame.ClosesAt) }

// enter submits an entry as the engine does: closed deals first, then the rule; it checks that nothing given changed.
func (d *desk) enter(e deal.Entry) (deal.Answer, error) {
	d.tb.Helper()
	if d.decision != nil || e.Role != deal.Site && d.over() {
		return deal.Answer{}, fault.New(fault.CodeClosed, nil)
	}
	v := d.view(e.Account)
	switch {
	case e.Role == deal.Owner:
		v.Who = "owner"
	case e.Role == deal.Member && v.Own != nil:
		v.Who = v.Own.Pseudonym
	case e.Role == deal.Member:
		v.Who = deal.Pseudonym(d.members + 1)
	}
	before := snapshot(d.tb, v)
	fx, err := New().Enter(v, e)
	if snapshot(d.tb, v) != before {
		d.tb.Fatalf("%s changed what it was given", e.Act)
	}
	if err != nil {
		return deal.Answer{}, err
	}
	d.apply(e, fx)
	return fx.Answer, nil
}

func snapshot(tb testing.TB, v any) string {
	tb.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		tb.Fatal(err)
	}
	return string(raw)
}

func (d *desk) apply(e deal.Entry, fx deal.Effects) {
	if e.Role == deal.Member && d.rows[e.Account] == nil {
		d.members++
	}
	for _, l := range fx.Lines {
		d.append(l)
	}
	if fx.State != nil {
		d.state = fx.State
	}
	if fx.Own != nil {
		d.rows[fx.Own.Account] = fx.Own
	}
	if !fx.ClosesAt.IsZero() {
		d.frame.ClosesAt = fx.ClosesAt
	}
	d.orders = append(d.orders, fx.Orders...)
	if fx.Decision != nil {
		d.settle(*fx.Decision)
	}
}

func (d *desk) append(l deal.LineDraft) {
	head := deal.NewHead()
	if len(d.lines) > 0 {
		head = d.lines[len(d.lines)-1].Head()
	}
	line, err := deal.Append(head, d.frame.Deal, d.now, l)
	if err != nil {
		d.tb.Fatal(err)
	}
	d.lines = append(d.lines, line)
}

func (d *desk) settle(dec deal.Decision) {
	d.decision = &dec
	out, err := New().Unfold(d.view(""), dec, deal.History{Lines: d.lines})
	if err != nil || len(out.Awards)+len(out.Reveals) > 0 {
		d.tb.Fatalf("unfold: %+v %v", out, err)
	}
	d.outcome = out
	d.append(deal.LineDraft{Who: "site", Kind: deal.Closed, Body: out.Closed})
}

// decide asks for the outcome as a due deadline does.
func (d *desk) decide() (later time.Time) {
	d.tb.Helper()
	dec, later, err := New().Decide(d.view(""))
	if err != nil {
		d.tb.Fatal(err)
	}
	if later.IsZero() {
		d.settle(dec)
	}
	return later
}

func (d *desk) log() []byte { return joined(d.lines) }

func joined(lines []deal.Line) []byte {
	var b []byte
	for _, l := range lines {
		b = append(append(b, l.Raw...), '\n')
	}
	return b
}

func (d *desk) verify() {
	d.tb.Helper()
	if _, err := deal.VerifyBytes(d.log(), registry); err != nil {
		d.tb.Fatalf("verify: %v\n%s", err, d.log())
	}
}

// buy takes pieces and gives the seq of the purchase.
func (d *desk) buy(buyer string, pieces int64) (int64, error) {
	d.tb.Helper()
	seq := int64(len(d.lines))
	_, err := d.enter(deal.Entry{Account: buyer, Role: deal.Member, Act: deal.Buy, Values: Buy{Quantity: &pieces}})
	return seq, err
}

func (d *desk) mustBuy(buyer string, pieces int64) int64 {
	d.tb.Helper()
	seq, err := d.buy(buyer, pieces)
	if err != nil {
		d.tb.Fatalf("%s buys %d: %v", buyer, pieces, err)
	}
	return seq
}

func (d *desk) pay(buyer string, seq int64) error {
	d.tb.Helper()
	_, err := d.enter(deal.Entry{Account: buyer, Role: deal.Site, Act: deal.Paid, Values: Paid{Seq: seq}})
	return err
}

// lapse says that the time of a purchase is over.
func (d *desk) lapse(buyer string, seq int64) error { return d.callOff(buyer, seq, deal.PaymentLapsed) }

func (d *desk) callOff(buyer string, seq int64, why deal.Reason) error {
	d.tb.Helper()
	_, err := d.enter(deal.Entry{Account: buyer, Role: deal.Site, Act: deal.Lapse, Values: Lapse{Seq: seq}, Reason: why})
	return err
}

func (d *desk) must(err error) {
	d.tb.Helper()
	if err != nil {
		d.tb.Fatal(err)
	}
}

func (d *desk) owner(act deal.Act, reason deal.Reason) error {
	d.tb.Helper()
	_, err := d.enter(deal.Entry{Account: seller, Role: deal.Owner, Act: act, Reason: reason})
	return err
}

func (d *desk) stock() State { return *d.state.(*State) }

func (d *desk) last() string { return canonical(d.lines[len(d.lines)-1].Body) }

func refusal(t testing.TB, err error, want fault.Code) *fault.Error {
	t.Helper()
	if !fault.Is(err, want) {
		t.Fatalf("got %v, want %s", err, want)
	}
	return fault.From(err)
}
