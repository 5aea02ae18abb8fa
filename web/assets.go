package web

import (
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/static"
)

func forEver(age time.Duration) string {
	return fmt.Sprintf("public, max-age=%d, immutable", int(age/time.Second))
}

// asset serves a style sheet, script or icon; its address names its content, so it may be kept for ever.
func (s *site) asset(c *fiber.Ctx) error {
	f, ok := static.Find(c.Path())
	if !ok {
		return fiber.ErrNotFound
	}
	c.Set(fiber.HeaderContentType, f.Type)
	c.Set(fiber.HeaderCacheControl, forEver(static.MaxAge))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Vary(fiber.HeaderAcceptEncoding)
	if c.Context().Request.Header.HasAcceptEncoding("br") {
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(static.Packed(c.Path(), f))
	}
	return c.Send(f.Body)
}

// favicon leads those who ask for the old name of the icon to its address.
func (s *site) favicon(c *fiber.Ctx) error { return c.Redirect(static.URL("icon.svg")) }

// robots asks search engines to leave what is about its reader alone.
func (s *site) robots(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	return c.SendString("User-agent: *\nDisallow: /my\nDisallow: /orders\nDisallow: /wallet\nDisallow: /settings\nDisallow: /notifications\nDisallow: /messages\nDisallow: /watchlist\nDisallow: /saved-searches\n\nSitemap: " + s.origin + "/sitemap.xml\n")
}

// photo serves one size of a photo. Its id is the hash of its content, so it may be kept for ever.
func (s *site) photo(c *fiber.Ctx) error {
	variant, ok := market.PhotoVariant(c.Params("file"))
	if !ok {
		return fiber.ErrNotFound
	}
	body, mediaType, size, err := s.Market.OpenPhoto(c.UserContext(), c.Params("id"), variant)
	if fault.Is(err, fault.CodeNotFound) {
		return fiber.ErrNotFound
	}
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, mediaType)
	c.Set(fiber.HeaderCacheControl, forEver(static.MaxAge))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return c.SendStream(body, int(size))
}
