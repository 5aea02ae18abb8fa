package fixed

// Periods of the rule, for those who explain it.
const (
	LapsePause = lapsePause // a buyer who let two purchases lapse here may not buy here
	PayWithin  = payWithin  // a purchase holds its pieces
)
