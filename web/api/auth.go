package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/market"
)

// Metadata keys of operations.
const (
	needsActor = "needs-actor"
	needsDeal  = "needs-deal"  // []deal.Kind: the deal in the path must exist and be of one of these kinds
	needsOrder = "needs-order" // the order in the path must be the actor's to see
	needsOffer = "needs-offer" // the actor must have been offered the deal in the path
	countsNot  = "counts-not"  // not counted as a write of its actor
	slowed     = "slowed"      // slowing: limited by address
)

type actorKey struct{}

// actor is who makes the request; the zero Actor is a guest.
func actor(ctx context.Context) market.Actor {
	a, _ := ctx.Value(actorKey{}).(market.Actor)
	return a
}

// identify finds out who asks, before anything of the body is read: refusals come in the one order of precedence, and
// 429, 401 and 404 stand before what is wrong with a body.
func (s *server) identify(ctx huma.Context, next func(huma.Context)) {
	if err := s.slow(ctx); err != nil {
		s.refuse(ctx, err)
		return
	}
	a, err := s.actorOf(ctx)
	if err == nil {
		ctx, err = s.count(ctx, a)
	}
	if err == nil {
		err = s.exists(ctx, a)
	}
	if err != nil {
		s.refuse(ctx, err)
		return
	}
	next(huma.WithValue(ctx, actorKey{}, a))
}

// count counts a write of somebody who is signed in.
func (s *server) count(ctx huma.Context, a market.Actor) (huma.Context, error) {
	o := ctx.Operation()
	if a.Guest() || o.Method == http.MethodGet || o.Metadata[countsNot] != nil {
		return ctx, nil
	}
	c, err := s.Market.Count(ctx.Context(), a)
	return huma.WithContext(ctx, c), err
}

// uncounted marks an operation that changes nothing, or that nobody may be kept from.
func uncounted(o *huma.Operation) { o.Metadata[countsNot] = true }

// slowing is how often one address may try.
type slowing struct {
	what string
	n    int
	per  time.Duration
}

// slow limits tries by address.
func (s *server) slow(ctx huma.Context) error {
	x, ok := ctx.Operation().Metadata[slowed].(slowing)
	if !ok || s.Limiter == nil {
		return nil
	}
	if ok, wait := s.Limiter.Allow(ctx.Context(), x.what+":"+humafiber.Unwrap(ctx).IP(), x.n, x.per); !ok {
		return fault.New(fault.CodeRateLimited, fault.Params{"retryAfter": int64((wait + time.Second - 1) / time.Second)})
	}
	return nil
}

// slowly marks an operation that one address may try so often.
func slowly(what string, n int, per time.Duration) func(*huma.Operation) {
	return func(o *huma.Operation) { o.Metadata[slowed] = slowing{what, n, per} }
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

// exists refuses a path whose deal or order is not there.
func (s *server) exists(ctx huma.Context, a market.Actor) error {
	if ctx.Operation().Metadata[needsOrder] != nil {
		return s.Market.SeesOrder(ctx.Context(), a, ctx.Param("id"))
	}
	if ctx.Operation().Metadata[needsOffer] != nil {
		return s.Market.SeesChance(ctx.Context(), a, ctx.Param("id"))
	}
	kinds, ok := ctx.Operation().Metadata[needsDeal].([]deal.Kind)
	if !ok {
		return nil
	}
	return s.Market.Exists(ctx.Context(), ctx.Param("id"), kinds...)
}

// onOffer marks an operation on what was offered to its actor alone.
func onOffer(o *huma.Operation) { o.Metadata[needsOffer] = true }

// onDeal marks an operation whose path names a deal of one of these kinds (none: any kind).
func onDeal(kinds ...deal.Kind) func(*huma.Operation) {
	return func(o *huma.Operation) {
		if kinds == nil {
			kinds = []deal.Kind{}
		}
		o.Metadata[needsDeal] = kinds
	}
}

// onOrder marks an operation whose path names an order.
func onOrder(o *huma.Operation) { o.Metadata[needsOrder] = true }

// refuse answers a problem from a middleware.
func (s *server) refuse(ctx huma.Context, err error) {
	p := s.problem(ctx.Context(), err)
	c := humafiber.Unwrap(ctx)
	_ = p.(*Problem).Write(c)
}
