package web

import (
	"strconv"

	"haggle/internal/market"
	"haggle/web/view"
)

// leaveFeedback rates the other side of an order.
func leaveFeedback(v *visit) error {
	in := v.form()
	score, err := strconv.Atoi(in.text("score"))
	if err != nil || score < -1 || score > 1 {
		in.wrong["score"] = "field.required"
	}
	feedback := market.FeedbackInput{Score: score, Comment: in.text("comment"), Details: map[string]int64{}}
	for _, name := range view.SubScores() {
		if n := in.count(name); n != nil {
			feedback.Details[name] = *n
		}
	}
	s := shape{fields: append([]string{"score", "comment"}, view.SubScores()...)}
	return v.moveOrder(in, "feedback", s, func(k market.Key) error {
		_, _, err := v.Market.LeaveFeedback(v.ctx, v.me, k, v.c.Params("id"), feedback)
		return err
	})
}
