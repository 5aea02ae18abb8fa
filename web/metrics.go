package web

import (
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"

	"haggle/internal/fault"
)

// mountMetrics serves what the process tells Prometheus. It says how much the site trades, so it is not for everybody: with
// a token whoever brings it may read, from anywhere; without one only this machine, and nobody who comes through a
// proxy. To others there is no such page.
func mountMetrics(app fiber.Router, h http.Handler, token string) {
	serve := adaptor.HTTPHandler(h)
	app.Get("/metrics", func(c *fiber.Ctx) error {
		if !mayScrape(c, token) {
			return fault.New(fault.CodeNotFound, nil)
		}
		return serve(c)
	})
}

func mayScrape(c *fiber.Ctx, token string) bool {
	if token != "" {
		got, ok := strings.CutPrefix(c.Get(fiber.HeaderAuthorization), "Bearer ")
		return ok && subtle.ConstantTimeCompare([]byte(got), []byte(token)) == 1
	}
	forwarded := c.Get(fiber.HeaderXForwardedFor) != "" || c.Get("Forwarded") != ""
	return c.Context().RemoteIP().IsLoopback() && !forwarded
}
