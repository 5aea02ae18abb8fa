package view

import (
	"slices"
	"strconv"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// OpenSteps is how many steps an opening has: what it is, the price, the end, and to look at it.
const OpenSteps = 4

// FirstTiers is how many rows of tiers an empty form has, MostTiers how many there can be.
const (
	FirstTiers = 2
	MostTiers  = 20
)

// OpenPage is one step of a form that opens a deal.
type OpenPage struct {
	Form     Form // everything typed so far
	Kind     deal.Kind
	Step     int
	Draft    string             // where it is kept; empty: Carry takes it along in the page
	Carry    []string           // fields of other steps that the page carries
	Full     bool               // it is not kept: there are too many drafts
	Photos   []market.PhotoView // in order, the cover first
	Fee      int64              // basis points
	CashUnit money.Amount
	Free     string           // free money, in words; empty for a guest
	Tiers    []deal.TierState // what can be drawn of the tiers typed so far
	Preview  *DealPage        // the deal as others will see it; on the last step
}

// DoorsPage is the choice of what to open.
type DoorsPage struct {
	Drafts []market.DraftView // what the reader has begun
}

// openAddress is where a kind of deal is opened.
var openAddress = map[deal.Kind]string{
	deal.English: "/sell/auction", deal.Fixed: "/sell/fixed", deal.Request: "/request", deal.Group: "/group",
}

// sent says that a step was sent before: what is empty there was left empty.
func (m OpenPage) sent(step int) bool { return m.Form.Has("sent", strconv.Itoa(step)) }

// or is what stands in a field of this step: what was typed, or a default where nobody has been here yet.
func (m OpenPage) or(name, other string) string {
	if _, ok := m.Form.Values[name]; ok || m.sent(m.Step) {
		return m.Form.Get(name)
	}
	return other
}

// on says whether a box of this step is ticked.
func (m OpenPage) on(name string, first bool) bool {
	if m.sent(m.Step) {
		return m.Form.Get(name) != ""
	}
	return first || m.Form.Get(name) != ""
}

// reached says that a step can be gone to: it was sent, or is the next one.
func (m OpenPage) reached(step int) bool {
	return step <= m.Step || m.sent(step) || step > 1 && m.sent(step-1)
}

// rows is how many rows of tiers the form shows.
func (m OpenPage) rows() int {
	return min(max(FirstTiers, len(m.Form.Values["from"]), len(m.Form.Values["unitPrice"])), MostTiers)
}

// nth is the value of one row of a repeated field.
func nth(f Form, name string, i int) string {
	if v := f.Values[name]; i < len(v) {
		return v[i]
	}
	return ""
}

// goTo is the value of a button that leads to a step.
func goTo(step int) string { return "go-" + strconv.Itoa(step) }

// feeLines say in numbers what the site takes, of what was typed or of an example.
func feeLines(p *Page, m OpenPage) []string {
	var prices []money.Amount
	switch m.Kind {
	case deal.Request:
		return nil
	case deal.Group:
		for _, t := range m.Tiers {
			prices = append(prices, t.UnitPrice)
		}
		if len(prices) > 2 {
			prices = []money.Amount{prices[0], prices[len(prices)-1]}
		}
	case deal.Fixed:
		prices = typedPrices(p, m, "price")
	default:
		prices = typedPrices(p, m, "startPrice", "reservePrice", "buyNowPrice")
	}
	if len(prices) == 0 {
		example, err := p.Currency.Parse("1000")
		if err != nil {
			return nil
		}
		prices = []money.Amount{example}
	}
	lines := make([]string, len(prices))
	for i, price := range prices {
		fee := money.Fee(price, m.Fee, m.CashUnit)
		lines[i] = p.T("open.feeAt", "price", price, "get", price-fee, "fee", fee)
	}
	return lines
}

// typedPrices are the amounts that can be read, each once, from low to high.
func typedPrices(p *Page, m OpenPage, names ...string) []money.Amount {
	var prices []money.Amount
	for _, name := range names {
		if a, err := p.Currency.Parse(m.Form.Get(name)); err == nil && a > 0 && !slices.Contains(prices, a) {
			prices = append(prices, a)
		}
	}
	slices.Sort(prices)
	return prices
}

// tierLadder is the drawing of the tiers typed so far.
func tierLadder(p *Page, m OpenPage) Ladder {
	zero := int64(0)
	d := market.DealView{Kind: deal.Group, Status: deal.Open, Public: deal.Public{Tiers: m.Tiers, Pieces: &zero, Tier: &zero}}
	return PageLadder(p, d)
}

// asOthers is the page of a guest within this page: what it draws has nothing of its reader, and no frame.
func asOthers(p *Page) *Page {
	q := *p
	q.Inner, q.Me, q.CSRF, q.Notice, q.Fragments, q.Head, q.Canonical = true, market.Actor{}, "", "", nil, nil, ""
	return &q
}

// draftAddress is where a draft goes on: at the first step that was not sent yet.
func draftAddress(d market.DraftView) string {
	step := 1
	for step < OpenSteps && slices.Contains(d.Fields["sent"], strconv.Itoa(step)) {
		step++
	}
	return openAddress[deal.Kind(d.Kind)] + "?draft=" + d.ID + "&at=" + strconv.Itoa(step)
}

// draftTitle is what a draft is called.
func draftTitle(p *Page, d market.DraftView) string {
	if title := d.Fields["title"]; len(title) > 0 && title[0] != "" {
		return title[0]
	}
	return p.T("draft.untitled")
}

func categoryChoice(p *Page) []Option {
	return append([]Option{{Label: p.T("open.choose")}}, categoryOptions(p, p.Categories, nil, "")...)
}

// lengths are the lengths to choose from, and the one that was sent where it is another.
func lengths(p *Page, m OpenPage, preset string, openEnded bool) []Option {
	options := durationOptions(p, openEnded)
	now := m.or("duration", preset)
	if slices.ContainsFunc(options, func(o Option) bool { return o.Value == now }) {
		return options
	}
	if n, err := strconv.ParseInt(now, 10, 32); err == nil && n > 0 {
		options = append([]Option{{Value: now, Label: p.Span(seconds(n))}}, options...)
	}
	return options
}

func ruleOptions(p *Page) []Option {
	options := make([]Option, 0, len(Rules()))
	for _, r := range Rules() {
		options = append(options, Option{Value: r, Label: p.T("rule." + r), Hint: p.T("terms.rule." + r)})
	}
	return options
}

// Allocations lists the ways a group shares pieces that do not suffice.
func Allocations() []string { return []string{"first_come", "pro_rata", "even"} }

// DropOuts lists what may happen when members drop out after the close.
func DropOuts() []string { return []string{"organiser", "waitlist", "reclear"} }

func allocationOptions(p *Page) []Option { return named(p, "allocation.", Allocations()) }

func dropOutOptions(p *Page) []Option { return named(p, "dropOut.", DropOuts()) }

func named(p *Page, prefix string, values []string) []Option {
	options := make([]Option, len(values))
	for i, v := range values {
		options[i] = Option{Value: v, Label: p.T(prefix + v)}
	}
	return options
}
