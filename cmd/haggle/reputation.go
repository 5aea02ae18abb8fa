package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"time"

	"haggle/internal/market"
	"haggle/internal/reputation"
)

// reputationCmd groups what can be asked about reputation.
type reputationCmd struct {
	Explain explain `cmd:"" help:"Recompute somebody's scores from the feedback that a site shows, and list what counts how much."`
}

// explain recomputes a person's scores. It needs nothing but the site's public answer.
type explain struct {
	User string `arg:"" help:"Id of the person, as in the address of his page."`
	At   string `env:"HAGGLE_URL" default:"http://127.0.0.1:8080" help:"The site." placeholder:"URL"`
}

// explained is a person's reputation as it was recomputed, and where the site says otherwise.
type explained struct {
	OK     bool               `json:"ok"`
	User   string             `json:"user"`
	Now    time.Time          `json:"now"`
	Scores []market.ScoreView `json:"scores"`
	Lines  []explainedLine    `json:"lines"`
	Wrong  []string           `json:"wrong,omitempty"` // what the site says otherwise
}

type explainedLine struct {
	ID     string    `json:"id"`
	Role   string    `json:"role"`
	Score  int       `json:"score"`
	From   string    `json:"from"`
	Counts time.Time `json:"countsFrom"`
	Worth  float64   `json:"worth"`
	Weight float64   `json:"weight"`
	Why    string    `json:"why"`
}

func (e explained) String() string {
	var b strings.Builder
	for _, s := range e.Scores {
		fmt.Fprintf(&b, "%s: %.4f from %d (%d good, %d neither, %d bad)\n", s.Role, s.Score, s.N, s.Positive, s.Neutral, s.Negative)
		for _, l := range e.Lines {
			if l.Role == s.Role {
				fmt.Fprintf(&b, "  %+d  %s  worth %.4f, weighs %.4f now  %s  %s\n", l.Score, l.Counts.Format(time.DateOnly), l.Worth, l.Weight, l.Why, l.ID)
			}
		}
	}
	if e.OK {
		return b.String() + "what the site says is what comes out"
	}
	return b.String() + "the site says otherwise: " + strings.Join(e.Wrong, "; ")
}

// Run asks the site once and recomputes what it answered.
func (c *explain) Run(ctx context.Context, t *terminal) error {
	said, err := c.ask(ctx)
	if err != nil {
		return err
	}
	out := recomputed(said)
	return t.verdict(out, out.OK)
}

func (c *explain) ask(ctx context.Context) (v market.ReputationView, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(c.At, "/")+"/api/v1/users/"+url.PathEscape(c.User)+"/reputation", nil)
	if err != nil {
		return v, usage(fmt.Errorf("--at: %w", err))
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return v, fmt.Errorf("nobody answers at %s", c.At)
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode == http.StatusNotFound:
		return v, fmt.Errorf("nobody at %s has the id %s", c.At, c.User)
	case res.StatusCode != http.StatusOK:
		return v, fmt.Errorf("%s answers %s", c.At, res.Status)
	}
	if err := json.NewDecoder(res.Body).Decode(&v); err != nil || v.User == "" {
		return v, errors.New("what answers at " + c.At + " is no haggle")
	}
	return v, nil
}

// recomputed tallies what a site shows of a person, and compares.
func recomputed(said market.ReputationView) explained {
	now := said.Now.Std()
	out := explained{User: said.User, Now: now, Scores: []market.ScoreView{}, Lines: []explainedLine{}}
	shown, lists := map[string]market.FeedbackView{}, map[reputation.Role][]reputation.Feedback{}
	for _, f := range said.Items {
		shown[f.ID] = f
		role := reputation.Role(f.Role)
		lists[role] = append(lists[role], told(f))
	}
	for _, role := range reputation.Roles() {
		if lists[role] == nil {
			continue
		}
		tally := reputation.Recompute(lists[role])
		s := tally.Score(now)
		out.Scores = append(out.Scores, market.ScoreView{Role: string(role), Score: s.Value, N: s.N, Positive: s.Positive, Neutral: s.Neutral, Negative: s.Negative})
		for _, l := range tally.Explain(now) {
			f := l.Feedback
			out.Lines = append(out.Lines, explainedLine{ID: f.ID, Role: string(role), Score: f.Score, From: f.From, Counts: f.At, Worth: l.Worth, Weight: l.Weight, Why: string(l.Why)})
			if site := shown[f.ID]; site.Why != string(l.Why) || !near(site.Weight, l.Weight) {
				out.Wrong = append(out.Wrong, fmt.Sprintf("%s weighs %.4f there (%s)", f.ID, site.Weight, site.Why))
			}
		}
	}
	out.Wrong = append(out.Wrong, otherScores(said.Scores, out.Scores)...)
	out.OK = len(out.Wrong) == 0
	return out
}

// told is a feedback as far as a site shows it.
func told(f market.FeedbackView) reputation.Feedback {
	out := reputation.Feedback{ID: f.ID, From: f.From, Role: reputation.Role(f.Role), Score: f.Score, At: f.At.Std(), Worth: f.Worth,
		Related: f.Why == string(reputation.IsRelated), Removed: f.Why == string(reputation.IsRemoved)}
	if f.Counts != nil {
		out.At = f.Counts.Std()
	}
	return out
}

func otherScores(site, here []market.ScoreView) (wrong []string) {
	byRole := map[string]market.ScoreView{}
	for _, s := range here {
		byRole[s.Role] = s
	}
	for _, s := range site {
		h := byRole[s.Role]
		score := h.Score
		h.Score = s.Score
		if h != s || !near(score, s.Score) {
			wrong = append(wrong, fmt.Sprintf("as %s %.4f from %d there", s.Role, s.Score, s.N))
		}
		delete(byRole, s.Role)
	}
	for role := range byRole {
		wrong = append(wrong, "no score as "+role+" there")
	}
	return wrong
}

// near allows for what a number loses on its way, and a weight in the millisecond that an instant is written to.
func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6 }
