package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/web/locale"
	"haggle/web/view"
	"haggle/web/worker"
)

// workerPolicy lets the service worker ask this site and nobody else.
const workerPolicy = "default-src 'none'; connect-src 'self'"

// lived is how long a browser may keep what has no hash in its address.
const lived = "public, max-age=3600"

// askedLocale is the language that an address names; English where it names none.
func askedLocale(c *fiber.Ctx) locale.Lang {
	l, _ := locale.Parse(c.Query(langQuery))
	return l
}

// serviceWorker is the script that browsers keep running for the site. They look for a newer one at each visit.
func (s *site) serviceWorker(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "text/javascript; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set(fiber.HeaderContentSecurityPolicy, workerPolicy)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set("Service-Worker-Allowed", "/")
	return c.Send(worker.Script(askedLocale(c), s.name))
}

// manifest says how the site looks on a home screen.
func (s *site) manifest(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "application/manifest+json; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, lived)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return c.Send(worker.Manifest(locale.New(askedLocale(c), s.Currency, s.Zone, s.now()), s.name))
}

func (s *site) appIcon(c *fiber.Ctx) error {
	b := worker.Icon(c.Params("file"))
	if b == nil {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, "image/png")
	c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return c.Send(b)
}

// offline is the page that the service worker keeps. It names nobody: the worker asks for it without cookies.
func offline(v *visit) error {
	return v.show(fiber.StatusOK, view.Offline(v.page))
}
