package group

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// failer is what a test, a benchmark and a property have in common.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

var start = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

var twd = func() money.Currency {
	c, err := money.Lookup("TWD")
	if err != nil {
		panic(err)
	}
	return c
}()

// market runs one deal in memory as an engine would.
type market struct {
	t         failer
	m         deal.Mechanism
	frame     deal.Frame
	now       time.Time
	state     any
	head      deal.Head
	lines     []deal.Line
	standings map[string]*deal.Standing
	secrets   map[int64][]deal.Secret
	funds     map[string]money.Amount // free money of those named; the rest have plenty
	decision  *deal.Decision
	outcome   deal.Outcome
	salts     int
}

// opened starts a market of an hour with these terms.
func opened(t failer, terms Terms) *market { return openedFor(t, terms, time.Hour) }

func openedFor(t failer, terms Terms, duration time.Duration) *market {
	t.Helper()
	k := &market{t: t, m: New(), now: start, head: deal.NewHead(), standings: map[string]*deal.Standing{}, secrets: map[int64][]deal.Secret{},
		funds: map[string]money.Amount{}}
	k.frame = deal.Frame{Deal: "g1", Owner: "olga", Currency: twd, OpenedAt: start, ClosesAt: start.Add(duration), Terms: &terms}
	checked, err := k.m.Check(k.frame)
	if err != nil {
		t.Fatalf("terms: %v", err)
	}
	k.frame.Terms = checked
	fx, err := k.m.Open(k.view("olga", deal.Owner), nil)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	k.apply("olga", fx)
	return k
}

func (k *market) terms() *Terms { return k.frame.Terms.(*Terms) }
func (k *market) sums() []Sums  { return k.state.(*State).Tiers }

// at moves the clock to so long after the opening.
func (k *market) at(d time.Duration) *market { k.now = start.Add(d); return k }

func (k *market) view(account string, role deal.Role) deal.View {
	v := deal.View{Frame: k.frame, Now: k.now, Seq: k.head.Seq + 1, State: k.state, Own: k.standings[account], Available: k.free(account)}
	switch {
	case role == deal.Owner:
		v.Who = "owner"
	case role != deal.Member:
		v.Who = "site"
	case v.Own != nil:
		v.Who = v.Own.Pseudonym
	default:
		v.Who = deal.Pseudonym(int64(len(k.standings) + 1))
	}
	return v
}

func (k *market) free(account string) money.Amount {
	if free, ok := k.funds[account]; ok {
		return free
	}
	return 1_000_000_000
}

// try submits an entry and answers what the mechanism did with it.
func (k *market) try(account string, role deal.Role, act deal.Act, values any, reason deal.Reason) (deal.Effects, error) {
	k.salts++
	sum := sha256.Sum256(fmt.Appendf(nil, "salt %d", k.salts))
	e := deal.Entry{Account: account, Role: role, Act: act, Values: values, Reason: reason, Salts: []string{hex.EncodeToString(sum[:])}}
	fx, err := k.m.Enter(k.view(account, role), e)
	if err == nil {
		k.apply(account, fx)
	}
	return fx, err
}

// apply stores what an entry led to; a decision is unfolded at once.
func (k *market) apply(account string, fx deal.Effects) {
	k.write(fx.Lines...)
	if fx.State != nil {
		k.state = fx.State
	}
	if fx.Own != nil {
		if free, ok := k.funds[account]; ok {
			var held money.Amount
			if old := k.standings[account]; old != nil {
				held = old.Hold
			}
			k.funds[account] = free + held - fx.Own.Hold
		}
		k.standings[account] = fx.Own
	}
	if fx.Decision != nil {
		k.unfold(*fx.Decision)
	}
}

func (k *market) write(drafts ...deal.LineDraft) {
	for _, d := range drafts {
		l, err := deal.Append(k.head, k.frame.Deal, k.now, d)
		if err != nil {
			k.t.Fatalf("line: %v", err)
		}
		if len(d.Secrets) > 0 {
			k.secrets[l.Seq] = d.Secrets
		}
		k.lines, k.head = append(k.lines, l), l.Head()
	}
}

func (k *market) crowd() []deal.Standing {
	var out []deal.Standing
	for _, s := range k.standings {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b deal.Standing) int { return cmp.Compare(a.Seq, b.Seq) })
	return out
}

// pledge submits a pledge that must be accepted; a ceiling of 0 is left out.
func (k *market) pledge(account string, quantity, tolerance int64, ceiling money.Amount) deal.Effects {
	k.t.Helper()
	fx, err := k.tryPledge(account, quantity, tolerance, ceiling)
	if err != nil {
		k.t.Fatalf("pledge of %s: %v", account, err)
	}
	return fx
}

func (k *market) tryPledge(account string, quantity, tolerance int64, ceiling money.Amount) (deal.Effects, error) {
	return k.try(account, deal.Member, deal.Pledge, input(quantity, tolerance, ceiling), "")
}

func input(quantity, tolerance int64, ceiling money.Amount) Pledge {
	p := Pledge{Quantity: quantity, Tolerance: tolerance}
	if ceiling != 0 {
		p.Ceiling = &ceiling
	}
	return p
}

func (k *market) withdraw(account string) (deal.Effects, error) {
	return k.try(account, deal.Member, deal.Withdraw, nil, "")
}

// close decides the deal at its deadline and writes what follows, unless a full cap has done so.
func (k *market) close() *market {
	k.t.Helper()
	if k.decision != nil {
		return k
	}
	k.now = k.frame.ClosesAt
	v := k.view("", deal.Site)
	if k.m.Needs(deal.ActClose, k.frame.Terms) {
		v.Crowd = k.crowd()
	}
	d, later, err := k.m.Decide(v)
	if err != nil || !later.IsZero() {
		k.t.Fatalf("decide: %v, later %v", err, later)
	}
	k.unfold(d)
	return k
}

func (k *market) unfold(d deal.Decision) {
	v := k.view("", deal.Site)
	v.Crowd = k.crowd()
	out, err := k.m.Unfold(v, d, deal.History{Lines: k.lines, Secrets: k.secrets})
	if err != nil {
		k.t.Fatalf("unfold: %v", err)
	}
	for _, r := range out.Reveals {
		k.write(deal.LineDraft{Who: r.Who, Kind: deal.Revealed, Body: deal.Body{"of": r.Of, "field": r.Secret.Field, "salt": r.Secret.Salt, "value": r.Secret.Value}})
	}
	for _, a := range out.Awards {
		k.write(deal.LineDraft{Who: "site", Kind: deal.Awarded, Body: deal.Body{"to": a.Pseudonym, "quantity": a.Quantity, "unitPrice": a.UnitPrice, "total": a.Total}})
	}
	k.write(deal.LineDraft{Who: "site", Kind: deal.Closed, Body: out.Closed})
	k.decision, k.outcome = &d, out
}

// log is the deal's public log as it is served.
func (k *market) log() []byte { return asServed(k.lines) }

func asServed(lines []deal.Line) []byte {
	var b bytes.Buffer
	for _, l := range lines {
		b.Write(l.Raw)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

var registry = deal.Registry{deal.Group: New()}

// verify reads the log as a stranger would.
func (k *market) verify() error {
	_, err := deal.VerifyBytes(k.log(), registry)
	return err
}

// body writes the body of a line for comparing.
func body(l deal.Line) string {
	raw, err := deal.Canonical(l.Body)
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

// ladder are terms with three tiers: 5 → 800, 12 → 720, 20 → 640.
func ladder() Terms {
	return Terms{Tiers: []Tier{{5, 80000}, {12, 72000}, {20, 64000}}}
}
