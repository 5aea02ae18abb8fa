package english

// Periods of the rule, for those who explain it.
const (
	LastHours   = lastHours   // before the deadline: most things are locked
	Retractable = retractable // from a bid on, in which it can be taken back alone even then
	BuyNowLeast = buyNowPercent
	PayWithin   = payWithin // a winner has to pay
)
