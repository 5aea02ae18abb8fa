package reputation

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/money"
)

// monday begins an ISO week.
var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// word is a feedback of a usual trade.
func word(id, from string, score int, at time.Time) Feedback {
	return Feedback{ID: id, From: from, Role: Seller, Score: score, Amount: 100_000, Median: 100_000, At: at}
}

// whys are why each feedback counts or not, in order.
func whys(t *Tally) []Why {
	var out []Why
	for _, l := range t.Explain(monday) {
		out = append(out, l.Why)
	}
	return out
}

func TestPairRule(t *testing.T) {
	for name, c := range map[string]struct {
		list []Feedback
		want []Why
	}{
		"one of a pair in a week": {[]Feedback{word("1", "a", 1, monday), word("2", "a", 1, monday.Add(7*day-1)), word("3", "a", 1, monday.Add(7*day))},
			[]Why{Counted, PairWeek, Counted}},
		"another pair has its own":                         {[]Feedback{word("1", "a", 1, monday), word("2", "b", 1, monday)}, []Why{Counted, Counted}},
		"the first counts, also where a worse one follows": {[]Feedback{word("1", "a", 1, monday), word("2", "a", -1, monday.Add(day))}, []Why{Counted, PairWeek}},
		"a removed one takes no place":                     {[]Feedback{removed(word("1", "a", 1, monday)), word("2", "a", 1, monday.Add(1))}, []Why{IsRemoved, Counted}},
		"nor does one of related accounts":                 {[]Feedback{related(word("1", "a", 1, monday)), word("2", "a", 1, monday.Add(1))}, []Why{IsRelated, Counted}},
		"removed before related":                           {[]Feedback{removed(related(word("1", "a", 1, monday)))}, []Why{IsRemoved}},
		"the week is that of UTC": {[]Feedback{word("1", "a", 1, monday.Add(-time.Hour).In(time.FixedZone("", 8*3600))), word("2", "a", 1, monday)},
			[]Why{Counted, Counted}},
		"the ISO year has its own weeks": {[]Feedback{word("1", "a", 1, time.Date(2024, 12, 31, 0, 0, 0, 0, time.UTC)), word("2", "a", 1, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))},
			[]Why{Counted, PairWeek}},
	} {
		if got := whys(Recompute(c.list)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func removed(f Feedback) Feedback { f.Removed = true; return f }

func related(f Feedback) Feedback { f.Related = true; return f }

// TestSixAMonth lets a pair trade on every day of a month, for each month of 28 years, after which the calendar repeats:
// never do more than six count, and sometimes six do.
func TestSixAMonth(t *testing.T) {
	most := 0
	for first := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC); first.Year() < 2028; first = first.AddDate(0, 1, 0) {
		tally := NewTally()
		for at := first; at.Month() == first.Month(); at = at.Add(day) {
			tally.Add(word(at.String(), "a", 1, at))
		}
		most = max(most, int(tally.Score(first).N))
	}
	if most != 6 {
		t.Errorf("a pair counts %d times in a month, want at most six", most)
	}
}

func TestValueWeight(t *testing.T) {
	for _, c := range []struct {
		amount, median money.Amount
		want           float64
	}{
		{100, 100, 1}, {300, 100, 2}, {700, 100, 3}, {1 << 40, 100, 3}, {0, 100, 0}, {50, 100, math.Log2(1.5)}, {100, 0, 1},
	} {
		if got := value(Feedback{Amount: c.amount, Median: c.median}); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%d where the median is %d weighs %g, want %g", c.amount, c.median, got, c.want)
		}
	}
}

func TestDecay(t *testing.T) {
	tally := Recompute([]Feedback{word("1", "a", 1, monday)})
	for age, want := range map[time.Duration]float64{0: 1, 365 * day: 0.5, 730 * day: 0.25, -day: 1} {
		if got := tally.Explain(monday.Add(age))[0].Weight; math.Abs(got-want) > 1e-12 {
			t.Errorf("after %v a word weighs %g, want %g", age, got, want)
		}
	}
	if now, later := tally.Score(monday).Value, tally.Score(monday.Add(365*day)).Value; later >= now {
		t.Errorf("a year later the score is %g, after %g", later, now)
	}
}

func TestScore(t *testing.T) {
	pairs := func(scores ...int) []Feedback {
		var out []Feedback
		for i, s := range scores {
			out = append(out, word(fmt.Sprint(i), fmt.Sprint("u", i), s, monday))
		}
		return out
	}
	for name, c := range map[string]struct {
		list []Feedback
		want Score
	}{
		"nothing":                     {nil, Score{}},
		"one good":                    {pairs(1), Score{Value: math.Sqrt(0.05), N: 1, Positive: 1}},
		"one bad":                     {pairs(-1), Score{Value: 1 - math.Sqrt(0.95), N: 1, Negative: 1}},
		"ten good":                    {pairs(1, 1, 1, 1, 1, 1, 1, 1, 1, 1), Score{Value: math.Pow(0.05, 1.0/11), N: 10, Positive: 10}},
		"one of each":                 {pairs(1, 0, -1), Score{Value: 0.1353503, N: 3, Positive: 1, Neutral: 1, Negative: 1}},
		"nothing but what is removed": {[]Feedback{removed(word("1", "a", 1, monday)), related(word("2", "b", -1, monday))}, Score{}},
		"a pair's second word":        {[]Feedback{word("1", "a", 1, monday), word("2", "a", -1, monday)}, Score{Value: math.Sqrt(0.05), N: 1, Positive: 1}},
	} {
		got := Recompute(c.list).Score(monday)
		if math.Abs(got.Value-c.want.Value) > 1e-6 {
			t.Errorf("%s: a score of %.7f, want %.7f", name, got.Value, c.want.Value)
		}
		if got.Value = c.want.Value; got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestRankCountsSilenceAsWeaklyBad(t *testing.T) {
	tally := Recompute([]Feedback{word("1", "a", 1, monday)})
	if got, want := tally.Rank(monday, 20), betaQuantile(0.05, usual.good+1, usual.bad+1); got != want {
		t.Errorf("twenty silent trades rank %g, want as one bad word, %g", got, want)
	}
	talked := tally.Rank(monday, 0)
	if silent := tally.Rank(monday, 1); silent >= talked {
		t.Errorf("a silent trade raises the rank from %g to %g", talked, silent)
	}
	if newcomer := NewTally().Rank(monday, 0); newcomer >= talked {
		t.Errorf("a newcomer ranks %g, somebody with a good word %g", newcomer, talked)
	}
}

// drawFeedback draws what some people said over half a year, with ties in time.
func drawFeedback(t *rapid.T) []Feedback {
	n := rapid.IntRange(0, 40).Draw(t, "n")
	list := make([]Feedback, n)
	for i := range list {
		at := monday.Add(time.Duration(rapid.IntRange(0, 180).Draw(t, "day")) * day)
		f := word(fmt.Sprintf("f%02d", i), rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "from"), rapid.IntRange(-1, 1).Draw(t, "score"), at)
		f.Amount = money.Amount(rapid.Int64Range(0, 2_000_000).Draw(t, "amount"))
		f.Related, f.Removed = rapid.IntRange(0, 9).Draw(t, "related") == 0, rapid.IntRange(0, 9).Draw(t, "removed") == 0
		list[i] = f
	}
	return list
}

// TestOneByOneIsAllAtOnce adds feedback as it comes, and recomputes it from a shuffled list: the same to the last bit.
func TestOneByOneIsAllAtOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawFeedback(t)
		byOne := NewTally()
		for _, f := range order(list) {
			byOne.Add(f)
		}
		shuffled := rapid.Permutation(slices.Clone(list)).Draw(t, "shuffled")
		given := slices.Clone(shuffled)
		all := Recompute(shuffled)
		if !slices.Equal(shuffled, given) {
			t.Fatal("Recompute changed the list that it was given")
		}
		now := monday.Add(200 * day)
		if !reflect.DeepEqual(byOne.Explain(now), all.Explain(now)) || byOne.Score(now) != all.Score(now) || byOne.Rank(now, 3) != all.Rank(now, 3) {
			t.Fatalf("one by one %+v, all at once %+v", byOne.Score(now), all.Score(now))
		}
	})
}

// TestScoreIsWhatItsExplanationSays computes the score again from the lines that are shown.
func TestScoreIsWhatItsExplanationSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := monday.Add(200 * day)
		tally := Recompute(drawFeedback(t))
		sum, n, weeks := map[int]float64{}, int64(0), map[string]bool{}
		for _, l := range tally.Explain(now) {
			sum[l.Feedback.Score] += l.Weight
			if l.Why != Counted {
				if l.Weight != 0 {
					t.Fatalf("%+v does not count and weighs %g", l.Feedback, l.Weight)
				}
				continue
			}
			n++
			y, w := l.Feedback.At.ISOWeek()
			week := fmt.Sprint(l.Feedback.From, y, w)
			if weeks[week] || l.Feedback.Related || l.Feedback.Removed || l.Weight > 3 {
				t.Fatalf("%+v counts with %g", l.Feedback, l.Weight)
			}
			weeks[week] = true
		}
		s := tally.Score(now)
		want := betaQuantile(0.05, 1+sum[1], 1+sum[-1])
		if n == 0 {
			want = 0
		}
		if s.N != n || s.Positive+s.Neutral+s.Negative != n || math.Abs(s.Value-want) > 1e-9 {
			t.Fatalf("the score is %+v, its lines say %g of %d", s, want, n)
		}
	})
}

func TestRoles(t *testing.T) {
	if got := Roles(); !slices.Equal(got, []Role{Seller, Buyer, Organiser, Member}) {
		t.Errorf("roles are %v", got)
	}
}
