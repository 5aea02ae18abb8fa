package identity

import (
	"net/mail"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"haggle/internal/fault"
)

// Bounds of an address, in bytes (RFC 5321 §4.5.3.1, with the path's brackets off).
const (
	maxEmail = 254
	maxLocal = 64
)

// Email is an address that letters can be sent to.
type Email struct {
	Address string // as typed, the domain in lower-case ASCII: where letters go
	Key     string // Address in lower case: two addresses with one key are one account
}

// ParseEmail reads an address without a name or comment. Anything else is refused as invalid in field `email`.
func ParseEmail(s string) (Email, error) {
	s = norm.NFC.String(strings.TrimSpace(s))
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s || len(s) > maxEmail {
		return Email{}, wrongEmail()
	}
	at := strings.LastIndexByte(s, '@')
	local := s[:at]
	domain, err := idna.Lookup.ToASCII(s[at+1:])
	if err != nil || len(local) > maxLocal || !isHost(domain) {
		return Email{}, wrongEmail()
	}
	address := local + "@" + domain
	if len(address) > maxEmail {
		return Email{}, wrongEmail()
	}
	return Email{address, strings.ToLower(address)}, nil
}

// isHost says whether a domain has at least two parts and a last one that is no number.
func isHost(domain string) bool {
	labels := strings.Split(domain, ".")
	last := labels[len(labels)-1]
	for _, l := range labels {
		if l == "" || len(l) > 63 {
			return false
		}
	}
	return len(labels) >= 2 && strings.Trim(last, "0123456789") != ""
}

func wrongEmail() error {
	var c fault.Collect
	c.Addf("email", "email", "not an e-mail address")
	return c.Err()
}
