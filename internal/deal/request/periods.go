package request

// PayWithin is how long an order of this kind may stay unpaid, for those who explain it.
const PayWithin = payWithin
