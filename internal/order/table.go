package order

import (
	"slices"
	"time"
)

// row is one line of the state table: who may do what from which states, and where it leads.
type row struct {
	act  Act
	from []Status
	by   []Side
	to   Status // "": stays, unless a refund leaves nothing
	when func(o Order, now time.Time) bool
}

// table is the whole life of an order. The first row that fits is taken.
var table = []row{
	{act: Pay, from: []Status{AwaitingPayment}, by: []Side{Buyer, Site}, to: Paid, when: beforeDue},
	{act: Lapse, from: []Status{AwaitingPayment}, by: []Side{Site}, to: Cancelled, when: fromDue},
	{act: Cancel, from: []Status{AwaitingPayment}, by: []Side{Buyer}, to: Cancelled, when: beforeDue},
	{act: Cancel, from: []Status{AwaitingPayment}, by: []Side{Moderator}, to: Cancelled},
	{act: Ship, from: []Status{Paid}, by: []Side{Seller}, to: Shipped},
	{act: Cancel, from: []Status{Paid}, by: []Side{Seller, Moderator}, to: Cancelled},
	{act: Cancel, from: []Status{Paid}, by: []Side{Buyer}, to: Cancelled, when: unshippedTooLong},
	{act: Deliver, from: []Status{Shipped}, by: []Side{Site}, to: Delivered, when: beforeCompletion},
	{act: Confirm, from: []Status{Shipped, Delivered}, by: []Side{Buyer}, to: Completed},
	{act: Complete, from: []Status{Shipped, Delivered}, by: []Side{Site}, to: Completed, when: fromCompletion},
	{act: Extend, from: []Status{Shipped, Delivered}, by: []Side{Buyer}, when: mayExtend},
	{act: Dispute, from: []Status{Paid, Shipped, Delivered}, by: []Side{Buyer}, to: Disputed},
	{act: Dispute, from: []Status{Completed}, by: []Side{Buyer}, to: Disputed, when: disputable},
	{act: Return, from: []Status{Shipped, Delivered, Disputed}, by: []Side{Buyer}, to: Returned},
	{act: Refund, from: []Status{Paid, Shipped, Delivered, Disputed, Returned, Completed}, by: []Side{Seller, Moderator}},
	{act: Resolve, from: []Status{Disputed, Returned}, by: []Side{Moderator}, to: Completed},
}

// fits says whether a side may take the row now.
func (r row) fits(o Order, by Side, now time.Time) bool {
	return slices.Contains(r.from, o.Status) && slices.Contains(r.by, by) && (r.when == nil || r.when(o, now))
}

// Can lists what a side may do now.
func Can(o Order, by Side, now time.Time) []Act {
	acts := []Act{}
	for _, r := range table {
		if r.fits(o, by, now) && !slices.Contains(acts, r.act) {
			acts = append(acts, r.act)
		}
	}
	return acts
}

// sides says who may ever do an act.
func sides(act Act) []Side {
	var out []Side
	for _, r := range table {
		if r.act == act {
			out = append(out, r.by...)
		}
	}
	return out
}
