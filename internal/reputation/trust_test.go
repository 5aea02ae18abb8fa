package reputation

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"haggle/internal/testenv"
)

// rating is one line of a who-trusts-whom network.
type rating struct {
	from, to string
	weight   int
	at       time.Time
}

func readRatings(t *testing.T) []rating {
	t.Helper()
	f, err := os.Open(testenv.Shared(t, "data", "trust_alpha.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []rating
	for _, r := range rows[1:] {
		weight, err1 := strconv.Atoi(r[2])
		at, err2 := strconv.ParseInt(r[3], 10, 64)
		if err1 != nil || err2 != nil || weight == 0 {
			t.Fatalf("line %v: %v, %v", r, err1, err2)
		}
		out = append(out, rating{r[0], r[1], weight, time.Unix(at, 0).UTC()})
	}
	slices.SortStableFunc(out, func(a, b rating) int { return a.at.Compare(b.at) })
	return out
}

// history is what is known of everybody at the end of the ratings given: a tally, and plain counts.
type history struct {
	tally map[string]*Tally
	good  map[string]float64
	all   map[string]float64
	now   time.Time
}

func learn(ratings []rating) history {
	h := history{tally: map[string]*Tally{}, good: map[string]float64{}, all: map[string]float64{}, now: ratings[len(ratings)-1].at}
	for i, r := range ratings {
		if h.tally[r.to] == nil {
			h.tally[r.to] = NewTally()
		}
		f := Feedback{ID: strconv.Itoa(i), From: r.from, Score: 1, At: r.at}
		h.all[r.to]++
		if r.weight < 0 {
			f.Score = -1
		} else {
			h.good[r.to]++
		}
		h.tally[r.to].Add(f)
	}
	return h
}

// bound ranks by the lower bound after what is known before of everybody.
func (h history) bound(before prior) func(string) float64 {
	known := map[string]float64{}
	for who, t := range h.tally {
		known[who] = t.bound(h.now, before)
	}
	newcomer := NewTally().bound(h.now, before)
	return func(who string) float64 {
		if v, ok := known[who]; ok {
			return v
		}
		return newcomer
	}
}

// share ranks by the plain share of good words; a newcomer's is everybody's.
func (h history) share() func(string) float64 {
	var good, all float64
	for who, n := range h.all {
		good, all = good+h.good[who], all+n
	}
	return func(who string) float64 {
		if h.all[who] > 0 {
			return h.good[who] / h.all[who]
		}
		return good / all
	}
}

// auc is the chance that somebody who gets a good word next is ranked above one who gets a bad word; ties are half.
func auc(rank func(string) float64, next []rating) float64 {
	type scored struct {
		value float64
		good  bool
	}
	list := make([]scored, len(next))
	for i, r := range next {
		list[i] = scored{rank(r.to), r.weight > 0}
	}
	slices.SortFunc(list, func(a, b scored) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	var wins, good, bad float64
	for i := 0; i < len(list); {
		j, tiedGood, tiedBad := i, 0.0, 0.0
		for ; j < len(list) && list[j].value == list[i].value; j++ {
			if list[j].good {
				tiedGood++
			} else {
				tiedBad++
			}
		}
		wins += tiedGood * (bad + tiedBad/2)
		good, bad, i = good+tiedGood, bad+tiedBad, j
	}
	return wins / (good * bad)
}

// split learns from the first 70 % in time and gives the rest, once all of it and once what is about known people.
func split(ratings []rating) (h history, next, known []rating) {
	cut := len(ratings) * 7 / 10
	h, next = learn(ratings[:cut]), ratings[cut:]
	known = slices.DeleteFunc(slices.Clone(next), func(r rating) bool { return h.tally[r.to] == nil })
	return h, next, known
}

// TestTrustNetwork learns from the first 70 % of a real network of ratings, and ranks by it who gets a good and who a
// bad word in the rest. The rank must not be worse than the plain share of good words, nor much below what was measured.
func TestTrustNetwork(t *testing.T) {
	h, next, known := split(readRatings(t))
	rank, score, share := h.bound(usual), h.bound(uniform), h.share()
	for _, c := range []struct {
		what    string
		next    []rating
		atLeast float64
	}{{"about known people", known, 0.68}, {"with newcomers", next, 0.56}} {
		byRank, byScore, byShare := auc(rank, c.next), auc(score, c.next), auc(share, c.next)
		t.Logf("%d ratings %s: AUC %.4f by rank, %.4f by the score that is shown, %.4f by plain share", len(c.next), c.what, byRank, byScore, byShare)
		if byRank < byShare || byRank < c.atLeast {
			t.Errorf("%s the rank is no better than a plain share", c.what)
		}
	}
}

// TestPriorIsFitted tries other priors where the rank's was fitted, inside the first 70 %, and finds none much better.
func TestPriorIsFitted(t *testing.T) {
	ratings := readRatings(t)
	h, _, known := split(ratings[:len(ratings)*7/10])
	got := auc(h.bound(usual), known)
	for _, good := range []float64{1, 8} {
		for _, bad := range []float64{0.05, 0.2, 1} {
			if other := auc(h.bound(prior{good, bad}), known); other > got+0.005 {
				t.Errorf("after %g good and %g bad words the AUC is %.4f, with the chosen prior %.4f", good, bad, other, got)
			}
		}
	}
	if uninformed := auc(h.bound(uniform), known); uninformed > got-0.02 {
		t.Errorf("the fitted prior gives an AUC of %.4f, knowing nothing %.4f", got, uninformed)
	}
}
