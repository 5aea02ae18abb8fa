package web

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/compress"
)

// recovered turns a panic into an internal error; its text is for the log alone.
func recovered(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return c.Next()
}

// harden sets what holds for every answer; pages widen the policy for themselves, and what all may keep says so.
func harden(c *fiber.Ctx) error {
	for i := range answerHeaders {
		c.Response().Header.SetCanonical(answerHeaders[i].name, answerHeaders[i].value)
	}
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
