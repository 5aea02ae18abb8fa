package web

import (
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v2"
)

func TestTheClientBehindProxies(t *testing.T) {
	proxies := networks([]string{"10.0.0.0/8", "192.0.2.1", "fd00::/8"})
	for list, want := range map[string]string{
		"203.0.113.7":                       "203.0.113.7",
		"203.0.113.7, 10.1.2.3":             "203.0.113.7",
		"6.6.6.6, 203.0.113.7, 10.1.2.3":    "203.0.113.7",
		"203.0.113.7,192.0.2.1,10.0.0.1":    "203.0.113.7",
		"10.0.0.5, 10.0.0.1":                "10.0.0.5",
		"2001:db8::7, fd00::1":              "2001:db8::7",
		"6.6.6.6, ::ffff:10.0.0.1":          "6.6.6.6",
		"6.6.6.6, not an address, 10.0.0.1": "not an address",
	} {
		if got := clientOf(list, proxies); got != want {
			t.Errorf("%q comes from %q, want %q", list, got, want)
		}
	}
}

// TestAStrangerIsNotBelieved: tests of Fiber come from 0.0.0.0.
func TestAStrangerIsNotBelieved(t *testing.T) {
	for _, c := range []struct {
		proxies []string
		want    string
	}{
		{nil, "0.0.0.0"},
		{[]string{"10.0.0.0/8"}, "0.0.0.0"},
		{[]string{"0.0.0.0", "10.0.0.0/8"}, "203.0.113.7"},
	} {
		s, _ := assembled(t, func(cfg *ServerConfig) { cfg.Proxies = c.proxies })
		s.app.Get("/who", func(c *fiber.Ctx) error { return c.SendString(c.IP()) })
		_, body := ask(t, s, "GET", "/who", func(r *http.Request) { r.Header.Set("X-Forwarded-For", "6.6.6.6, 203.0.113.7, 10.0.0.1") })
		if body != c.want {
			t.Errorf("proxies %v: %s, want %s", c.proxies, body, c.want)
		}
	}
}
