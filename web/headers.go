package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// policy lets a page load what this site serves and nothing else; there is no inline script or style to allow.
var policy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
	"form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}, "; ")

// headers are those of every page. A guest's page may be kept by his browser for a moment, a signed-in reader's not at
// all without asking.
func (v *visit) headers(status int) {
	v.c.Set(fiber.HeaderContentSecurityPolicy, policy)
	v.c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	v.c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	v.c.Set("Cross-Origin-Opener-Policy", "same-origin")
	v.c.Set(fiber.HeaderVary, "Cookie, Accept-Language")
	if v.secure {
		v.c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	v.c.Set(fiber.HeaderCacheControl, "private, no-cache")
	if v.me.Guest() && status == fiber.StatusOK && v.c.Method() == fiber.MethodGet && v.page.CSRF == "" && v.page.Notice == "" {
		v.c.Set(fiber.HeaderCacheControl, "private, max-age=5")
	}
}
