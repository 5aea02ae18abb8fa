package web

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"

	"github.com/gofiber/fiber/v2"
	"go.opentelemetry.io/otel/propagation"

	"haggle/internal/peer"
)

// mountLanes answers the site's other processes. It stands before everything else: what it carries is sealed and is
// neither logged, counted against anybody's limits, nor part of the documented API.
func mountLanes(app *fiber.App, answer func(ctx context.Context, lane int, sealed []byte) ([]byte, error), log *slog.Logger) {
	app.Post("/internal/lanes/:lane<int>", func(c *fiber.Ctx) (err error) {
		defer func() {
			if p := recover(); p != nil {
				log.Error("panic while answering another process", "panic", p, "stack", string(debug.Stack()))
				err = c.SendStatus(fiber.StatusInternalServerError)
			}
		}()
		lane, err := c.ParamsInt("lane")
		if err != nil {
			return c.SendStatus(fiber.StatusNotFound)
		}
		// Not the request's context: what waits on a lane outlives it.
		ctx := propagation.TraceContext{}.Extract(context.Background(), propagation.MapCarrier{"traceparent": c.Get("Traceparent")})
		out, err := answer(ctx, lane, c.Body())
		switch {
		case errors.Is(err, peer.ErrSeal):
			return c.SendStatus(fiber.StatusForbidden)
		case err != nil:
			log.Warn("answering another process", "lane", lane, "err", err)
			return c.SendStatus(fiber.StatusInternalServerError)
		}
		c.Set(fiber.HeaderContentType, fiber.MIMEOctetStream)
		return c.Send(out)
	})
}
