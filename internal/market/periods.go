package market

// LongestAuction and LongestOther are how long a deal may stay open at most.
const (
	LongestAuction = longestAuction
	LongestOther   = longestOther
)

// BackupStands and ChanceStands are how long a bidder is bound, after the first winner's payment was due, and how long one
// may take what he is offered, when a winner does not pay.
const (
	BackupStands = backupStands
	ChanceStands = chanceStands
)
