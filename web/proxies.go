package web

import (
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// nearestClient reduces X-Forwarded-For, as a trusted proxy sent it, to the last address that is not one of the
// proxies: what stands before it was written by the client and is worth nothing.
func nearestClient(proxies []string) fiber.Handler {
	trusted := networks(proxies)
	return func(c *fiber.Ctx) error {
		if list := c.Get(fiber.HeaderXForwardedFor); list != "" && len(trusted) > 0 && c.IsProxyTrusted() {
			c.Request().Header.Set(fiber.HeaderXForwardedFor, clientOf(list, trusted))
		}
		return c.Next()
	}
}

// networks reads addresses and networks; the configuration has checked that they are such.
func networks(list []string) []netip.Prefix {
	var out []netip.Prefix
	for _, s := range list {
		if p, err := netip.ParsePrefix(s); err == nil {
			out = append(out, p)
		} else if a, err := netip.ParseAddr(s); err == nil {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	return out
}

// clientOf is the last address of the list that no proxy has; where all are proxies', the first.
func clientOf(list string, proxies []netip.Prefix) string {
	parts := strings.Split(list, ",")
	for i := len(parts) - 1; i >= 0; i-- {
		s := strings.TrimSpace(parts[i])
		a, err := netip.ParseAddr(s)
		if err != nil || !within(a.Unmap(), proxies) || i == 0 {
			return s
		}
	}
	return ""
}

func within(a netip.Addr, networks []netip.Prefix) bool {
	for _, n := range networks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}
