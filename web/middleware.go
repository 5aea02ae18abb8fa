package web

import (
	"context"
	"encoding/hex"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"
)

type requestKey struct{}

// requestID names the request in the log; empty outside of one.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

func newRequestID() string {
	var b [6]byte
	n := rand.Uint64()
	for i := range b {
		b[i] = byte(n >> (8 * i))
	}
	return hex.EncodeToString(b[:])
}

// trace gives every request an id, answers its error, and logs it: never a query, header or body, where secrets are.
func trace(log *slog.Logger, answer fiber.ErrorHandler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		id := newRequestID()
		ctx := context.WithValue(c.UserContext(), requestKey{}, id)
		c.SetUserContext(ctx)
		c.Set(fiber.HeaderXRequestID, id)
		begun := time.Now()
		if err := c.Next(); err != nil {
			if err := answer(c, err); err != nil {
				return err
			}
		}
		if log.Enabled(ctx, slog.LevelDebug) {
			log.DebugContext(ctx, "request", "request", id, "method", c.Method(), "path", c.Path(), "status", c.Response().StatusCode(), "took", time.Since(begun))
		}
		return nil
	}
}

// recovered turns a panic into an internal error; its text is for the log alone.
func recovered(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return c.Next()
}

// harden sets what holds for every answer; pages widen the policy for themselves.
func harden(c *fiber.Ctx) error {
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
	return c.Next()
}

// compressed packs answers for who takes that; not event streams, which would wait, nor photos, which are packed.
func compressed() fiber.Handler {
	return compress.New(compress.Config{Level: compress.LevelBestSpeed, Next: func(c *fiber.Ctx) bool {
		path := c.Path()
		return strings.HasSuffix(path, "/events") || strings.HasPrefix(path, "/photos/") || path == "/metrics"
	}})
}

// gated refuses writes while this process must not decide anything.
func gated(writable func() error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if writable == nil || c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
			return c.Next()
		}
		if err := writable(); err != nil {
			return err
		}
		return c.Next()
	}
}
