package web

import (
	"context"
	"encoding/hex"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/gofiber/fiber/v2"
	"go.opentelemetry.io/otel/trace"
)

// Answered is one request that was answered. It names the route, not the address: an address has ids in it, and a query
// may have secrets.
type Answered struct {
	Method string
	Route  string // as it was registered; "-": no handler was reached
	Status int
	Took   time.Duration // until the answer was made; of a stream, until it began
}

// slowRequest is how long an answer may take before the log says so.
const slowRequest = time.Second

// follower watches every request: it gives it an id and a span, answers its error, and tells of it.
type follower struct {
	log     *slog.Logger
	access  bool // log every one
	answer  fiber.ErrorHandler
	tracing tracing
	told    func(Answered) // nil: nobody
}

func newRequestID() string {
	var b [6]byte
	n := rand.Uint64()
	for i := range b {
		b[i] = byte(n >> (8 * i))
	}
	return hex.EncodeToString(b[:])
}

func (r follower) handle(c *fiber.Ctx) error {
	if recallOf(c) != nil { // within a request that is watched already
		return c.Next()
	}
	begun := time.Now()
	id := newRequestID()
	ctx := context.WithValue(c.UserContext(), requestKey{}, id)
	var span trace.Span
	if r.tracing.tracer != nil {
		ctx, span = r.tracing.request(ctx, c, id)
	}
	c.SetUserContext(ctx)
	c.Set(fiber.HeaderXRequestID, id)
	if err := c.Next(); err != nil {
		if err := r.answer(c, err); err != nil {
			return err
		}
	}
	a := Answered{Method: c.Method(), Route: routeOf(c), Status: c.Response().StatusCode(), Took: time.Since(begun)}
	if span != nil {
		requested(span, a.Method, a.Route, a.Status)
	}
	if r.told != nil {
		r.told(a)
	}
	r.write(ctx, c, a)
	return nil
}

// write logs a request: a slow one as a warning, any one where that was asked for.
func (r follower) write(ctx context.Context, c *fiber.Ctx, a Answered) {
	level, what := slog.LevelDebug, "request"
	if r.access {
		level = slog.LevelInfo
	}
	if a.Took > slowRequest {
		level, what = slog.LevelWarn, "slow request"
	}
	if r.log.Enabled(ctx, level) {
		r.log.LogAttrs(ctx, level, what, slog.String("method", a.Method), slog.String("route", a.Route), slog.Int("status", a.Status),
			slog.Duration("took", a.Took), slog.Int("bytes", bodySize(c)))
	}
}

// routeOf is the route that answered. Where none did, it is that of a middleware, which stands at the root.
func routeOf(c *fiber.Ctx) string {
	if route := c.Route().Path; route != "/" || c.Path() == "/" {
		return route
	}
	return "-"
}

// bodySize is the length of the answer; 0 of a stream that has none.
func bodySize(c *fiber.Ctx) int {
	if c.Response().IsBodyStream() {
		return max(0, c.Response().Header.ContentLength())
	}
	return len(c.Response().Body())
}
