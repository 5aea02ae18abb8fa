package order

import "time"

// Periods of an order's life, for those who explain it. Days stand still on holidays.
const (
	ShippingDays          = shippingDays          // business days until a buyer may cancel what was not shipped
	CompleteAfterShipping = completeAfterShipping // days, where nobody reports the delivery
	CompleteAfterDelivery = completeAfterDelivery // days
	ExtensionDays         = extension             // once

	DisputeWithin time.Duration = disputeAfterDelivery // after delivery
)
