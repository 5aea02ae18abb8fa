package dealtest

import (
	"bytes"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// Enter gives an entry to the rule and applies what it leads to.
func (d *Deal) Enter(account string, act deal.Act, values any) (deal.Effects, error) {
	d.t.Helper()
	return d.Submit(deal.Entry{Account: account, Act: act, Values: values})
}

// Submit is [Deal.Enter] for an entry with a reason or related accounts. The role follows from the account where none
// is given.
func (d *Deal) Submit(e deal.Entry) (deal.Effects, error) {
	d.t.Helper()
	if e.Role == "" {
		e.Role = roleOf(e.Account)
	}
	if err := d.mayEnter(e); err != nil {
		return deal.Effects{}, err
	}
	e.Salts = d.fresh()
	v := d.View(e.Account)
	if d.m.Needs(e.Act, v.Terms) {
		v.Crowd = d.Crowd()
	}
	before := d.picture(v)
	fx, err := d.m.Enter(v, e)
	if !bytes.Equal(before, d.picture(v)) {
		d.t.Fatalf("%s changed what it was given", e.Act)
	}
	if err != nil {
		return deal.Effects{}, err
	}
	d.apply(e, fx)
	return fx, nil
}

// mayEnter is what the engine checks for every kind.
func (d *Deal) mayEnter(e deal.Entry) error {
	switch {
	case e.Role == deal.Owner && e.Account != Owner:
		return fault.New(fault.CodeForbidden, nil)
	case e.Role == deal.Member && e.Account == Owner:
		return fault.New(fault.CodeOwnDeal, nil)
	case d.decision != nil, e.Role != deal.Site && !d.frame.ClosesAt.IsZero() && !d.now.Before(d.frame.ClosesAt):
		return fault.New(fault.CodeClosed, fault.Params{"closesAt": deal.FormatTime(d.frame.ClosesAt)})
	}
	return nil
}

// picture is everything that a view gives a rule to read.
func (d *Deal) picture(v deal.View) []byte {
	b := append(d.encode(v.Terms), d.encode(v.State)...)
	for _, s := range v.Crowd {
		b = append(b, d.encode(s)...)
	}
	if v.Own != nil {
		b = append(b, d.encode(v.Own)...)
	}
	return b
}

func (d *Deal) apply(e deal.Entry, fx deal.Effects) {
	d.t.Helper()
	seq, newcomer := int64(len(d.lines)), e.Role == deal.Member && d.rows[e.Account] == nil
	for _, l := range fx.Lines {
		d.append(d.now, l)
	}
	if newcomer {
		d.members++
	}
	if fx.Own != nil {
		d.keep(*fx.Own)
	} else if newcomer {
		d.keep(deal.Standing{Account: e.Account, Pseudonym: deal.Pseudonym(d.members), Seq: seq, At: d.now})
	}
	for _, s := range fx.Others {
		d.keep(s)
	}
	if fx.State != nil {
		d.state = d.encode(fx.State)
	}
	if !fx.ClosesAt.IsZero() {
		d.frame.ClosesAt = fx.ClosesAt
	}
	for _, a := range fx.Orders {
		d.orders = append(d.orders, a)
		if a.Payment == deal.PayFromFree {
			d.spend(a.Buyer, a.Total)
		}
	}
	if fx.Decision != nil {
		d.decision, d.decided = fx.Decision, d.now
	}
}

// keep stores a standing and moves the difference of its hold.
func (d *Deal) keep(s deal.Standing) {
	d.t.Helper()
	var before money.Amount
	if old := d.rows[s.Account]; old != nil {
		before = old.Hold
	}
	if s.Hold != before {
		d.spend(s.Account, s.Hold-before)
	}
	r := &row{Standing: s}
	if s.Values != nil {
		r.values = d.encode(s.Values)
	}
	r.Values = nil
	d.rows[s.Account] = r
}

func (d *Deal) spend(account string, a money.Amount) {
	d.t.Helper()
	left := d.Free(account) - a
	if left < 0 {
		d.t.Fatalf("%s lacks %d: the rule took money that is not there", account, -left)
	}
	d.funds[account] = left
}

func (d *Deal) append(at time.Time, l deal.LineDraft) {
	d.t.Helper()
	head := deal.NewHead()
	if n := len(d.lines); n > 0 {
		head = d.lines[n-1].Head()
	}
	line, err := deal.Append(head, ID, at, l)
	if err != nil {
		d.t.Fatalf("append: %v", err)
	}
	if line, err = deal.ParseLine(line.Raw); err != nil { // as it is read back from a store
		d.t.Fatalf("parse: %v", err)
	}
	d.lines = append(d.lines, line)
	if len(l.Secrets) > 0 {
		d.secrets[line.Seq] = l.Secrets
	}
}

func (d *Deal) encode(v any) []byte {
	d.t.Helper()
	raw, err := bson.Marshal(v)
	if err != nil {
		d.t.Fatalf("%T: %v", v, err)
	}
	return raw
}

func decoded(d *Deal, raw []byte, into any) any {
	d.t.Helper()
	if err := bson.Unmarshal(raw, into); err != nil {
		d.t.Fatalf("%T: %v", into, err)
	}
	return into
}
