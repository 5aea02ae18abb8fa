package market

import (
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
	"haggle/internal/order"
)

// orderMail is one line of the table of mails about orders: which step of whose order is told to whom, in which letter.
type orderMail struct {
	act  order.Act
	by   []order.Side // nil: whoever
	kind []deal.Kind  // nil: any
	when func(o order.Order, i int) bool
	to   order.Side
	what string
}

var (
	onlyEnglish, onlyFixed = []deal.Kind{deal.English}, []deal.Kind{deal.Fixed}
	onlyRequest, onlyGroup = []deal.Kind{deal.Request}, []deal.Kind{deal.Group}
	notSeller, notBuyer    = []order.Side{order.Buyer, order.Moderator}, []order.Side{order.Seller, order.Moderator}
	byModerator            = []order.Side{order.Moderator}
)

// orderMails is the table. Every line that fits is a mail: a step is told to both sides by two lines. Who acts himself
// hears nothing of it; a group's organiser hears of the whole group once, not of each of its orders.
var orderMails = []orderMail{
	{act: order.Begin, kind: onlyEnglish, when: both(unpaidYet, not(passedOn)), to: order.Buyer, what: "won"},
	{act: order.Begin, kind: onlyEnglish, when: both(unpaidYet, not(passedOn)), to: order.Seller, what: "sold"},
	{act: order.Begin, kind: onlyEnglish, when: passedOn, to: order.Buyer, what: "won_next"},
	{act: order.Begin, kind: onlyEnglish, when: passedOn, to: order.Seller, what: "sold_next"},
	{act: order.Begin, kind: onlyRequest, when: unpaidYet, to: order.Buyer, what: "award_due"},
	{act: order.Begin, kind: onlyRequest, when: unpaidYet, to: order.Seller, what: "awarded"},
	{act: order.Begin, kind: onlyFixed, when: both(unpaidYet, unhurried), to: order.Buyer, what: "pay"},
	{act: order.Pay, kind: onlyRequest, when: atOnce, to: order.Buyer, what: "award_paid"},
	{act: order.Pay, kind: onlyRequest, when: atOnce, to: order.Seller, what: "awarded_paid"},
	{act: order.Pay, kind: onlyGroup, when: atOnce, to: order.Buyer, what: "group_won"},
	{act: order.Pay, kind: []deal.Kind{deal.English, deal.Fixed}, when: atOnce, to: order.Seller, what: "paid"},
	{act: order.Pay, when: not(atOnce), to: order.Seller, what: "paid"},
	{act: order.Ship, when: tracked, to: order.Buyer, what: "shipped_tracked"},
	{act: order.Ship, when: not(tracked), to: order.Buyer, what: "shipped"},
	{act: order.Confirm, to: order.Seller, what: "completed"},
	{act: order.Complete, to: order.Seller, what: "completed"},
	{act: order.Complete, to: order.Buyer, what: "completed_silent"},
	{act: order.Lapse, when: unhurried, to: order.Buyer, what: "lapsed"},
	{act: order.Lapse, when: both(unhurried, not(fellThrough)), to: order.Seller, what: "lapsed_seller"},
	{act: order.Cancel, by: notBuyer, when: paidBefore, to: order.Buyer, what: "cancelled_back"},
	{act: order.Cancel, by: notBuyer, when: both(not(paidBefore), unhurried), to: order.Buyer, what: "cancelled"},
	{act: order.Cancel, by: notSeller, when: both(heardOf, not(fellThrough)), to: order.Seller, what: "cancelled_seller"},
	{act: order.Refund, to: order.Buyer, what: "refunded"},
	{act: order.Refund, by: byModerator, to: order.Seller, what: "refunded_seller"},
	{act: order.Dispute, to: order.Seller, what: "disputed"},
	{act: order.Return, to: order.Seller, what: "returned"},
	{act: order.Resolve, to: order.Buyer, what: "resolved"},
	{act: order.Resolve, to: order.Seller, what: "resolved"},
}

func (r orderMail) fits(o order.Order, i int) bool {
	e := o.Timeline[i]
	return r.act == e.Act && (r.by == nil || slices.Contains(r.by, e.By)) && (r.kind == nil || slices.Contains(r.kind, deal.Kind(o.Kind))) &&
		(r.when == nil || r.when(o, i))
}

// hurry is the longest time to pay for which nobody is sent a mail: a buyer stands at the till and has half an hour.
const hurry = time.Hour

// atOnce says that the i-th step paid the order as it began.
func atOnce(o order.Order, i int) bool {
	return i == 1 && o.Timeline[1].Act == order.Pay && o.Timeline[1].By == order.Site && o.Timeline[1].At.Equal(o.Timeline[0].At)
}

func unpaidYet(o order.Order, _ int) bool { return len(o.Timeline) < 2 || !atOnce(o, 1) }

func unhurried(o order.Order, _ int) bool { return o.DueAt != nil && o.DueAt.Sub(o.CreatedAt) > hurry }

func tracked(o order.Order, _ int) bool { return o.Tracking != "" }

func paidBefore(o order.Order, i int) bool {
	return slices.ContainsFunc(o.Timeline[:i], func(e order.Event) bool { return e.Act == order.Pay })
}

// heardOf says that the seller was told of the order before its i-th step.
func heardOf(o order.Order, i int) bool { return paidBefore(o, i) || unhurried(o, i) }

// passedOn says that the order took the place of one that was not paid.
func passedOn(o order.Order, _ int) bool { return o.After != "" }

// fellThrough says that the i-th step ended what the winner of an auction did not pay: what becomes of it then is told to
// the seller with it.
func fellThrough(o order.Order, i int) bool {
	e := o.Timeline[i]
	return deal.Kind(o.Kind) == deal.English && e.Status == order.Cancelled && !paidBefore(o, i) && (e.Act == order.Lapse || e.By == order.Buyer)
}

func not(f func(order.Order, int) bool) func(order.Order, int) bool {
	return func(o order.Order, i int) bool { return !f(o, i) }
}

func both(f, g func(order.Order, int) bool) func(order.Order, int) bool {
	return func(o order.Order, i int) bool { return f(o, i) && g(o, i) }
}

// orderFacts is what a mail about the i-th step of an order tells: the amount is what that step is about.
func orderFacts(o order.Order, i int) Facts {
	e := o.Timeline[i]
	f := Facts{Deal: o.Deal, Order: o.ID, Title: o.Title, Amount: o.Total, Price: o.UnitPrice, Quantity: o.Quantity}
	left := o.Total
	for _, x := range o.Timeline[:i+1] {
		left -= x.Amount
	}
	switch e.Act {
	case order.Begin:
		f.DueAt = o.DueAt
	case order.Pay:
		f.DueAt = o.ShipBy
	case order.Ship:
		f.Tracking = o.Tracking
	case order.Confirm, order.Complete:
		f.Fee = money.Fee(left, o.FeeBasis, o.CashUnit)
		f.Amount = left - f.Fee
	case order.Cancel, order.Refund:
		if e.Amount > 0 {
			f.Amount = e.Amount
		}
	}
	return f
}
