package view

import (
	"strconv"
	"strings"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
)

// bidHint is the least the reader may bid.
func bidHint(p *Page, d market.DealView) string {
	minimum := d.Minimum
	if d.Me != nil && d.Me.Minimum != nil {
		minimum = d.Me.Minimum
	}
	if minimum == nil {
		return ""
	}
	return p.T("bid.atLeast", "amount", *minimum)
}

// Names of the answers to a second chance, and the button that takes it.
const (
	ChanceTaken    = "chance_taken"
	ChanceDeclined = "chance_declined"
	TakeChance     = "take"
)

// chance is what the reader may buy since the winner did not pay; nil where nothing is offered to him.
func (m DealPage) chance() *market.SecondChanceView {
	if m.Deal.Me == nil {
		return nil
	}
	return m.Deal.Me.SecondChance
}

// backedUp says whether the box for a backup is ticked: as it was sent, else as the reader's bid stands.
func backedUp(m DealPage) bool {
	return ticked(m.form("bid"), "backup", m.in() && m.Deal.Me.Backup)
}

func quoteHint(p *Page, d market.DealView) string {
	if d.Me != nil && d.Me.Active && d.Me.UnitPrice != nil && d.MinimumStep != nil && d.Rule == "open" {
		return p.T("quote.below", "amount", *d.Me.UnitPrice-*d.MinimumStep)
	}
	switch {
	case d.NamedPrice != nil && d.Best != nil && d.Rule == "open":
		return p.T("quote.lead", "best", *d.Best, "amount", *d.NamedPrice)
	case d.NamedPrice != nil:
		return p.T("quote.atMost", "amount", *d.NamedPrice)
	}
	return p.T("quote.hidden")
}

// actHint is the hint of the amount that an entry of this kind asks for.
func actHint(p *Page, d market.DealView) string {
	switch d.Kind {
	case deal.English:
		return bidHint(p, d)
	case deal.Request:
		return quoteHint(p, d)
	}
	return ""
}

func perPersonHint(p *Page, d market.DealView) string {
	if n := value(d.PerPerson); n > 0 {
		return p.N("pledge.perPerson", n)
	}
	return ""
}

func ceilingHint(p *Page, m DealPage) string {
	d := m.Deal
	if len(d.Tiers) == 0 {
		return p.T("pledge.ceilingHint")
	}
	hint := p.T("pledge.ceilingHintFrom", "least", d.Tiers[len(d.Tiers)-1].UnitPrice, "most", d.Tiers[0].UnitPrice)
	if m.Terms.Fees != nil && m.Terms.Fees.PerPiece > 0 {
		hint += p.T("text.join") + p.T("pledge.feesOnTop", "amount", m.Terms.Fees.PerPiece)
	}
	return hint
}

// quoted says that the reader has a quote that may be changed.
func (m DealPage) quoted() bool { return m.in() && m.Deal.Kind == deal.Request }

func lastQuote(p *Page, m DealPage) string {
	if m.quoted() && m.Deal.Me.UnitPrice != nil {
		return p.Number(*m.Deal.Me.UnitPrice)
	}
	return ""
}

func quoteLabel(p *Page, m DealPage) string {
	if m.quoted() {
		return p.T("quote.again")
	}
	return p.T("quote.place")
}

func ownQuantity(m DealPage) string {
	if m.in() && m.Deal.Me.Quantity != nil {
		return strconv.FormatInt(*m.Deal.Me.Quantity, 10)
	}
	return "1"
}

func ownTolerance(m DealPage) string {
	if m.in() && m.Deal.Me.Tolerance != nil {
		return strconv.FormatInt(*m.Deal.Me.Tolerance, 10)
	}
	return "0"
}

func ownCeiling(p *Page, m DealPage) string {
	if m.in() && m.Deal.Me.Ceiling != nil {
		return p.Number(*m.Deal.Me.Ceiling)
	}
	return ""
}

// actTitle heads the forms of a deal; a member of a group changes his part.
func actTitle(p *Page, m DealPage) string {
	if m.in() && m.Deal.Kind == deal.Group {
		return p.T("pledge.again")
	}
	if m.leads() {
		return p.T("act.raise")
	}
	if m.quoted() {
		return p.T("act.title.quoteAgain")
	}
	return p.T("act.title." + tone(m.Deal.Kind))
}

// barLabel is the button of the bar on telephones.
func barLabel(p *Page, m DealPage) string {
	switch {
	case m.leads():
		return p.T("act.raise")
	case m.in() && m.Deal.Kind == deal.Group:
		return p.T("act.part")
	case m.quoted():
		return p.T("act.quoteAgain")
	}
	return p.T("act." + tone(m.Deal.Kind))
}

func pledgeLabel(p *Page, m DealPage) string {
	if m.in() {
		return p.T("pledge.again")
	}
	return p.T("pledge.place")
}

// pledgePreview says what joining means: the price now and with more pieces, the hold and until when it may be undone.
func pledgePreview(p *Page, m DealPage) []string {
	v := m.Preview
	var lines []string
	if v.UnitPrice != nil {
		lines = append(lines, p.T("preview.groupNow", "amount", *v.UnitPrice))
	} else {
		lines = append(lines, p.T("preview.groupNotYet"))
	}
	for _, more := range v.IfMore {
		lines = append(lines, p.N("preview.ifMore", more.Pieces, "amount", more.UnitPrice))
	}
	if v.HeldUntil != nil {
		lines = append(lines, p.T("preview.holdUntil", "amount", v.Hold, "time", *v.HeldUntil))
	} else {
		lines = append(lines, p.T("preview.hold", "amount", v.Hold))
	}
	lines = append(lines, p.T("preview.ifFails"))
	if v.LockedFrom != nil {
		lines = append(lines, p.T("preview.lockedFrom", "time", *v.LockedFrom))
	}
	return lines
}

// buyPreview says what a purchase costs.
func buyPreview(p *Page, m DealPage) string {
	n, err := strconv.ParseInt(strings.TrimSpace(m.Form.Get("quantity")), 10, 64)
	if err != nil || m.Deal.Price == nil {
		return p.T("buy.rule")
	}
	total, err := money.Mul(*m.Deal.Price, n)
	if err != nil {
		return p.T("buy.rule")
	}
	return p.N("preview.buy", n, "each", *m.Deal.Price, "total", total)
}

// afterFee is what a seller gets of a price.
func afterFee(p *Page, d market.DealView, price money.Amount) money.Amount {
	return price - money.Fee(price, d.FeeBasis, p.Currency.CashUnit)
}

// quoteGets says what the quote that was typed would bring its seller; empty where it cannot be said.
func quoteGets(p *Page, m DealPage) string {
	each, err := p.Currency.Parse(m.Form.Get("unitPrice"))
	n, wrong := strconv.ParseInt(strings.TrimSpace(m.Form.Or("quantity", "")), 10, 64)
	if wrong != nil {
		n = max(1, value(m.Deal.Quantity))
	}
	total, over := money.Mul(each, n)
	if err != nil || over != nil {
		return ""
	}
	return p.N("preview.quoteGets", n, "amount", afterFee(p, m.Deal, total), "fee", p.Percent(m.Deal.FeeBasis))
}

// typed is an amount the reader wrote, as the site writes it; what is no amount stays as it is.
func typed(p *Page, f Form, name string) string {
	a, err := p.Currency.Parse(f.Get(name))
	if err != nil {
		return f.Get(name)
	}
	return p.Money(a)
}

func payOptions(p *Page, free *money.Amount) []Option {
	wallet := Option{Value: "wallet", Label: p.T("pay.wallet")}
	if free != nil {
		wallet.Hint = p.T("wallet.free", "amount", *free)
	}
	return []Option{wallet, {Value: "card", Label: p.T("pay.byCard")}}
}

func reasonOptions(p *Page, reasons ...deal.Reason) []Option {
	options := make([]Option, len(reasons))
	for i, r := range reasons {
		options[i] = Option{Value: string(r), Label: p.T("reason." + string(r))}
	}
	return options
}

// bidderOptions lists those who have bid, the newest first.
func bidderOptions(p *Page, m DealPage) []Option {
	seen := map[string]bool{}
	var options []Option
	for _, l := range m.History {
		if actOf(l) == string(deal.Bid) && !seen[l.Who] {
			seen[l.Who] = true
			options = append(options, Option{Value: l.Who, Label: who(p, m.Deal, l.Who)})
		}
	}
	return options
}

// ownerLines are what only the one who opened the deal knows of it.
func ownerLines(p *Page, d market.DealView) []string {
	lines := []string{p.T("owner.open." + tone(d.Kind))}
	if d.Status != deal.Open {
		lines = []string{p.T("owner.over")}
	}
	over := ""
	if d.Status.Final() {
		over = ".over"
	}
	if d.Me.Reserve != nil {
		lines = append(lines, p.T("owner.reserve"+over, "amount", *d.Me.Reserve))
	}
	if d.Me.NamedPrice != nil {
		lines = append(lines, p.T("owner.named"+over, "amount", *d.Me.NamedPrice))
	}
	if d.Me.Floor != nil {
		lines = append(lines, p.T("owner.floor"+over, "amount", *d.Me.Floor))
	}
	if d.Me.Hold != nil && *d.Me.Hold > 0 {
		lines = append(lines, p.T("owner.hold", "amount", *d.Me.Hold))
	}
	return lines
}

func endEarlyRule(p *Page, d market.DealView) string {
	if d.Standing == nil {
		return p.T("endEarly.rule")
	}
	text := p.T("endEarly.ruleAmount", "amount", *d.Standing, "gets", afterFee(p, d, *d.Standing), "fee", p.Percent(d.FeeBasis))
	if d.HasReserve && !value(d.ReserveMet) {
		text += p.T("text.join") + p.T("endEarly.underReserve")
	}
	return text
}

func quoteLine(p *Page, d market.DealView, q market.HistoryLine) string {
	price, _ := amountOf(q.Body, "unitPrice")
	return p.T("award.quote", "who", who(p, d, q.Who), "amount", price)
}
