package reputation

import (
	"fmt"
	"math"
	"time"
)

// How feedback is weighed.
const (
	halfLife     = 365 * 24 * time.Hour // an old word weighs less
	maxValue     = 3.0                  // of the value weight
	maxPerMonth  = 6                    // counted feedback of one pair in a calendar month
	lowerBound   = 0.05
	weakNegative = 0.05 // what silence weighs in ranking
)

// Tally holds a person's feedback in one role, added in the order in which it began to count. Adding one at a time
// gives exactly what Recompute gives of all.
type Tally struct {
	lines []line
	weeks map[string]bool
	month map[string]int
}

// line is a feedback with its weight before decay.
type line struct {
	feedback Feedback
	weight   float64
	why      Why
}

// Score is a role's score at one instant.
type Score struct {
	Value    float64 // lower bound of the share of good experiences, 0 to 1; 0 without any feedback
	N        int64   // visible feedback
	Positive int64
	Neutral  int64
	Negative int64
}

// NewTally is a tally without feedback.
func NewTally() *Tally { return &Tally{weeks: map[string]bool{}, month: map[string]int{}} }

// Recompute tallies feedback given in any order.
func Recompute(list []Feedback) *Tally {
	t := NewTally()
	for _, f := range order(list) {
		t.Add(f)
	}
	return t
}

// Add counts one more feedback, which began to count after those before.
func (t *Tally) Add(f Feedback) {
	why := t.why(f)
	l := line{feedback: f, why: why}
	if why == Counted {
		l.weight = value(f)
		t.weeks[week(f)] = true
		t.month[month(f)]++
	}
	t.lines = append(t.lines, l)
}

// why applies the pair rule: one per pair and ISO week, at most six per pair and month.
func (t *Tally) why(f Feedback) Why {
	switch {
	case f.Removed:
		return IsRemoved
	case f.Related:
		return IsRelated
	case t.weeks[week(f)]:
		return PairWeek
	case t.month[month(f)] >= maxPerMonth:
		return PairMonth
	}
	return Counted
}

func week(f Feedback) string {
	y, w := f.At.UTC().ISOWeek()
	return fmt.Sprintf("%s %d-W%02d", f.From, y, w)
}

func month(f Feedback) string { return f.From + " " + f.At.UTC().Format("2006-01") }

// value is log2(1 + amount / median), capped: a dear trade says more, but not without end.
func value(f Feedback) float64 {
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

// Score is the tally's score now.
func (t *Tally) Score(now time.Time) Score {
	var s Score
	var good, bad float64
	for _, l := range t.lines {
		w := l.weight * decay(l.feedback.At, now)
		s.N++
		switch l.feedback.Score {
		case 1:
			s.Positive++
			good += w
		case -1:
			s.Negative++
			bad += w
		default:
			s.Neutral++
			good, bad = good+w/2, bad+w/2
		}
	}
	if s.N > 0 {
		s.Value = betaQuantile(lowerBound, 1+good, 1+bad)
	}
	return s
}

// Rank is the score for sorting: trades about which nothing was said count as weakly negative.
func (t *Tally) Rank(now time.Time, silent int64) float64 {
	var good, bad float64
	for _, l := range t.lines {
		w := l.weight * decay(l.feedback.At, now)
		good += w * float64(l.feedback.Score+1) / 2
		bad += w * float64(1-l.feedback.Score) / 2
	}
	return betaQuantile(lowerBound, 1+good, 1+bad+weakNegative*float64(silent))
}

// Explain lists what was counted and what it weighs now.
func (t *Tally) Explain(now time.Time) []Line {
	out := make([]Line, len(t.lines))
	for i, l := range t.lines {
		out[i] = Line{Feedback: l.feedback, Weight: l.weight * decay(l.feedback.At, now), Why: l.why}
	}
	return out
}
