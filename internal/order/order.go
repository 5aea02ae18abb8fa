package order

import (
	"strconv"
	"time"

	"haggle/internal/money"
)

// Status is the state of an order.
type Status string

const (
	AwaitingPayment Status = "awaiting_payment"
	Paid            Status = "paid" // the money waits in escrow
	Shipped         Status = "shipped"
	Delivered       Status = "delivered"
	Completed       Status = "completed" // the seller has his money
	Cancelled       Status = "cancelled"
	Disputed        Status = "disputed"
	Returned        Status = "returned" // on its way back
	Refunded        Status = "refunded" // all of it went back
)

// Side is who acts.
type Side string

const (
	Buyer     Side = "buyer"
	Seller    Side = "seller"
	Site      Side = "site" // by the clock
	Moderator Side = "moderator"
)

// Act is a step of an order.
type Act string

const (
	Begin    Act = "begin" // first line of every timeline
	Pay      Act = "pay"
	Ship     Act = "ship"
	Deliver  Act = "deliver"
	Confirm  Act = "confirm"
	Cancel   Act = "cancel"
	Dispute  Act = "dispute"
	Resolve  Act = "resolve"
	Return   Act = "return"
	Refund   Act = "refund"
	Extend   Act = "extend"
	Lapse    Act = "lapse"    // site: not paid in time
	Complete Act = "complete" // site: the buyer said nothing
)

// Event is one line of an order's timeline.
type Event struct {
	At     time.Time    `bson:"at"`
	Act    Act          `bson:"act"`
	By     Side         `bson:"by"`
	Status Status       `bson:"status"` // after it
	Reason string       `bson:"reason,omitempty"`
	Amount money.Amount `bson:"amount,omitempty"` // given back
	Mark   Mark         `bson:"mark,omitempty"`   // what it says about a side
}

// Order is one award on its way from payment to completion.
type Order struct {
	ID      string `bson:"_id"`
	Version int64  `bson:"version"`

	Deal     string `bson:"deal"`
	Kind     string `bson:"kind"`
	Seq      int64  `bson:"seq"` // of the winning entry in the deal's log
	Title    string `bson:"title"`
	Photo    string `bson:"photo,omitempty"`
	Buyer    string `bson:"buyer"`
	Seller   string `bson:"seller"`
	Quantity int64  `bson:"quantity"`

	UnitPrice money.Amount `bson:"unitPrice"`
	Fees      money.Amount `bson:"fees,omitempty"` // a group's fees, on top of the goods
	Total     money.Amount `bson:"total"`          // what the buyer pays
	Refunded  money.Amount `bson:"refunded,omitempty"`
	Refunds   int          `bson:"refunds,omitempty"`
	FeeBasis  int64        `bson:"feeBasis"` // basis points, frozen at the deal's opening
	FeeTaken  money.Amount `bson:"feeTaken,omitempty"`
	CashUnit  money.Amount `bson:"cashUnit"`
	Currency  string       `bson:"currency"`

	Status    Status     `bson:"status"`
	Escrow    bool       `bson:"escrow"` // its money waits here
	CreatedAt time.Time  `bson:"createdAt"`
	DueAt     *time.Time `bson:"dueAt,omitempty"`  // payment is refused from here on
	NextAt    *time.Time `bson:"nextAt,omitempty"` // when the site acts by itself; absent: never
	PaidAt    *time.Time `bson:"paidAt,omitempty"`
	ShippedAt *time.Time `bson:"shippedAt,omitempty"`
	ShipBy    *time.Time `bson:"shipBy,omitempty"`  // from here on the buyer may cancel what was paid and not shipped
	EndedAt   *time.Time `bson:"endedAt,omitempty"` // completed
	Tracking  string     `bson:"tracking,omitempty"`
	Extended  bool       `bson:"extended,omitempty"`
	After     string     `bson:"after,omitempty"` // the order that was not paid and whose place this one takes
	Timeline  []Event    `bson:"timeline"`
}

// ID is the id of the order that an entry won: deterministic, so that a settlement run twice makes one order.
func ID(deal string, seq int64) string { return "o-" + deal + "-" + strconv.FormatInt(seq, 10) }

// New begins an order that awaits its payment until due; the zero time: it is paid at once by the caller.
func New(o Order, now, due time.Time) Order {
	o.Version, o.Status, o.CreatedAt = 1, AwaitingPayment, now
	if !due.IsZero() {
		o.DueAt, o.NextAt = &due, &due
	}
	o.Timeline = []Event{{At: now, Act: Begin, By: Site, Status: AwaitingPayment}}
	return o
}

// left is what was not given back.
func (o Order) left() money.Amount { return o.Total - o.Refunded }

// InEscrow is what of the order's money waits in escrow.
func (o Order) InEscrow() money.Amount {
	if !o.Escrow {
		return 0
	}
	return o.left()
}

// Fee is what the site takes at completion: the frozen rate of what was not refunded, half up to the cash unit.
func (o Order) Fee() money.Amount { return money.Fee(o.left(), o.FeeBasis, o.CashUnit) }

// SideOf is the side of a person; "" for a stranger.
func (o Order) SideOf(account string) Side {
	switch account {
	case o.Buyer:
		return Buyer
	case o.Seller:
		return Seller
	}
	return ""
}
