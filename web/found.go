package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"haggle/web/locale"
)

// found says that search engines may have this page, and under which address. A page that was asked for in a language
// has an address of its own; without, the same address answers each reader in his language.
func (v *visit) found(path string) {
	v.page.Canonical = v.origin + path
	if l, ok := locale.Parse(v.c.Query(langQuery)); ok {
		v.page.Canonical += "?" + langQuery + "=" + string(l)
	}
}

// langQuery is the parameter of an address that asks for a language, whatever its reader prefers.
const langQuery = "lang"

// askedLang is the language that the address asks for, else the one of the cookie.
func askedLang(c *fiber.Ctx) string {
	if asked := c.Query(langQuery); asked != "" {
		if l, ok := locale.Parse(asked); ok {
			return string(l)
		}
	}
	return c.Cookies(langCookie)
}

// withoutLang is an address that leaves the language to its reader: what he comes back to when he chooses one.
func withoutLang(address string) string {
	path, query, asks := strings.Cut(address, "?")
	if !asks || !strings.Contains(query, langQuery+"=") {
		return address
	}
	values, err := url.ParseQuery(query)
	if err != nil || !values.Has(langQuery) {
		return address
	}
	values.Del(langQuery)
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}
