package reputation

import (
	"slices"
	"strings"
	"time"

	"haggle/internal/money"
)

// Role is what somebody was in a deal; each has a score of its own.
type Role string

const (
	Seller    Role = "seller"
	Buyer     Role = "buyer"
	Organiser Role = "organiser"
	Member    Role = "member"
)

// Roles lists every role.
func Roles() []Role { return []Role{Seller, Buyer, Organiser, Member} }

// Windows of giving and showing feedback.
const (
	GiveWithin = 60 * 24 * time.Hour // after the order's end
	HideFor    = 14 * 24 * time.Hour // unless both sides are in
)

// Feedback is one side's word about the other, as far as it counts.
type Feedback struct {
	ID      string
	From    string
	Role    Role
	Score   int          // −1, 0, +1
	Amount  money.Amount // of the order
	Median  money.Amount // of the site's orders when it was given; frozen, so that a score can be recomputed
	At      time.Time    // when it began to count
	Related bool         // the two are related accounts
	Removed bool         // by a moderator, or its maker did not pay or is suspended

	Worth float64 // the value weight where it is known without Amount and Median: as a site publishes it
}

// Why says how a feedback counts.
type Why string

const (
	Counted   Why = "counted"
	PairWeek  Why = "pair_week" // another one from the same person counts in that week
	IsRelated Why = "related"
	IsRemoved Why = "removed"
)

// Line is one feedback and what it weighs.
type Line struct {
	Feedback Feedback
	Worth    float64 // when it began to count: log2(1 + amount / median), at most MaxValue; zero where it does not count
	Weight   float64 // now
	Why      Why
}

// order sorts feedback as it began to count; ties by id, so that every recomputation sees the same order.
func order(list []Feedback) []Feedback {
	out := slices.Clone(list)
	slices.SortFunc(out, func(a, b Feedback) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return out
}
