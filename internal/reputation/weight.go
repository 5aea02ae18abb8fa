package reputation

import (
	"fmt"
	"math"
	"time"
)

// How feedback is weighed.
const (
	halfLife = 365 * 24 * time.Hour // an old word weighs less
	maxValue = 3.0                  // of the value weight
)

// value is log2(1 + amount / median), capped: a dear trade says more, but not without end. Without a median every
// trade is a usual one. Where it is told, it is that.
func value(f Feedback) float64 {
	if f.Worth > 0 {
		return f.Worth
	}
	if f.Median <= 0 {
		return 1
	}
	return min(math.Log2(1+float64(f.Amount)/float64(f.Median)), maxValue)
}

// decay halves a weight every half-life.
func decay(at, now time.Time) float64 {
	age := max(now.Sub(at), 0)
	return math.Exp2(-float64(age) / float64(halfLife))
}

// pairWeek names the ISO week in which one of a pair's feedbacks counts. That no more than six of a pair count in a
// month follows: no month touches more than six ISO weeks.
func pairWeek(f Feedback) string {
	y, w := f.At.UTC().ISOWeek()
	return fmt.Sprintf("%s %d-W%02d", f.From, y, w)
}
