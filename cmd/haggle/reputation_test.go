package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/reputation"
	"haggle/internal/testenv"
)

// shownOf is what a site shows of feedback: everything but the amounts.
func shownOf(list []reputation.Feedback, now time.Time) market.ReputationView {
	v := market.ReputationView{User: "ann", Now: market.At(now)}
	for _, role := range reputation.Roles() {
		var of []reputation.Feedback
		for _, f := range list {
			if f.Role == role {
				of = append(of, f)
			}
		}
		if of == nil {
			continue
		}
		tally := reputation.Recompute(of)
		s := tally.Score(now)
		v.Scores = append(v.Scores, market.ScoreView{Role: string(role), Score: s.Value, N: s.N, Positive: s.Positive, Neutral: s.Neutral, Negative: s.Negative})
		for _, l := range tally.Explain(now) {
			counts := market.At(l.Feedback.At)
			v.Items = append(v.Items, market.FeedbackView{ID: l.Feedback.ID, From: l.Feedback.From, Role: string(role), Score: l.Feedback.Score,
				At: counts, Counts: &counts, Worth: l.Worth, Weight: l.Weight, Why: string(l.Why)})
		}
	}
	return v
}

// TestReputationIsRecomputedFromWhatIsShown holds for every list of feedback, and that nothing else comes out as right.
func TestReputationIsRecomputedFromWhatIsShown(t *testing.T) {
	now := time.Date(2026, 12, 1, 4, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		var list []reputation.Feedback
		for i := range rapid.IntRange(1, 30).Draw(t, "feedbacks") {
			list = append(list, reputation.Feedback{ID: fmt.Sprint(i), From: rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(t, "from"),
				Role: rapid.SampledFrom(reputation.Roles()).Draw(t, "role"), Score: rapid.IntRange(-1, 1).Draw(t, "score"),
				Amount: money.Amount(rapid.Int64Range(1, 1_000_000).Draw(t, "amount")), Median: money.Amount(rapid.Int64Range(0, 100_000).Draw(t, "median")),
				At:      now.Add(-time.Duration(rapid.Int64Range(0, 1000).Draw(t, "hours")) * time.Hour),
				Related: rapid.IntRange(0, 9).Draw(t, "related") == 0, Removed: rapid.IntRange(0, 9).Draw(t, "removed") == 0})
		}
		said := shownOf(list, now)
		if got := recomputed(said); !got.OK || len(got.Lines) != len(list) {
			t.Fatalf("of %d: %s", len(list), got)
		}
		f, s := &said.Items[rapid.IntRange(0, len(said.Items)-1).Draw(t, "line")], &said.Scores[rapid.IntRange(0, len(said.Scores)-1).Draw(t, "of")]
		switch rapid.IntRange(0, 4).Draw(t, "lie") {
		case 0:
			f.Weight += 0.01
		case 1:
			s.Score += 0.001
		case 2:
			s.N++
		case 3:
			f.Why = map[bool]string{true: string(reputation.PairWeek), false: "no such reason"}[f.Why == string(reputation.Counted)]
		default:
			said.Scores = said.Scores[1:]
		}
		if got := recomputed(said); got.OK || len(got.Wrong) == 0 {
			t.Fatalf("a lie came out as right: %+v", said)
		}
	})
}

func TestReputationIsExplained(t *testing.T) {
	now := time.Date(2026, 12, 1, 4, 0, 0, 0, time.UTC)
	said := shownOf([]reputation.Feedback{{ID: "o-1:buyer", From: "ben", Role: reputation.Seller, Score: 1, Amount: 300, Median: 100, At: now.Add(-365 * 24 * time.Hour)}}, now)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/v1/users/ann/reputation":
			_ = json.NewEncoder(w).Encode(said)
		case "/api/v1/users/odd/reputation":
			_, _ = w.Write([]byte("{}"))
		default:
			http.NotFound(w, r)
		}
	}))
	defer site.Close()
	if out, _, code := testenv.Run(t, "", "reputation", "explain", "ann", "--at="+site.URL+"/"); code != 0 || !strings.Contains(out, "worth 2.0000, weighs 1.0000 now") || !strings.Contains(out, "seller: ") {
		t.Errorf("exit %d: %s", code, out)
	}
	said.Scores[0].Score = 0.99
	if out, _, code := testenv.Run(t, "", "reputation", "explain", "ann", "--at="+site.URL, "--json"); code != 1 || !strings.Contains(out, "as seller 0.9900 from 1 there") {
		t.Errorf("of a score that is another: exit %d: %s", code, out)
	}
	for _, user := range []string{"nobody", "odd"} {
		if out, errs, code := testenv.Run(t, "", "reputation", "explain", user, "--at="+site.URL); code != 1 || errs == "" {
			t.Errorf("%s: exit %d: %s", user, code, out)
		}
	}
}
