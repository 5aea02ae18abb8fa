package identity

import "crypto/subtle"

// NewTicket draws a value that opens something once: 32 random bytes. Fingerprint is what is stored of it.
func NewTicket() string {
	token, _ := NewToken()
	return token[len(TokenPrefix):]
}

// Fingerprint is what is stored of a random value that comes back: its SHA-256 in hex. It is no way to store what people
// make up.
func Fingerprint(random string) string { return sum(random) }

// Same compares two secrets of one length in constant time.
func Same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
