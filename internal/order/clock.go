package order

import "time"

// How long the two sides have. Days of a clock that runs for one of them stand still on holidays.
const (
	shippingDays          = 3  // business days until a buyer may cancel what was not shipped
	completeAfterShipping = 14 // days, where nobody reports the delivery
	completeAfterDelivery = 7  // days
	extension             = 3  // days, once
	disputeAfterDelivery  = 30 * 24 * time.Hour
)

// The clock decides, not the sweep: what is due by `now` counts as done, whether or not anybody has looked yet.
var (
	beforeDue = guard{"before it is due", func(o Order, now time.Time) bool { return o.DueAt == nil || now.Before(*o.DueAt) }}
	fromDue   = guard{"when it is due", func(o Order, now time.Time) bool { return o.DueAt != nil && !now.Before(*o.DueAt) }}

	beforeCompletion = guard{"before it completes", func(o Order, now time.Time) bool { return o.NextAt != nil && now.Before(*o.NextAt) }}
	fromCompletion   = guard{"when nobody objected", func(o Order, now time.Time) bool { return o.NextAt != nil && !now.Before(*o.NextAt) }}

	mayExtend        = guard{"once", func(o Order, now time.Time) bool { return !o.Extended && beforeCompletion.holds(o, now) }}
	unshippedTooLong = guard{"after 3 business days", func(o Order, now time.Time) bool { return o.ShipBy != nil && !now.Before(*o.ShipBy) }}
	wasShipped       = guard{"once shipped", func(o Order, _ time.Time) bool { return o.ShippedAt != nil }}
	disputable       = guard{"within 30 days", func(o Order, now time.Time) bool { return now.Before(o.arrived().Add(disputeAfterDelivery)) }}
)

// arrived is when the goods were delivered, or the order completed where nobody reported that.
func (o Order) arrived() (at time.Time) {
	if o.EndedAt != nil {
		at = *o.EndedAt
	}
	for _, e := range o.Timeline {
		if e.Act == Deliver {
			at = e.At
		}
	}
	return at
}

// silence is how long a silent buyer has from delivery, or from shipping where nobody reports the delivery.
func (o Order) silence(days int) int {
	if o.Extended {
		days += extension
	}
	return days
}
