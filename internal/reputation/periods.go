package reputation

import "time"

// How feedback is weighed, for those who explain it.
const (
	HalfLife time.Duration = halfLife
	MaxValue               = maxValue // of the weight of an order's amount, where the usual order has 1
)
