package api

import (
	"context"
	"net/http"

	"haggle/internal/market"
)

// watchlist registers the deals that a person watches, and the searches that he saved.
func (s *server) watchlist() {
	handle(s, op(http.MethodGet, "/watchlist", "listWatched", "Deals you watch, the newest on the list first", signedIn, tag("watchlist"), also(403)),
		func(ctx context.Context, in *PageQuery) (*body[market.Page[market.DealView]], error) {
			return answer(s.Market.Watchlist(ctx, actor(ctx), in.Limit, in.Cursor))
		})
	handle(s, op(http.MethodPost, "/watchlist", "watchADeal", "Watch a deal: you are told when it ends soon, and when a group reaches a lower price", signedIn, tag("watchlist"), also(403)),
		func(ctx context.Context, in *struct{ Body market.WatchInput }) (*body[market.WatchView], error) {
			return answer(s.Market.WatchDeal(ctx, actor(ctx), in.Body))
		})
	handle(s, op(http.MethodDelete, "/watchlist/{id}", "unwatchDeal", "Watch a deal no longer", signedIn, onDeal(), status(204), tag("watchlist"), also(403)),
		func(ctx context.Context, in *IDPath) (*none, error) {
			return nil, s.Market.UnwatchDeal(ctx, actor(ctx), in.ID)
		})
	s.savedSearches()
}

func (s *server) savedSearches() {
	handle(s, op(http.MethodGet, "/saved-searches", "listSavedSearches", "Your saved searches, the newest first", signedIn, tag("watchlist"), also(403)),
		func(ctx context.Context, _ *struct{}) (*body[[]market.SavedView], error) {
			return answer(s.Market.SavedSearches(ctx, actor(ctx)))
		})
	type saveIn struct {
		Keyed
		Body market.SavedInput
	}
	handle(s, op(http.MethodPost, "/saved-searches", "saveSearch", "Save a search: you are told when something new fits", signedIn, tag("watchlist"), also(403, 409)),
		func(ctx context.Context, in *saveIn) (*body[market.SavedView], error) {
			return answerOnce(s.Market.SaveSearch(ctx, actor(ctx), in.key(), in.Body))
		})
	handle(s, op(http.MethodDelete, "/saved-searches/{id}", "dropSavedSearch", "Remove a saved search", signedIn, status(204), tag("watchlist"), also(403)),
		func(ctx context.Context, in *IDPath) (*none, error) {
			return nil, s.Market.DropSearch(ctx, actor(ctx), in.ID)
		})
}
