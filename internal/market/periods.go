package market

// LongestAuction and LongestOther are how long a deal may stay open at most.
const (
	LongestAuction = longestAuction
	LongestOther   = longestOther
)
