package api

import (
	"context"
	"net/http"

	"haggle/internal/market"
)

// blocks registers whom a person keeps out of his deals.
func (s *server) blocks() {
	handle(s, op(http.MethodGet, "/me/blocked", "listBlocked", "People you keep out of your deals, the latest first", signedIn, tag("accounts"), also(403)),
		func(ctx context.Context, _ *struct{}) (*body[[]market.PersonView], error) {
			return answer(s.Market.Blocked(ctx, actor(ctx)))
		})
	handle(s, op(http.MethodPut, "/me/blocked/{id}", "blockPerson", "Keep somebody out of your deals", signedIn, status(204), tag("accounts"), also(403)),
		func(ctx context.Context, in *IDPath) (*none, error) {
			return nil, s.Market.BlockPerson(ctx, actor(ctx), in.ID)
		})
	handle(s, op(http.MethodDelete, "/me/blocked/{id}", "unblockPerson", "Let somebody in again", signedIn, status(204), tag("accounts"), also(403)),
		func(ctx context.Context, in *IDPath) (*none, error) {
			return nil, s.Market.UnblockPerson(ctx, actor(ctx), in.ID)
		})
}
