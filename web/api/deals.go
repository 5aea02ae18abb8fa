package api

import (
	"context"
	"net/http"

	"haggle/internal/deal"
	"haggle/internal/market"
)

// nouns are the paths under which a deal can be read: by its own noun, or as any deal.
var nouns = map[string][]deal.Kind{
	"listings": {deal.English, deal.Fixed},
	"requests": {deal.Request},
	"groups":   {deal.Group},
	"deals":    nil,
}

// deals registers opening and reading deals.
func (s *server) deals() {
	s.opening()
	for _, noun := range []string{"deals", "groups", "listings", "requests"} {
		handle(s, op(http.MethodGet, "/"+noun+"/{id}", "get_"+noun, "A deal as you may see it", onDeal(nouns[noun]...), tag("deals")),
			func(ctx context.Context, in *IDPath) (*body[market.DealView], error) {
				return answer(s.Market.Deal(ctx, actor(ctx), in.ID))
			})
	}
	type awardsIn struct {
		IDPath
		PageQuery
	}
	handle(s, op(http.MethodGet, "/deals/{id}/awards", "listAwards", "Every award of a closed deal, by rank", onDeal(), tag("deals")),
		func(ctx context.Context, in *awardsIn) (*body[market.Page[market.AwardView]], error) {
			return answer(s.Market.Awards(ctx, actor(ctx), in.ID, in.Cursor))
		})
	handle(s, op(http.MethodGet, "/deals/{id}/log/head", "getLogHead", "The newest signed head of a deal's log", onDeal(), tag("deals")),
		func(ctx context.Context, in *IDPath) (*body[deal.SignedHead], error) {
			return answer(s.Market.LogHead(ctx, in.ID))
		})
	type mineIn struct {
		What string `path:"what" enum:"selling,requests,groups,bids,quotes,pledges,purchases"`
		PageQuery
	}
	handle(s, op(http.MethodGet, "/me/deals/{what}", "listMyDeals", "Deals you opened or entered", signedIn, tag("deals")),
		func(ctx context.Context, in *mineIn) (*body[market.Page[market.DealView]], error) {
			return answer(s.Market.Mine(ctx, actor(ctx), in.What, in.Cursor))
		})
}

func (s *server) opening() {
	type listingIn struct {
		Keyed
		Body market.ListingInput
	}
	handle(s, op(http.MethodPost, "/listings", "openListing", "List an item for auction or at a fixed price", signedIn, tag("deals"), also(409)),
		func(ctx context.Context, in *listingIn) (*body[market.DealView], error) {
			return answerOnce(s.Market.OpenListing(ctx, actor(ctx), in.key(), in.Body))
		})
	type requestIn struct {
		Keyed
		Body market.RequestInput
	}
	handle(s, op(http.MethodPost, "/requests", "openRequest", "Name your price: sellers compete for it", signedIn, tag("deals"), also(409)),
		func(ctx context.Context, in *requestIn) (*body[market.DealView], error) {
			return answerOnce(s.Market.OpenRequest(ctx, actor(ctx), in.key(), in.Body))
		})
	type groupIn struct {
		Keyed
		Body market.GroupInput
	}
	handle(s, op(http.MethodPost, "/groups", "openGroup", "Open a group buy", signedIn, tag("deals"), also(409)),
		func(ctx context.Context, in *groupIn) (*body[market.DealView], error) {
			return answerOnce(s.Market.OpenGroup(ctx, actor(ctx), in.key(), in.Body))
		})
}
