package api

import (
	"context"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/market"
)

// Metadata keys of operations.
const (
	needsActor = "needs-actor"
	needsDeal  = "needs-deal" // []deal.Kind: the deal in the path must exist and be of one of these kinds
)

type actorKey struct{}

// actor is who makes the request; the zero Actor is a guest.
func actor(ctx context.Context) market.Actor {
	a, _ := ctx.Value(actorKey{}).(market.Actor)
	return a
}

// identify finds out who asks, before anything of the body is read: refusals come in the one order of precedence, and
// 401 and 404 stand before what is wrong with a body.
func (s *server) identify(ctx huma.Context, next func(huma.Context)) {
	a, err := s.actorOf(ctx)
	if err == nil {
		err = s.exists(ctx)
	}
	if err != nil {
		s.refuse(ctx, err)
		return
	}
	next(huma.WithValue(ctx, actorKey{}, a))
}

func (s *server) actorOf(ctx huma.Context) (market.Actor, error) {
	needed, _ := ctx.Operation().Metadata[needsActor].(bool)
	header := ctx.Header("Authorization")
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		if needed || header != "" {
			return market.Actor{}, fault.New(fault.CodeUnauthenticated, nil)
		}
		return market.Actor{}, nil
	}
	return s.Market.Authenticate(ctx.Context(), strings.TrimSpace(token))
}

// exists refuses a path whose deal is not there.
func (s *server) exists(ctx huma.Context) error {
	kinds, ok := ctx.Operation().Metadata[needsDeal].([]deal.Kind)
	if !ok {
		return nil
	}
	return s.Market.Exists(ctx.Context(), ctx.Param("id"), kinds...)
}

// onDeal marks an operation whose path names a deal of one of these kinds (none: any kind).
func onDeal(kinds ...deal.Kind) func(*huma.Operation) {
	return func(o *huma.Operation) {
		if kinds == nil {
			kinds = []deal.Kind{}
		}
		o.Metadata[needsDeal] = kinds
	}
}

// refuse answers a problem from a middleware.
func (s *server) refuse(ctx huma.Context, err error) {
	p := s.problem(ctx.Context(), err)
	c := humafiber.Unwrap(ctx)
	_ = p.(*Problem).Write(c)
}
