package order

import (
	"slices"
	"time"
)

// row is one line of the state table: who may do what from which states and when, where it leads, and what it says about
// whom.
type row struct {
	act  Act
	from []Status
	by   []Side
	to   Status // "": stays, unless a refund leaves nothing
	when guard
	mark Mark
}

// guard is a condition of a row; the zero guard always holds.
type guard struct {
	name  string // for the documents
	holds func(o Order, now time.Time) bool
}

// table is the whole life of an order. The first row that fits is taken.
var table = []row{
	{act: Pay, from: []Status{AwaitingPayment}, by: []Side{Buyer, Site}, to: Paid, when: beforeDue},
	{act: Lapse, from: []Status{AwaitingPayment}, by: []Side{Site}, to: Cancelled, when: fromDue, mark: BuyerUnpaid},
	{act: Cancel, from: []Status{AwaitingPayment}, by: []Side{Buyer}, to: Cancelled, when: beforeDue, mark: BuyerUnpaid},
	{act: Cancel, from: []Status{AwaitingPayment}, by: []Side{Moderator}, to: Cancelled},
	{act: Ship, from: []Status{Paid}, by: []Side{Seller}, to: Shipped},
	{act: Cancel, from: []Status{Paid}, by: []Side{Seller}, to: Cancelled, mark: SellerCancelled},
	{act: Cancel, from: []Status{Paid}, by: []Side{Moderator}, to: Cancelled},
	{act: Cancel, from: []Status{Paid}, by: []Side{Buyer}, to: Cancelled, when: unshippedTooLong, mark: SellerUnshipped},
	{act: Deliver, from: []Status{Shipped}, by: []Side{Site}, to: Delivered, when: beforeCompletion},
	{act: Confirm, from: []Status{Shipped, Delivered}, by: []Side{Buyer}, to: Completed},
	{act: Complete, from: []Status{Shipped, Delivered}, by: []Side{Site}, to: Completed, when: fromCompletion},
	{act: Extend, from: []Status{Shipped, Delivered}, by: []Side{Buyer}, when: mayExtend},
	{act: Dispute, from: []Status{Paid, Shipped, Delivered}, by: []Side{Buyer}, to: Disputed},
	{act: Dispute, from: []Status{Completed}, by: []Side{Buyer}, to: Disputed, when: disputable},
	{act: Return, from: []Status{Shipped, Delivered, Disputed}, by: []Side{Buyer}, to: Returned, when: wasShipped},
	{act: Refund, from: []Status{Paid, Shipped, Delivered, Disputed, Returned, Completed}, by: []Side{Seller, Moderator}},
	{act: Resolve, from: []Status{Disputed, Returned}, by: []Side{Moderator}, to: Completed},
}

// Mark is what a step says about one of the two sides, for those who count it.
type Mark string

const (
	BuyerUnpaid       Mark = "buyer_unpaid"        // did not pay in time, or called off what he had won
	SellerCancelled   Mark = "seller_cancelled"    // called off what was paid
	SellerUnshipped   Mark = "seller_unshipped"    // did not ship in time
	SellerLostDispute Mark = "seller_lost_dispute" // a moderator gave the buyer money back
)

// fits says whether a side may take the row now.
func (r row) fits(o Order, by Side, now time.Time) bool {
	return slices.Contains(r.from, o.Status) && slices.Contains(r.by, by) && (r.when.holds == nil || r.when.holds(o, now))
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
