package market

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/reputation"
	"haggle/internal/store"
)

// detailNames are the sub-scores of a feedback, each 1 to 5.
var detailNames = []string{"description", "communication", "speed", "cost"}

const maxComment = 1000

// LeaveFeedback rates the other side of an order: once, after it ended, within 60 days. It stays hidden until both
// sides are in or 14 days have passed.
func (m *Market) LeaveFeedback(ctx context.Context, a Actor, k Key, orderID string, in FeedbackInput) (FeedbackView, bool, error) {
	if err := m.begins(ctx, a); err != nil {
		return FeedbackView{}, false, err
	}
	o, err := m.orderFor(ctx, a, orderID)
	if err != nil {
		return FeedbackView{}, false, err
	}
	if err := checkFeedback(in); err != nil {
		return FeedbackView{}, false, err
	}
	permit := a.permit(ScopeTrade)
	if o.SideOf(a.Account) == "" {
		permit = fault.New(fault.CodeForbidden, nil)
	}
	return once(ctx, m, a, k, permit, func(key *engine.Key) (v FeedbackView, err error) {
		err = m.tx(ctx, func(ctx context.Context) error {
			now := m.Now()
			row, err := m.storeFeedback(ctx, a, o.ID, in, now)
			if err != nil {
				return err
			}
			v = feedbackView(row, now)
			v.Order = o.ID
			return m.keep(ctx, key, now, v)
		})
		m.names.drop(o.Buyer)
		m.names.drop(o.Seller)
		return v, err
	})
}

func checkFeedback(in FeedbackInput) error {
	var c fault.Collect
	if in.Score < -1 || in.Score > 1 {
		c.Addf("score", "range", "-1, 0 or 1")
	}
	for name, n := range in.Details {
		if !slices.Contains(detailNames, name) || n < 1 || n > 5 {
			c.Addf("details", "range", "any of %v, each 1 to 5", detailNames)
			break
		}
	}
	checkText(&c, "comment", in.Comment, 0, maxComment)
	return c.Err()
}

// feedbackID is one side's feedback on an order: a side has one.
func feedbackID(orderID string, side order.Side) string { return orderID + ":" + string(side) }

// storeFeedback writes a feedback; when the other side is in, both show from now on. Inside a transaction.
func (m *Market) storeFeedback(ctx context.Context, a Actor, orderID string, in FeedbackInput, now time.Time) (FeedbackRow, error) {
	o, err := m.eng.Order(ctx, orderID)
	if err != nil {
		return FeedbackRow{}, err
	}
	if err := mayRate(o, now); err != nil {
		return FeedbackRow{}, err
	}
	side := o.SideOf(a.Account)
	row := FeedbackRow{ID: feedbackID(o.ID, side), Version: 1, Order: o.ID, Deal: o.Deal, Title: o.Title, From: a.Account, To: other(o, side),
		Role: string(roleOf(o, side)), Score: in.Score, Details: in.Details, Comment: strings.TrimSpace(in.Comment), Amount: o.Total, At: now,
		ShownAt: now.Add(reputation.HideFor)}
	if row.Median, err = m.medianAmount(ctx); err != nil {
		return row, err
	}
	pair, err := m.rows.feedback.GetMany(ctx, []string{feedbackID(o.ID, order.Buyer), feedbackID(o.ID, order.Seller)})
	if err != nil {
		return row, err
	}
	for _, p := range pair {
		if p.ID == row.ID {
			return row, fault.New(fault.CodeAlreadyUsed, nil)
		}
		row.ShownAt = now
		if p.ShownAt.After(now) {
			p.ShownAt, p.Version = now, p.Version+1
			if err := m.rows.feedback.Replace(ctx, store.Changed[FeedbackRow]{ID: p.ID, Version: p.Version - 1, Doc: p}); err != nil {
				return row, err
			}
		}
	}
	return row, m.rows.feedback.Insert(ctx, row)
}

// mayRate says whether an order can be rated now.
func mayRate(o order.Order, now time.Time) error {
	rated := []order.Status{order.Completed, order.Refunded, order.Cancelled}
	if !slices.Contains(rated, o.Status) || o.Status == order.Cancelled && o.PaidAt == nil && !lapsed(o) {
		return fault.New(fault.CodeConflict, fault.Params{"status": string(o.Status)})
	}
	if ended := o.Timeline[len(o.Timeline)-1].At; now.After(ended.Add(reputation.GiveWithin)) {
		return fault.New(fault.CodeLimit, fault.Params{"until": deal.FormatTime(ended.Add(reputation.GiveWithin))})
	}
	return nil
}

// lapsed says that the buyer did not pay: the seller may say so.
func lapsed(o order.Order) bool { return o.Timeline[len(o.Timeline)-1].Act == order.Lapse }

func other(o order.Order, side order.Side) string {
	if side == order.Buyer {
		return o.Seller
	}
	return o.Buyer
}

// roleOf is the role in which the other side of `from` is rated.
func roleOf(o order.Order, from order.Side) reputation.Role {
	switch {
	case deal.Kind(o.Kind) == deal.Group && from == order.Buyer:
		return reputation.Organiser
	case deal.Kind(o.Kind) == deal.Group:
		return reputation.Member
	case from == order.Buyer:
		return reputation.Seller
	}
	return reputation.Buyer
}

// medianSample is how many of the newest feedbacks the site's median amount is taken of.
const medianSample = 200

// medianAmount is the median amount of the site's newest rated orders; 0 where there are none.
func (m *Market) medianAmount(ctx context.Context) (money.Amount, error) {
	page, err := m.rows.feedback.Find(ctx, store.Query{Index: "at", Desc: true, Limit: medianSample})
	if err != nil || len(page.Docs) == 0 {
		return 0, err
	}
	amounts := make([]money.Amount, len(page.Docs))
	for i, f := range page.Docs {
		amounts[i] = f.Amount
	}
	slices.Sort(amounts)
	return amounts[len(amounts)/2], nil
}

// feedbackMine says what a side has rated and whether it still may.
func (m *Market) feedbackMine(ctx context.Context, a Actor, o order.Order) (*FeedbackMine, error) {
	side := o.SideOf(a.Account)
	if side == "" {
		return nil, nil
	}
	rows, err := m.rows.feedback.GetMany(ctx, []string{feedbackID(o.ID, order.Buyer), feedbackID(o.ID, order.Seller)})
	if err != nil {
		return nil, err
	}
	now := m.Now()
	f := &FeedbackMine{May: mayRate(o, now) == nil}
	for _, r := range rows {
		score := r.Score
		switch {
		case r.From == a.Account:
			f.Given, f.May = &score, false
		case !now.Before(r.ShownAt):
			f.Theirs = &score
		}
		f.Visible = f.Visible || !now.Before(r.ShownAt)
	}
	if f.May {
		f.Until = AtOrNil(o.Timeline[len(o.Timeline)-1].At.Add(reputation.GiveWithin))
	}
	return f, nil
}

func feedbackView(r FeedbackRow, now time.Time) FeedbackView {
	return FeedbackView{ID: r.ID, Deal: r.Deal, Title: r.Title, From: r.From, Role: r.Role, Score: r.Score, Details: r.Details, Comment: r.Comment,
		At: At(r.At), Visible: !now.Before(r.ShownAt)}
}

// visibleFeedback reads what was said about a person and shows by now.
func (m *Market) visibleFeedback(ctx context.Context, user string, now time.Time) ([]FeedbackRow, error) {
	var out []FeedbackRow
	q := store.Query{Index: "to", Eq: []any{user}, Limit: 1000}
	for {
		page, err := m.rows.feedback.Find(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Docs {
			if !now.Before(r.ShownAt) {
				out = append(out, r)
			}
		}
		if q.After = page.Next; q.After == "" {
			return out, nil
		}
	}
}

// tallies counts a person's visible feedback, a tally a role.
func tallies(rows []FeedbackRow) map[reputation.Role]*reputation.Tally {
	byRole := map[reputation.Role][]reputation.Feedback{}
	for _, r := range rows {
		role := reputation.Role(r.Role)
		byRole[role] = append(byRole[role], reputation.Feedback{ID: r.ID, From: r.From, Role: role, Score: r.Score, Amount: r.Amount, Median: r.Median,
			At: r.ShownAt, Related: r.Related, Removed: r.Removed})
	}
	out := map[reputation.Role]*reputation.Tally{}
	for role, list := range byRole {
		out[role] = reputation.Recompute(list)
	}
	return out
}

// scores computes people's scores, one a role in which they were rated.
func (m *Market) scores(ctx context.Context, users []string) (map[string][]ScoreView, error) {
	now := m.Now()
	out := make(map[string][]ScoreView, len(users))
	for _, u := range users {
		rows, err := m.visibleFeedback(ctx, u, now)
		if err != nil {
			return nil, err
		}
		out[u] = scoreViews(tallies(rows), now)
	}
	return out, nil
}

func scoreViews(t map[reputation.Role]*reputation.Tally, now time.Time) []ScoreView {
	views := []ScoreView{}
	for _, role := range reputation.Roles() {
		if tally, ok := t[role]; ok {
			s := tally.Score(now)
			views = append(views, ScoreView{Role: string(role), Score: s.Value, N: s.N, Positive: s.Positive, Neutral: s.Neutral, Negative: s.Negative})
		}
	}
	return views
}

// Reputation opens a person's scores into the list of what was counted.
func (m *Market) Reputation(ctx context.Context, a Actor, user string) (ReputationView, error) {
	if _, err := m.rows.accounts.Get(ctx, user); errors.Is(err, store.ErrNotFound) {
		return ReputationView{}, fault.New(fault.CodeNotFound, nil)
	} else if err != nil {
		return ReputationView{}, err
	}
	now := m.Now()
	rows, err := m.visibleFeedback(ctx, user, now)
	if err != nil {
		return ReputationView{}, err
	}
	byID := map[string]FeedbackRow{}
	for _, r := range rows {
		byID[r.ID] = r
	}
	t := tallies(rows)
	v := ReputationView{User: user, Now: At(now), Scores: scoreViews(t, now), Items: []FeedbackView{}}
	for _, role := range reputation.Roles() {
		if t[role] == nil {
			continue
		}
		for _, l := range t[role].Explain(now) {
			f := feedbackView(byID[l.Feedback.ID], now)
			f.Counts, f.Worth, f.Weight, f.Why = AtOrNil(l.Feedback.At), l.Worth, l.Weight, string(l.Why)
			v.Items = append(v.Items, f)
		}
	}
	return v, nil
}
