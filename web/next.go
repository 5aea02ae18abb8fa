package web

import (
	"net/url"
	"strings"
)

// local gives an address back only when it stays on this site: a path, no host, nothing a browser could read as one.
func local(address, other string) string {
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsFunc(address, leaves) {
		return other
	}
	if !strings.Contains(address, "%") { // a path by now, and nothing in it to be decoded
		return address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return other
	}
	return address
}

// leaves says whether browsers drop a character or take it for a slash.
func leaves(r rune) bool { return r == '\\' || r < 0x20 || r == 0x7f }
