package order

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// row is one line of the state table: who may do what from which states, and where it leads.
type row struct {
	act  Act
	from []Status
	by   []Side
	to   Status // "": stays
	when func(o Order, by Side, now time.Time) bool
}

// table is the whole life of an order. The first row that fits is taken.
var table = []row{
	{act: Pay, from: []Status{AwaitingPayment}, by: []Side{Buyer, Site}, to: Paid, when: beforeDue},
	{act: Lapse, from: []Status{AwaitingPayment}, by: []Side{Site}, to: Cancelled, when: afterDue},
	{act: Cancel, from: []Status{AwaitingPayment}, by: []Side{Buyer, Moderator}, to: Cancelled},
	{act: Ship, from: []Status{Paid}, by: []Side{Seller}, to: Shipped},
	{act: Cancel, from: []Status{Paid}, by: []Side{Seller, Moderator}, to: Cancelled},
	{act: Cancel, from: []Status{Paid}, by: []Side{Buyer}, to: Cancelled, when: unshippedTooLong},
	{act: Deliver, from: []Status{Shipped}, by: []Side{Site}, to: Delivered},
	{act: Confirm, from: []Status{Shipped, Delivered, Paid}, by: []Side{Buyer}, to: Completed, when: afterShipping},
	{act: Complete, from: []Status{Shipped, Delivered}, by: []Side{Site}, to: Completed, when: silent},
	{act: Extend, from: []Status{Shipped, Delivered}, by: []Side{Buyer}, when: notExtended},
	{act: Dispute, from: []Status{Paid, Shipped, Delivered}, by: []Side{Buyer}, to: Disputed},
	{act: Return, from: []Status{Shipped, Delivered, Disputed}, by: []Side{Buyer}, to: Returned},
	{act: Refund, from: []Status{Paid, Shipped, Delivered, Disputed, Returned, Completed}, by: []Side{Seller, Moderator}},
	{act: Resolve, from: []Status{Disputed, Returned}, by: []Side{Moderator}, to: Completed},
}

// How long the two sides have.
const (
	completeAfterShipping = 14 * 24 * time.Hour
	completeAfterDelivery = 7 * 24 * time.Hour
	extension             = 3 * 24 * time.Hour
	shippingDays          = 3 // business days until a buyer may cancel
)

func beforeDue(o Order, _ Side, now time.Time) bool { return o.DueAt == nil || now.Before(*o.DueAt) }

func afterDue(o Order, _ Side, now time.Time) bool { return o.DueAt != nil && !now.Before(*o.DueAt) }

func afterShipping(o Order, _ Side, _ time.Time) bool { return o.Status != Paid }

func notExtended(o Order, _ Side, _ time.Time) bool { return !o.Extended }

func silent(o Order, _ Side, now time.Time) bool { return o.NextAt != nil && !now.Before(*o.NextAt) }

func unshippedTooLong(o Order, _ Side, now time.Time) bool {
	return o.PaidAt != nil && !now.Before(addBusinessDays(*o.PaidAt, shippingDays))
}

// addBusinessDays steps over Saturdays and Sundays.
func addBusinessDays(t time.Time, n int) time.Time {
	for n > 0 {
		t = t.AddDate(0, 0, 1)
		if d := t.Weekday(); d != time.Saturday && d != time.Sunday {
			n--
		}
	}
	return t
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

func (r row) fits(o Order, by Side, now time.Time) bool {
	if !slices.Contains(r.from, o.Status) || !slices.Contains(r.by, by) {
		return false
	}
	if r.act == Refund && o.Refunded >= o.Total {
		return false
	}
	return r.when == nil || r.when(o, by, now)
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

// Diagram draws the table for the documents, in Mermaid's language.
func Diagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> awaiting_payment\n")
	for _, r := range table {
		for _, from := range r.from {
			to := r.to
			if to == "" {
				to = from
			}
			names := make([]string, len(r.by))
			for i, s := range r.by {
				names[i] = string(s)
			}
			fmt.Fprintf(&b, "    %s --> %s: %s (%s)\n", from, to, r.act, strings.Join(names, ", "))
		}
	}
	return b.String()
}
