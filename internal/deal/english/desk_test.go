package english

import (
	"bytes"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// failer is what a desk needs of *testing.T and *rapid.T.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// desk runs one auction in memory as the engine does: numbering, chaining, keeping standings and secrets.
type desk struct {
	t         failer
	view      deal.View
	opened    time.Time
	now       time.Time
	head      deal.Head
	lines     []deal.Line
	secrets   map[int64][]deal.Secret
	standings map[string]*deal.Standing
	order     []string
	decision  *deal.Decision
	related   []string // of the next entry's maker
}

func newDesk(t failer, c money.Currency, terms *Terms, length time.Duration) *desk {
	t.Helper()
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	d := &desk{t: t, opened: at, now: at, head: deal.NewHead(), secrets: map[int64][]deal.Secret{}, standings: map[string]*deal.Standing{}}
	f := deal.Frame{Deal: "d-1", Owner: "owner-account", Currency: c, OpenedAt: at, ClosesAt: at.Add(length), Terms: terms}
	checked, err := Mechanism{}.Check(f)
	if err != nil {
		t.Fatal(err)
	}
	f.Terms = checked
	d.view = deal.View{Frame: f, Now: at, Who: "owner"}
	fx, err := Mechanism{}.Open(d.view, salts())
	if err != nil {
		t.Fatal(err)
	}
	d.view.State = fx.State
	d.write(fx.Lines)
	return d
}

var saltCount int

// salts are distinct and repeatable.
func salts() []string {
	out := make([]string, 3)
	for i := range out {
		saltCount++
		out[i] = string(bytes.Repeat([]byte{"0123456789abcdef"[saltCount%16]}, 60)) + hex4(saltCount)
	}
	return out
}

func hex4(n int) string {
	const digits = "0123456789abcdef"
	return string([]byte{digits[n>>12&15], digits[n>>8&15], digits[n>>4&15], digits[n&15]})
}

func (d *desk) state() *State { return d.view.State.(*State) }

func (d *desk) terms() *Terms { return d.view.Terms.(*Terms) }

func (d *desk) write(drafts []deal.LineDraft) {
	for _, x := range drafts {
		l, err := deal.Append(d.head, d.view.Deal, d.now, x)
		if err != nil {
			d.t.Fatal(err)
		}
		if l, err = deal.ParseLine(l.Raw); err != nil {
			d.t.Fatal(err)
		}
		d.head = l.Head()
		d.lines = append(d.lines, l)
		d.secrets[l.Seq] = x.Secrets
	}
}

// enter gives an entry to the rule; a refusal must leave everything as it was.
func (d *desk) enter(e deal.Entry) (deal.Effects, error) {
	v := d.view
	v.Now, v.Seq, v.Own = d.now, d.head.Seq+1, d.standings[e.Account]
	v.Who = d.who(e)
	v.Crowd = d.crowd()
	v.Available = 1 << 40
	e.Salts, e.Related = salts(), d.related
	fx, err := Mechanism{}.Enter(v, e)
	if err != nil {
		return fx, err
	}
	d.write(fx.Lines)
	if fx.State != nil {
		d.view.State = fx.State
	}
	if !fx.ClosesAt.IsZero() {
		d.view.ClosesAt = fx.ClosesAt
	}
	if fx.Own != nil {
		d.keep(*fx.Own)
	}
	for _, s := range fx.Others {
		d.keep(s)
	}
	d.decision = fx.Decision
	return fx, nil
}

func (d *desk) who(e deal.Entry) string {
	if e.Role == deal.Owner {
		return "owner"
	}
	if s := d.standings[e.Account]; s != nil {
		return s.Pseudonym
	}
	return deal.Pseudonym(int64(len(d.order) + 1))
}

func (d *desk) keep(s deal.Standing) {
	if d.standings[s.Account] == nil {
		d.order = append(d.order, s.Account)
	}
	d.standings[s.Account] = &s
}

func (d *desk) crowd() (all []deal.Standing) {
	for _, a := range d.order {
		all = append(all, *d.standings[a])
	}
	return all
}

// try bids a maximum and says whether it was refused.
func (d *desk) try(account string, maximum money.Amount) (deal.Effects, error) {
	return d.enter(deal.Entry{Account: account, Role: deal.Member, Act: deal.Bid, Values: Bid{Max: maximum}})
}

// bid is try that must succeed.
func (d *desk) bid(account string, maximum money.Amount) deal.Effects {
	d.t.Helper()
	fx, err := d.try(account, maximum)
	if err != nil {
		d.t.Fatalf("%s bids %d: %v", account, maximum, err)
	}
	return fx
}

// close decides at the deadline, or what an entry decided, and writes the closing's lines.
func (d *desk) close() deal.Outcome {
	d.t.Helper()
	if d.decision == nil {
		d.now = d.view.ClosesAt
		v := d.view
		v.Now = d.now
		x, _, err := Mechanism{}.Decide(v)
		if err != nil {
			d.t.Fatal(err)
		}
		d.decision = &x
	}
	v := d.view
	v.Crowd = d.crowd()
	out, err := Mechanism{}.Unfold(v, *d.decision, deal.History{Lines: d.lines, Secrets: d.secrets})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, r := range out.Reveals {
		d.write([]deal.LineDraft{{Who: r.Who, Kind: deal.Revealed, Body: deal.Body{"of": r.Of, "field": r.Secret.Field, "salt": r.Secret.Salt, "value": r.Secret.Value}}})
	}
	for _, a := range out.Awards {
		d.write([]deal.LineDraft{{Who: "site", Kind: deal.Awarded, Body: deal.Body{"to": a.Pseudonym, "quantity": a.Quantity, "unitPrice": a.UnitPrice, "total": a.Total}}})
	}
	d.write([]deal.LineDraft{{Who: "site", Kind: deal.Closed, Body: out.Closed}})
	return out
}

func (d *desk) log() []byte {
	var b bytes.Buffer
	for _, l := range d.lines {
		b.Write(l.Raw)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// verified holds the whole log against the verifier.
func (d *desk) verified() error {
	_, err := deal.VerifyBytes(d.log(), deal.Registry{deal.English: New()})
	return err
}
