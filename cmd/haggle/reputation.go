package main

import (
	"context"
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
	status, err := ask(ctx, c.At, "/api/v1/users/"+url.PathEscape(c.User)+"/reputation", 30*time.Second, &v)
	switch {
	case status == http.StatusNotFound:
		return v, fmt.Errorf("nobody at %s has the id %s", c.At, c.User)
	case status != 0 && status != http.StatusOK:
		return v, fmt.Errorf("%s answers %d", c.At, status)
	case err == nil && v.User == "":
		err = noHaggle(c.At)
	}
	return v, err
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
