package reputation

import "time"

const (
	lowerBound   = 0.05 // the share of good experiences is above the score with 95 % certainty
	weakNegative = 0.05 // what silence weighs in ranking
)

// prior is what is taken for known of everybody before the first word: so many good and bad words.
type prior struct{ good, bad float64 }

var (
	// uniform knows nothing: every share of good experiences is as likely as any other.
	uniform = prior{1, 1}

	// usual knows that most trades go well, so that a bad word, being rare, speaks loudly. Fitted in time order on the
	// first part of a network of ratings; on the rest it ranks better than uniform and than the plain share of good words.
	usual = prior{2, 0.05}
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
		s.Value = t.bound(now, uniform)
	}
	return s
}

// Rank is the score for sorting: it starts from the usual, and trades about which nothing was said count as weakly
// negative. It is meant to be compared with other ranks, not to be shown.
func (t *Tally) Rank(now time.Time, silent int64) float64 {
	return t.bound(now, prior{usual.good, usual.bad + weakNegative*float64(silent)})
}

// bound is the lower bound of the share of good experiences after what is known before and all words, weighed.
func (t *Tally) bound(now time.Time, before prior) float64 {
	good, bad := before.good, before.bad
	for _, l := range t.lines {
		switch l.feedback.Score {
		case 1:
			good += l.weightAt(now)
		case -1:
			bad += l.weightAt(now)
		}
	}
	return betaQuantile(lowerBound, good, bad)
}
