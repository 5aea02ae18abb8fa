package web

import (
	"haggle/internal/market"
	"haggle/web/view"
)

// answerChance takes what the reader is offered since the winner of an auction did not pay, or says that he does not want
// it.
func answerChance(v *visit) error {
	in := v.form()
	a := act{name: view.ChanceDeclined}
	answer := market.ChanceInput{Accept: in.raw("answer") == view.TakeChance}
	var taken market.AnsweredView
	if answer.Accept {
		a.name = view.ChanceTaken
		a.then = func(market.EntryView) string { return "/orders/" + taken.Order.ID }
	}
	a.do = func(k market.Key) (_ market.EntryView, err error) {
		taken, _, err = v.Market.AnswerChance(v.ctx, v.me, k, v.c.Params("id"), answer)
		return market.EntryView{}, err
	}
	return v.run(in, a)
}
