package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"haggle/internal/deal"
	"haggle/internal/market"
)

// enterIn is the input of an entry: the deal in the path, a key, and the act's own fields.
type enterIn[T any] struct {
	IDPath
	Keyed
	Body T
}

// reasonIn is the input of an act whose body may be left out.
type reasonIn struct {
	IDPath
	Keyed
	Body *market.ReasonInput `required:"false"`
}

func (in *reasonIn) reason() market.ReasonInput {
	if in.Body == nil {
		return market.ReasonInput{}
	}
	return *in.Body
}

type act[T any] func(ctx context.Context, a market.Actor, k market.Key, dealID string, in T) (market.EntryView, error)

// enters registers one act that enters a deal.
func enters[T any](s *server, path, id, summary string, kinds []deal.Kind, do act[T]) {
	o := op(http.MethodPost, path, id, summary, signedIn, onDeal(kinds...), tag("entries"), also(403, 409))
	handle(s, o, func(ctx context.Context, in *enterIn[T]) (*body[market.EntryView], error) {
		return entered(do(ctx, actor(ctx), in.key(), in.ID, in.Body))
	})
}

func entered(v market.EntryView, err error) (*body[market.EntryView], error) {
	return answerOnce(v, v.Replayed, err)
}

// takesBack registers one act whose body is a reason.
func (s *server) takesBack(method, path, id, summary string, kinds []deal.Kind, code int, do act[market.ReasonInput]) {
	o := op(method, path, id, summary, signedIn, onDeal(kinds...), tag("entries"), status(code), also(403, 409))
	handle(s, o, func(ctx context.Context, in *reasonIn) (*body[market.EntryView], error) {
		return entered(do(ctx, actor(ctx), in.key(), in.ID, in.reason()))
	})
}

// entries registers every act that enters a deal.
func (s *server) entries() {
	m := s.Market
	auction, listing := []deal.Kind{deal.English}, []deal.Kind{deal.English, deal.Fixed}
	request, group := []deal.Kind{deal.Request}, []deal.Kind{deal.Group}
	enters(s, "/listings/{id}/bids", "placeBid", "Bid a maximum", auction, m.PlaceBid)
	enters(s, "/listings/{id}/purchases", "buy", "Buy at the fixed price, or end an auction by its buy-now price", listing, m.Buy)
	enters(s, "/requests/{id}/quotes", "submitQuote", "Quote a price", request, m.SubmitQuote)
	enters(s, "/requests/{id}/award", "awardRequest", "Pick a quote (rule choice)", request, m.AwardRequest)
	enters(s, "/groups/{id}/pledges", "pledge", "Join a group, or change your pledge", group, m.Pledge)
	s.takesBack(http.MethodPost, "/deals/{id}/withdraw", "withdrawPledge", "Take your pledge back", nil, 201, m.Withdraw)
	s.takesBack(http.MethodPost, "/deals/{id}/retract", "retractBids", "Take your bids back, for a reason", nil, 201, m.Retract)
	s.takesBack(http.MethodPost, "/deals/{id}/cancel-bids", "cancelBids", "Strike one bidder's bids, for a reason", nil, 201, m.CancelBids)
	s.takesBack(http.MethodPost, "/deals/{id}/cancel", "cancelDeal", "Call the deal off", nil, 201, m.CancelDeal)
	s.takesBack(http.MethodPost, "/deals/{id}/end-early", "endEarly", "Sell to the leader now", nil, 201, m.EndEarly)
	s.withdrawMine()
	s.preview()
	s.chances()
	handle(s, op(http.MethodGet, "/requests/{id}/quotes", "listQuotes", "The standing quotes to your request, where its rule shows them", signedIn, onDeal(request...), tag("entries"), also(403)),
		func(ctx context.Context, in *IDPath) (*body[[]market.QuoteView], error) {
			return answer(m.Quotes(ctx, actor(ctx), in.ID))
		})
}

// chances registers what bidders are offered when a winner does not pay.
func (s *server) chances() {
	o := op(http.MethodPost, "/deals/{id}/second-chance", "answerSecondChance", "Take what you are offered since the winner did not pay, or say that you do not want it",
		signedIn, onOffer, tag("entries"), also(403, 409))
	handle(s, o, func(ctx context.Context, in *enterIn[market.ChanceInput]) (*body[market.AnsweredView], error) {
		return answerOnce(s.Market.AnswerChance(ctx, actor(ctx), in.key(), in.ID, in.Body))
	})
	handle(s, op(http.MethodGet, "/second-chances", "listSecondChances", "What you are offered since winners did not pay", signedIn, tag("entries")),
		func(ctx context.Context, _ *struct{}) (*body[[]market.SecondChanceView], error) {
			return answer(s.Market.SecondChances(ctx, actor(ctx)))
		})
}

// withdrawMine is withdrawPledge by another method and path; it answers nothing.
func (s *server) withdrawMine() {
	o := op(http.MethodDelete, "/groups/{id}/pledges/mine", "withdrawMyPledge", "Take your pledge back", signedIn, onDeal(deal.Group), tag("entries"), status(204), also(409))
	handle(s, o, func(ctx context.Context, in *IDPath) (*none, error) {
		_, err := s.Market.Withdraw(ctx, actor(ctx), market.Key{}, in.ID, market.ReasonInput{})
		return nil, err
	})
}

func (s *server) preview() {
	type previewIn struct {
		IDPath
		Body market.PreviewInput
	}
	o := op(http.MethodPost, "/deals/{id}/preview", "previewEntry", "What an entry would mean for you", signedIn, uncounted, onDeal(), tag("entries"), status(200), also(403))
	handle(s, o, func(ctx context.Context, in *previewIn) (*body[deal.Preview], error) {
		return answer(s.Market.Preview(ctx, actor(ctx), in.ID, in.Body))
	})
}

var _ huma.Resolver = (*Keyed)(nil)
