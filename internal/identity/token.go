package identity

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// TokenPrefix begins every token, so that people and secret scanners recognise one.
const TokenPrefix = "hg_"

const tokenBytes = 32

var token64 = base64.RawURLEncoding.Strict()

// NewToken draws a session or access token: `hg_` and 32 random bytes in base64url. It is shown once and never stored;
// hash is what is stored and looked up.
func NewToken() (token, hash string) {
	b := make([]byte, tokenBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	token = TokenPrefix + token64.EncodeToString(b)
	return token, sum(token)
}

// HashToken gives what is stored of a token: its SHA-256 in hex. ok is false for what cannot be a token. A plain hash is
// enough for 256 random bits, and looking it up tells nothing by its time.
func HashToken(token string) (hash string, ok bool) {
	rest, found := strings.CutPrefix(token, TokenPrefix)
	b, err := token64.DecodeString(rest)
	if !found || err != nil || len(b) != tokenBytes || len(rest) != token64.EncodedLen(tokenBytes) { // line breaks decode, too
		return "", false
	}
	return sum(token), true
}

func sum(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}
