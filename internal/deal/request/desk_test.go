package request

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

var opening = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

const buyer = "buyer"

var registry = deal.Registry{deal.Request: New()}

// desk runs one request in memory as a site would: it applies effects, keeps the log and settles the close.
type desk struct {
	tb       testing.TB
	now      time.Time
	frame    deal.Frame
	state    any
	rows     map[string]*deal.Standing
	members  int64
	lines    []deal.Line
	secrets  map[int64][]deal.Secret
	decision *deal.Decision
	decided  time.Time
	outcome  deal.Outcome
	funds    money.Amount // of the buyer
	salts    int
}

// newDesk opens a request for ten hours, or says why it cannot be.
func newDesk(tb testing.TB, currency string, t Terms, funds money.Amount) (*desk, error) {
	tb.Helper()
	return newDeskFor(tb, currency, t, funds, 10*time.Hour)
}

func newDeskFor(tb testing.TB, currency string, t Terms, funds money.Amount, open time.Duration) (*desk, error) {
	tb.Helper()
	c, err := money.Lookup(currency)
	if err != nil {
		tb.Fatal(err)
	}
	d := &desk{tb: tb, now: opening, rows: map[string]*deal.Standing{}, secrets: map[int64][]deal.Secret{}, funds: funds}
	d.frame = deal.Frame{Deal: "d-request-1", Owner: buyer, Currency: c, OpenedAt: opening, ClosesAt: opening.Add(open), Terms: &t}
	if d.frame.Terms, err = New().Check(d.frame); err != nil {
		return nil, err
	}
	v := deal.View{Frame: d.frame, Now: opening, Who: "owner", Available: funds}
	fx, err := New().Open(v, d.fresh())
	if err != nil {
		return nil, err
	}
	d.apply(deal.Entry{Account: buyer, Role: deal.Owner}, fx)
	return d, nil
}

func mustOpen(tb testing.TB, t Terms) *desk {
	tb.Helper()
	d, err := newDesk(tb, "TWD", t, 0)
	if err != nil {
		tb.Fatalf("open: %v", err)
	}
	return d
}

// fresh gives three salts that no other call gives.
func (d *desk) fresh() []string {
	out := make([]string, 3)
	for i := range out {
		d.salts++
		out[i] = fmt.Sprintf("%064x", d.salts)
	}
	return out
}

func (d *desk) terms() *Terms { return d.frame.Terms.(*Terms) }

func (d *desk) view(account, who string) deal.View {
	v := deal.View{Frame: d.frame, Now: d.now, Seq: int64(len(d.lines)), State: d.state, Own: d.rows[account], Who: who}
	if d.rows[account] != nil {
		v.Who = d.rows[account].Pseudonym
	}
	v.Crowd = d.crowd()
	return v
}

func (d *desk) crowd() []deal.Standing {
	var out []deal.Standing
	for _, s := range d.rows {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b deal.Standing) int { return int(a.Seq - b.Seq) })
	return out
}

// enter submits an entry as the engine does: closed deals first, then the rule; it checks that nothing given changed.
func (d *desk) enter(e deal.Entry) (deal.Answer, error) {
	d.tb.Helper()
	if d.decision != nil || !d.now.Before(d.frame.ClosesAt) {
		return deal.Answer{}, fault.New(fault.CodeClosed, nil)
	}
	who := map[deal.Role]string{deal.Owner: "owner", deal.Moderator: "site", deal.Site: "site"}[e.Role]
	if e.Role == deal.Member {
		who = deal.Pseudonym(d.members + 1)
	}
	e.Salts = d.fresh()
	v := d.view(e.Account, who)
	if !New().Needs(e.Act, v.Terms) {
		v.Crowd = nil
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
	if len(l.Secrets) > 0 {
		d.secrets[line.Seq] = l.Secrets
	}
	d.lines = append(d.lines, line)
}

// settle writes what follows from a decision.
func (d *desk) settle(dec deal.Decision) {
	d.decision, d.decided = &dec, d.now
	v := d.view("", "site")
	out, err := New().Unfold(v, dec, deal.History{Lines: d.lines, Secrets: d.secrets})
	if err != nil {
		d.tb.Fatalf("unfold: %v", err)
	}
	d.outcome = out
	for _, r := range out.Reveals {
		d.append(deal.LineDraft{Who: r.Who, Kind: deal.Revealed,
			Body: deal.Body{"of": r.Of, "field": r.Secret.Field, "salt": r.Secret.Salt, "value": r.Secret.Value}})
	}
	for _, a := range out.Awards {
		d.append(deal.LineDraft{Who: "site", Kind: deal.Awarded,
			Body: deal.Body{"to": a.Pseudonym, "quantity": a.Quantity, "unitPrice": a.UnitPrice, "total": a.Total}})
	}
	d.append(deal.LineDraft{Who: "site", Kind: deal.Closed, Body: out.Closed})
}

// close lets the deadline come, unless the request has ended.
func (d *desk) close() {
	d.tb.Helper()
	if d.decision != nil {
		return
	}
	d.now = d.frame.ClosesAt
	v := d.view("", "site")
	if !New().Needs(deal.ActClose, v.Terms) {
		v.Crowd = nil
	}
	dec, later, err := New().Decide(v)
	if err != nil || !later.IsZero() {
		d.tb.Fatalf("decide: later %v, %v", later, err)
	}
	d.settle(dec)
}

// log is the log as it is served.
func (d *desk) log() []byte { return joined(d.lines) }

func joined(lines []deal.Line) []byte {
	var b []byte
	for _, l := range lines {
		b = append(append(b, l.Raw...), '\n')
	}
	return b
}

// verify recomputes the log from its bytes.
func (d *desk) verify() {
	d.tb.Helper()
	if _, err := deal.VerifyBytes(d.log(), registry); err != nil {
		d.tb.Fatalf("verify: %v\n%s", err, d.log())
	}
}

// quote lets a seller quote for all that is wanted.
func (d *desk) quote(seller string, price money.Amount) (deal.Answer, error) {
	d.tb.Helper()
	return d.offer(seller, Quote{UnitPrice: price})
}

func (d *desk) offer(seller string, q Quote) (deal.Answer, error) {
	d.tb.Helper()
	return d.enter(deal.Entry{Account: seller, Role: deal.Member, Act: deal.Quote, Values: q})
}

func (d *desk) mustQuote(seller string, price money.Amount) deal.Answer {
	d.tb.Helper()
	a, err := d.quote(seller, price)
	if err != nil {
		d.tb.Fatalf("%s quotes %d: %v", seller, price, err)
	}
	return a
}

func (d *desk) choose(quote, reason string) error {
	_, err := d.enter(deal.Entry{Account: buyer, Role: deal.Owner, Act: deal.Choose, Values: Choose{Quote: quote, Reason: reason}})
	return err
}

// won is what the outcome awards: "p2 1×64000" a line.
func (d *desk) won() string {
	var out []string
	for _, a := range d.outcome.Awards {
		out = append(out, fmt.Sprintf("%s %d×%d", a.Pseudonym, a.Quantity, a.UnitPrice))
	}
	return fmt.Sprint(out)
}

func refusal(t testing.TB, err error, want fault.Code) *fault.Error {
	t.Helper()
	if !fault.Is(err, want) {
		t.Fatalf("got %v, want %s", err, want)
	}
	return fault.From(err)
}
