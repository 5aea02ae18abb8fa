package worked

import (
	"fmt"
	"time"

	"haggle/internal/money"
	"haggle/internal/reputation"
)

// Trust is a record and the score it makes.
type Trust struct {
	Good, Bad int64
	Same      bool // all words came from one and the same person, in one week
	Score     reputation.Score
}

func playTrust(c money.Currency) []Trust {
	list := []Trust{{Good: 1}, {Good: 10}, {Good: 10, Bad: 1}, {Good: 100}, {Good: 10, Same: true}}
	usual := major(c, 1000)
	for i := range list {
		t := &list[i]
		words := make([]reputation.Feedback, 0, t.Good+t.Bad)
		for n := range t.Good + t.Bad {
			f := reputation.Feedback{ID: fmt.Sprint(n), From: fmt.Sprint(n), Role: reputation.Seller, Score: 1, Amount: usual, Median: usual, At: opening.Add(time.Duration(n) * time.Minute)}
			if n >= t.Good {
				f.Score = -1
			}
			if t.Same {
				f.From = first
			}
			words = append(words, f)
		}
		t.Score = reputation.Recompute(words).Score(opening.Add(24 * time.Hour))
	}
	return list
}
