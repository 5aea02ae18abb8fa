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
	"fmt"
	"time"

	"haggle/internal/deal"
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
