package reputation

import "time"

const (
	lowerBound   = 0.05 // the share of good experiences is above the score with 95 % certainty
	weakNegative = 0.05 // what silence weighs in ranking
)

// Score is a role's score at one instant.
type Score struct {
	Value    float64 // lower bound of the share of good experiences, 0 to 1; 0 where nothing counts
	N        int64   // feedback that counts
	Positive int64
	Neutral  int64 // neither good nor bad: counted in N, without effect on Value
	Negative int64
}

// Score is the tally's score now.
func (t *Tally) Score(now time.Time) Score {
	var s Score
	for _, l := range t.lines {
		if l.why != Counted {
			continue
		}
		s.N++
		switch l.feedback.Score {
		case 1:
			s.Positive++
		case -1:
			s.Negative++
		default:
			s.Neutral++
		}
	}
	if s.N > 0 {
		s.Value = t.bound(now, 0)
	}
	return s
}

// Rank is the score for sorting: trades about which nothing was said count as weakly negative. Who has no feedback is
// ranked by what is known of nobody.
func (t *Tally) Rank(now time.Time, silent int64) float64 {
	return t.bound(now, weakNegative*float64(silent))
}

// bound is the lower bound of the share of good experiences: after a uniform prior, all words weighed, and so much more
// bad.
func (t *Tally) bound(now time.Time, more float64) float64 {
	good, bad := 0.0, more
	for _, l := range t.lines {
		switch l.feedback.Score {
		case 1:
			good += l.weightAt(now)
		case -1:
			bad += l.weightAt(now)
		}
	}
	return betaQuantile(lowerBound, 1+good, 1+bad)
}
