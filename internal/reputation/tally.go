package reputation

import "time"

// Tally holds a person's feedback in one role, added in the order in which it began to count. Adding one at a time
// gives exactly what Recompute gives of all.
type Tally struct {
	lines []line
	weeks map[string]bool // of a pair, in which one counts
}

// line is a feedback with its weight before decay.
type line struct {
	feedback Feedback
	weight   float64
	why      Why
}

// NewTally is a tally without feedback.
func NewTally() *Tally { return &Tally{weeks: map[string]bool{}} }

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
	l := line{feedback: f, why: t.why(f)}
	if l.why == Counted {
		l.weight = value(f)
		t.weeks[pairWeek(f)] = true
	}
	t.lines = append(t.lines, l)
}

// why applies the pair rule, one per pair and ISO week, to what may count at all.
func (t *Tally) why(f Feedback) Why {
	switch {
	case f.Removed:
		return IsRemoved
	case f.Related:
		return IsRelated
	case t.weeks[pairWeek(f)]:
		return PairWeek
	}
	return Counted
}

// Explain lists what was counted and what it weighs now.
func (t *Tally) Explain(now time.Time) []Line {
	out := make([]Line, len(t.lines))
	for i, l := range t.lines {
		out[i] = Line{Feedback: l.feedback, Worth: l.weight, Weight: l.weightAt(now), Why: l.why}
	}
	return out
}

func (l line) weightAt(now time.Time) float64 {
	if l.weight == 0 {
		return 0
	}
	return l.weight * decay(l.feedback.At, now)
}
