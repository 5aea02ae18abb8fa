package view

import (
	"slices"
	"strconv"

	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/order"
)

// OrderActs lists the steps of an order, the one a side should take next before the ones it may take.
func OrderActs() []string {
	return []string{"pay", "ship", "confirm", "extend", "return", "refund", "dispute", "cancel"}
}

// SubScores lists what a feedback may rate by itself, from 1 to 5.
func SubScores() []string { return []string{"description", "communication", "speed", "cost"} }

// nextStep is the one step that brings an order forward; empty where it waits for the other side.
func nextStep(o market.OrderView) string {
	for _, act := range OrderActs()[:3] {
		if slices.Contains(o.Can, act) {
			return act
		}
	}
	return ""
}

// otherSteps are the steps a side may take but need not.
func otherSteps(o market.OrderView) []string {
	var rest []string
	for _, act := range OrderActs() {
		if act != nextStep(o) && slices.Contains(o.Can, act) {
			rest = append(rest, act)
		}
	}
	return rest
}

func otherSide(o market.OrderView) market.PersonView {
	if o.Side == "seller" {
		return o.Buyer
	}
	return o.Seller
}

// orderLine says where an order stands and what happens next, for its reader's side.
func orderLine(p *Page, o market.OrderView) string {
	return p.T("order.line."+o.Status+"."+o.Side, "amount", o.Total)
}

// orderUntil is the time that an order's next step has, from this side; empty where it has none.
func orderUntil(p *Page, o market.OrderView) string {
	key, at := "", o.DueAt
	switch {
	case o.DueAt != nil:
		key = "order.until.pay"
	case o.ShipBy != nil:
		key, at = "order.until.ship", o.ShipBy
	case o.NextAt != nil && (o.Status == "shipped" || o.Status == "delivered"):
		return p.T("order.until.auto", "time", *o.NextAt)
	default:
		return ""
	}
	if o.Side == "seller" {
		key += "Seller"
	}
	return p.T(key, "time", *at)
}

// byItself says what the site does when nobody does anything, and when.
func byItself(p *Page, o market.OrderView) string {
	key := "order.byItself." + o.Status
	if !p.Has(key) {
		key = "order.byItself"
	}
	return p.T(key, "time", *o.NextAt)
}

// statusOf is what an order is, and since which day where it is over.
func statusOf(p *Page, o market.OrderView) string {
	status := p.T("order.status." + o.Status)
	if n := len(o.Timeline); n > 0 && over(o) {
		return p.T("order.at", "status", status, "day", p.Day(o.Timeline[n-1].At.Std()))
	}
	return status
}

func orderButton(p *Page, o market.OrderView, act string) string {
	return p.T("order.button."+act, "amount", o.Total)
}

// proceeds is what an order brings its seller.
func proceeds(o market.OrderView) money.Amount { return o.Total - o.Refunded - o.Fee }

// earns says that the reader sells and that there is something for him in it.
func earns(o market.OrderView) bool {
	return o.Side == "seller" && o.Status != "cancelled" && o.Total > o.Refunded
}

func youGet(p *Page, o market.OrderView) string {
	if o.Status == "completed" {
		return p.T("order.youGot")
	}
	return p.T("order.youGet")
}

// totalWord is the word for the sum of an order, before and after it was paid.
func totalWord(p *Page, o market.OrderView) string {
	key := "order.total." + o.Side
	if slices.ContainsFunc(o.Timeline, func(s market.StepView) bool { return s.Act == string(order.Pay) }) {
		key += ".paid"
	}
	return p.T(key)
}

// over says that nothing follows.
func over(o market.OrderView) bool {
	return slices.Contains([]order.Status{order.Completed, order.Cancelled, order.Refunded}, order.Status(o.Status))
}

// nextTitle is what stands over what is to be done, or over how it ended.
func nextTitle(p *Page, o market.OrderView) string {
	if over(o) {
		return p.T("order.state")
	}
	return p.T("order.next")
}

func goods(o market.OrderView) money.Amount {
	for _, s := range o.Shares {
		if s.Of == "goods" {
			return s.Amount
		}
	}
	return o.UnitPrice * money.Amount(o.Quantity)
}

func stepLine(p *Page, s market.StepView) string {
	text := p.T("order.step."+s.Act, "by", p.Or("order.by."+s.By, "order.by.site"))
	if s.Amount != 0 {
		text += p.T("list.separator") + p.Money(s.Amount)
	}
	if s.Reason != "" {
		text += " " + p.T("history.because", "reason", reasonWords(p, s.Reason))
	}
	return text
}

// reasonWords says a reason code in words; what somebody wrote himself stays as it is.
func reasonWords(p *Page, reason string) string {
	for _, prefix := range []string{"orderReason.", "reason."} {
		if text := p.T(prefix + reason); text != prefix+reason {
			return text
		}
	}
	return reason
}

func ordersAddress(side string) string {
	if side == "" {
		return "/orders"
	}
	return "/orders?side=" + side
}

func sideName(side string) string {
	if side == "" {
		return "all"
	}
	return side
}

func scoreWord(score int) string {
	switch {
	case score > 0:
		return "good"
	case score < 0:
		return "bad"
	}
	return "neutral"
}

func starOptions(p *Page) []Option {
	options := []Option{{Label: p.T("feedback.none")}}
	for i := 5; i >= 1; i-- {
		options = append(options, Option{Value: strconv.Itoa(i), Label: p.T("feedback.stars", "n", i)})
	}
	return options
}

// orderReasons are the reasons one may give for a step; the log of the order keeps the code.
func orderReasons(p *Page, act string) []Option {
	codes := []string{"not_received", "not_as_described", "damaged", "other"}
	if act == "cancel" {
		codes = []string{"changed_mind", "not_shipped", "not_available", "other"}
	}
	return named(p, "orderReason.", codes)
}

// partOf is for how many pieces at which price money is held, and what of it are fees.
func partOf(p *Page, part market.WalletPart) string {
	text := p.T("wallet.partOf", "n", part.Pieces, "price", part.UnitPrice)
	if rest := part.Amount - part.UnitPrice*money.Amount(part.Pieces); rest > 0 {
		text += p.T("list.separator") + p.T("wallet.partFees", "amount", rest)
	}
	return text
}

// partAddress is where money that waits is told of: its order, else its deal.
func partAddress(part market.WalletPart) string {
	if part.Order != "" {
		return "/orders/" + part.Order
	}
	return "/deals/" + part.Deal
}

// stageNames are the stages of an order that goes well.
var stageNames = []string{"pay", "ship", "receive", "done"}

// stageOf is how many stages an order has behind it; false where it left that way.
func stageOf(o market.OrderView) (int, bool) {
	n, ok := map[string]int{"awaiting_payment": 0, "paid": 1, "shipped": 2, "delivered": 2, "completed": 4}[o.Status]
	return n, ok
}

// stageState is the class of a stage: behind the order, where it stands, or ahead.
func stageState(i, behind int) string {
	switch {
	case i < behind:
		return "stage-done"
	case i == behind:
		return "stage-now"
	}
	return "stage-ahead"
}
