// Package dealtest runs one deal in memory as the engine runs it on a store: it numbers and chains the log, keeps
// standings, secrets and balances, lets the clock stand where the test puts it, and settles the close.
//
//	d := dealtest.New(t, english.New(), &english.Terms{StartPrice: 1000}, dealtest.Options{Currency: "USD"})
//	d.Wait(time.Minute)
//	fx, err := d.Enter("ann", deal.Bid, english.Bid{Max: 5000})
//	d.Close()
//	err = d.Verify()
//
// Terms, state and standings go through BSON on every step, as in a store, so that a field which is not stored is
// missed. Every entry is watched: a rule that changes what it was given, or takes money that is not there, fails the
// test. [Drafts] and [Chain] forge logs whose chain is sound.
package dealtest

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// The accounts that are no members. Every other name is a member.
const (
	Owner     = "owner-account"
	Site      = ""
	Moderator = "moderator-account"
)

// ID is the deal's id.
const ID = "d-test-1"

// Opening is when every deal opens.
var Opening = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// T is what is needed of *testing.T, *testing.B and *rapid.T.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Options of a deal; the zero value is good.
type Options struct {
	Currency string        // default USD
	Length   time.Duration // default 24 h; negative: open-ended
	Funds    money.Amount  // every account's free money at first; default 10^12
}

// Deal is one deal under test.
type Deal struct {
	t        T
	m        deal.Mechanism
	reg      deal.Registry
	frame    deal.Frame // Terms is nil: they are stored
	now      time.Time
	terms    []byte
	state    []byte
	rows     map[string]*row
	members  int64
	lines    []deal.Line
	secrets  map[int64][]deal.Secret
	funds    map[string]money.Amount
	first    money.Amount
	orders   []deal.Award
	decision *deal.Decision
	decided  time.Time
	closed   bool
	salts    int
}

// row is a standing as it is stored.
type row struct {
	deal.Standing // without Values
	values        []byte
}

// New opens a deal that must be possible.
func New(t T, m deal.Mechanism, terms any, o Options) *Deal {
	t.Helper()
	d, err := Open(t, m, terms, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	return d
}

// Open opens a deal, or gives the refusal.
func Open(t T, m deal.Mechanism, terms any, o Options) (*Deal, error) {
	t.Helper()
	if o.Currency == "" {
		o.Currency = "USD"
	}
	if o.Length == 0 {
		o.Length = 24 * time.Hour
	}
	if o.Funds == 0 {
		o.Funds = 1_000_000_000_000
	}
	c, err := money.Lookup(o.Currency)
	if err != nil {
		t.Fatalf("%v", err)
	}
	d := &Deal{t: t, m: m, reg: deal.Registry{m.Kind(): m}, now: Opening, rows: map[string]*row{}, secrets: map[int64][]deal.Secret{},
		funds: map[string]money.Amount{}, first: o.Funds}
	d.frame = deal.Frame{Deal: ID, Owner: Owner, Currency: c, About: deal.ZeroHash, OpenedAt: Opening}
	if o.Length > 0 {
		d.frame.ClosesAt = Opening.Add(o.Length)
	}
	return d, d.open(terms)
}

func (d *Deal) open(terms any) error {
	f := d.frame
	f.Terms = terms
	checked, err := d.m.Check(f)
	if err != nil {
		return err
	}
	d.terms, d.state = d.encode(checked), d.encode(d.m.NewState())
	v := d.View(Owner)
	v.State = nil
	fx, err := d.m.Open(v, d.fresh())
	if err != nil {
		return err
	}
	d.apply(deal.Entry{Account: Owner, Role: deal.Owner}, fx)
	return nil
}

// fresh gives three salts that no other call gives; the same run gives the same ones.
func (d *Deal) fresh() []string {
	out := make([]string, 3)
	for i := range out {
		d.salts++
		out[i] = fmt.Sprintf("%064x", d.salts)
	}
	return out
}

// Now is the time of the next entry.
func (d *Deal) Now() time.Time { return d.now }

// Wait lets time pass, in whole milliseconds.
func (d *Deal) Wait(by time.Duration) { d.WaitUntil(d.now.Add(by)) }

// WaitUntil puts the clock to a time, which must not be past.
func (d *Deal) WaitUntil(at time.Time) {
	d.t.Helper()
	if at = deal.Millis(at); at.Before(d.now) {
		d.t.Fatalf("the clock cannot go back from %s to %s", d.now, at)
	}
	d.now = at
}

// ClosesAt is the deadline in force; zero where open-ended.
func (d *Deal) ClosesAt() time.Time { return d.frame.ClosesAt }

// Frame is what the rule knows of the deal, with its terms.
func (d *Deal) Frame() deal.Frame {
	f := d.frame
	f.Terms = decoded(d, d.terms, d.m.NewTerms())
	return f
}

// State is the rule's running state, a copy.
func (d *Deal) State() any { return decoded(d, d.state, d.m.NewState()) }

// Standing is an account's standing, a copy; nil where it never entered.
func (d *Deal) Standing(account string) *deal.Standing {
	r := d.rows[account]
	if r == nil {
		return nil
	}
	s := r.Standing
	if r.values != nil {
		s.Values = decoded(d, r.values, d.m.NewStanding())
	}
	return &s
}

// Crowd is every standing by Seq.
func (d *Deal) Crowd() []deal.Standing {
	var all []deal.Standing
	for account := range d.rows {
		all = append(all, *d.Standing(account))
	}
	slices.SortFunc(all, func(a, b deal.Standing) int { return int(a.Seq - b.Seq) })
	return all
}

// Free is an account's free money: what it had, less holds and what it paid for at once.
func (d *Deal) Free(account string) money.Amount {
	left, spent := d.funds[account]
	if !spent {
		left = d.first
	}
	return left
}

// SetFree gives an account other free money than the first.
func (d *Deal) SetFree(account string, a money.Amount) { d.funds[account] = a }

// Orders are those that entries began at once.
func (d *Deal) Orders() []deal.Award { return d.orders }

// Decision is what the deal ended with; nil while it is open.
func (d *Deal) Decision() *deal.Decision { return d.decision }

// View is what an entry of an account would be judged by, without the crowd.
func (d *Deal) View(account string) deal.View {
	v := deal.View{Frame: d.Frame(), Now: d.now, Seq: int64(len(d.lines)), State: d.State(), Own: d.Standing(account)}
	v.Who, v.Available = d.who(account), d.Free(account)
	return v
}

func (d *Deal) who(account string) string {
	switch {
	case account == Owner:
		return "owner"
	case account == Site || account == Moderator:
		return "site"
	case d.rows[account] != nil:
		return d.rows[account].Pseudonym
	}
	return deal.Pseudonym(d.members + 1)
}

// Public is what anybody may see.
func (d *Deal) Public() deal.Public { return d.m.Public(d.View(Site)) }

// Preview asks what an entry would mean for its maker.
func (d *Deal) Preview(account string, act deal.Act, values any) (deal.Preview, error) {
	self := deal.Self{Standing: d.Standing(account), Available: d.Free(account), Now: d.now}
	return d.m.Preview(d.Public(), self, deal.Entry{Account: account, Role: roleOf(account), Act: act, Values: values})
}

func roleOf(account string) deal.Role {
	switch account {
	case Owner:
		return deal.Owner
	case Moderator:
		return deal.Moderator
	case Site:
		return deal.Site
	}
	return deal.Member
}

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
