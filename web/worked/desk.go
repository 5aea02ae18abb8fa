package worked

import (
	"fmt"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/registry"
	"haggle/internal/money"
)

// opening is when every example begins: a Tuesday without a holiday near.
var opening = time.Date(2026, 3, 3, 2, 0, 0, 0, time.UTC)

// enough is the free money of everybody in an example, in major units.
const enough = 1_000_000

// desk runs one deal in memory as a site would: the rule decides, the desk keeps what it says.
type desk struct {
	rule     deal.Mechanism
	frame    deal.Frame
	now      time.Time
	state    any
	rows     map[string]*deal.Standing
	lines    []deal.Line
	secrets  map[int64][]deal.Secret
	decision *deal.Decision
	outcome  deal.Outcome
	funds    money.Amount
	salts    int
}

// open opens a deal of a kind for a length of time.
func open(kind deal.Kind, c money.Currency, terms any, length time.Duration) (*desk, error) {
	rule := registry.All()[kind]
	d := &desk{rule: rule, now: opening, rows: map[string]*deal.Standing{}, secrets: map[int64][]deal.Secret{}, funds: major(c, enough)}
	d.frame = deal.Frame{Deal: "example", Owner: "owner", Currency: c, OpenedAt: opening, Terms: terms}
	if length > 0 {
		d.frame.ClosesAt = opening.Add(length)
	}
	checked, err := rule.Check(d.frame)
	if err != nil {
		return nil, fmt.Errorf("worked: the terms of the %s: %w", kind, err)
	}
	d.frame.Terms = checked
	fx, err := rule.Open(d.view("owner", "owner"), d.fresh())
	if err != nil {
		return nil, fmt.Errorf("worked: opening the %s: %w", kind, err)
	}
	return d, d.apply(fx)
}

// major is an amount of whole dollars, yen or euros.
func major(c money.Currency, n int64) money.Amount {
	for range c.Exponent {
		n *= 10
	}
	return money.CeilTo(money.Amount(n), c.CashUnit)
}

// fresh gives salts that no other call of this desk gives; nothing here is secret.
func (d *desk) fresh() []string {
	out := make([]string, 3)
	for i := range out {
		d.salts++
		out[i] = fmt.Sprintf("%064x", d.salts)
	}
	return out
}

func (d *desk) view(account, who string) deal.View {
	v := deal.View{Frame: d.frame, Now: d.now, Seq: int64(len(d.lines)), State: d.state, Own: d.rows[account], Who: who, Available: d.funds, Crowd: d.crowd()}
	if v.Own != nil {
		v.Who = v.Own.Pseudonym
		v.Available -= v.Own.Hold
	}
	return v
}

func (d *desk) crowd() []deal.Standing {
	out := make([]deal.Standing, 0, len(d.rows))
	for _, s := range d.rows {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b deal.Standing) int { return int(a.Seq - b.Seq) })
	return out
}

// who is the pseudonym of a member, the one that he has or will get.
func (d *desk) who(account string) string {
	if s := d.rows[account]; s != nil {
		return s.Pseudonym
	}
	members := int64(1)
	for _, s := range d.rows {
		if s.Account != d.frame.Owner {
			members++
		}
	}
	return deal.Pseudonym(members)
}

// enter lets a member act, and gives all that follows.
func (d *desk) enter(account string, act deal.Act, values any) (deal.Effects, error) {
	e := deal.Entry{Account: account, Role: deal.Member, Act: act, Values: values, Salts: d.fresh()}
	fx, err := d.rule.Enter(d.view(account, d.who(account)), e)
	if err != nil {
		return fx, err
	}
	return fx, d.apply(fx)
}

// preview is what an entry would mean for a member.
func (d *desk) preview(account string, act deal.Act, values any) (deal.Preview, error) {
	self := deal.Self{Standing: d.rows[account], Available: d.funds, Now: d.now}
	return d.rule.Preview(d.public(), self, deal.Entry{Account: account, Role: deal.Member, Act: act, Values: values})
}

// public is the deal as anybody sees it.
func (d *desk) public() deal.Public {
	p := d.rule.Public(d.view("", "site"))
	p.Currency, p.ClosesAt = d.frame.Currency, d.frame.ClosesAt
	p.Entries = int64(len(d.lines) - 1)
	return p
}

func (d *desk) apply(fx deal.Effects) error {
	for _, l := range fx.Lines {
		if err := d.append(l); err != nil {
			return err
		}
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
		return d.settle(*fx.Decision)
	}
	return nil
}

func (d *desk) append(l deal.LineDraft) error {
	head := deal.NewHead()
	if len(d.lines) > 0 {
		head = d.lines[len(d.lines)-1].Head()
	}
	line, err := deal.Append(head, d.frame.Deal, d.now, l)
	if err != nil {
		return err
	}
	if len(l.Secrets) > 0 {
		d.secrets[line.Seq] = l.Secrets
	}
	d.lines = append(d.lines, line)
	return nil
}

func (d *desk) settle(dec deal.Decision) (err error) {
	d.decision = &dec
	d.outcome, err = d.rule.Unfold(d.view("", "site"), dec, deal.History{Lines: d.lines, Secrets: d.secrets})
	return err
}

// close lets the deadline come, unless the deal has ended before.
func (d *desk) close() error {
	if d.decision != nil {
		return nil
	}
	d.now = d.frame.ClosesAt
	dec, later, err := d.rule.Decide(d.view("", "site"))
	if err != nil {
		return err
	}
	if !later.IsZero() {
		return fmt.Errorf("worked: the deal waits until %v", later)
	}
	return d.settle(dec)
}
