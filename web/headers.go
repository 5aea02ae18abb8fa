package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// policy lets a page load what this site serves and nothing else; there is no inline script or style to allow.
var policy = strings.Join([]string{
	"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'",
	"form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
}, "; ")

// header is one with its name as it is written on the wire.
type header struct{ name, value []byte }

// answerHeaders are those of every answer.
var answerHeaders = []header{
	{[]byte(fiber.HeaderXContentTypeOptions), []byte("nosniff")},
	{[]byte(fiber.HeaderReferrerPolicy), []byte("same-origin")},
	{[]byte(fiber.HeaderContentSecurityPolicy), []byte("default-src 'none'; frame-ancestors 'none'")},
	{[]byte(fiber.HeaderCacheControl), []byte("private, no-cache")}, // else caches guess how long an answer holds
}

// pageHeaders are those of every page, beside them.
var pageHeaders = []header{
	{[]byte(fiber.HeaderContentSecurityPolicy), []byte(policy)},
	{[]byte("Cross-Origin-Opener-Policy"), []byte("same-origin")},
	{[]byte(fiber.HeaderVary), []byte("Cookie, Accept-Language, Accept-Encoding")},
}

// headers are those of every page.
func (v *visit) headers(status int) {
	for i := range pageHeaders {
		v.c.Response().Header.SetCanonical(pageHeaders[i].name, pageHeaders[i].value)
	}
	if v.secure {
		v.c.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
	v.c.Set(fiber.HeaderCacheControl, v.keep(status))
}

// keep says who may keep a page, and for how long. What is somebody's leaves nothing in his browser: whoever uses it after
// him would find it there by going back.
func (v *visit) keep(status int) string {
	switch {
	case !v.me.Guest():
		return "private, no-cache, no-store"
	case status == fiber.StatusOK && v.c.Method() == fiber.MethodGet && v.page.CSRF == "" && v.page.Notice == "":
		return "private, max-age=5"
	}
	return "private, no-cache"
}
