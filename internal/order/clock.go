package order

import "time"

// How long the two sides have.
const (
	completeAfterShipping = 14 * 24 * time.Hour // where nobody reports the delivery
	completeAfterDelivery = 7 * 24 * time.Hour
	extension             = 3 * 24 * time.Hour // once
	disputeAfterDelivery  = 30 * 24 * time.Hour
	shippingDays          = 3 // business days until a buyer may cancel
)

// The clock decides, not the sweep: what is due by `now` counts as done, whether or not anybody has looked yet.

func beforeDue(o Order, now time.Time) bool { return o.DueAt == nil || now.Before(*o.DueAt) }

func fromDue(o Order, now time.Time) bool { return !beforeDue(o, now) }

func beforeCompletion(o Order, now time.Time) bool { return o.NextAt != nil && now.Before(*o.NextAt) }

func fromCompletion(o Order, now time.Time) bool { return o.NextAt != nil && !now.Before(*o.NextAt) }

func mayExtend(o Order, now time.Time) bool { return !o.Extended && beforeCompletion(o, now) }

func unshippedTooLong(o Order, now time.Time) bool {
	return o.PaidAt != nil && !now.Before(addBusinessDays(*o.PaidAt, shippingDays))
}

// disputable says whether a completed order may still be disputed: 30 days from its delivery, or from its completion
// where nobody reported a delivery.
func disputable(o Order, now time.Time) bool {
	arrived, ok := o.happened(Deliver)
	if !ok && o.EndedAt != nil {
		arrived = *o.EndedAt
	}
	return now.Before(arrived.Add(disputeAfterDelivery))
}

// happened is when an act was last done.
func (o Order) happened(act Act) (at time.Time, ok bool) {
	for _, e := range o.Timeline {
		if e.Act == act {
			at, ok = e.At, true
		}
	}
	return at, ok
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
