package identity

import (
	"crypto/hmac"
	"crypto/sha256"
)

const infoCSRF = "haggle csrf 1"

// CSRF makes the tokens that prove that a form came from a page of ours: bound to the session, so that another's token,
// or one from before signing in, is worth nothing. Nothing is stored.
type CSRF struct{ key []byte }

// CSRF gives the site's maker of form tokens.
func (s Secret) CSRF() CSRF { return CSRF{s.Derive(infoCSRF, sha256.Size)} }

// Token is the form token of a session.
func (c CSRF) Token(session string) string { return token64.EncodeToString(c.mac(session)) }

// Check says whether a token belongs to the session, in constant time. No session has no token.
func (c CSRF) Check(session, token string) bool {
	got, err := token64.DecodeString(token)
	return err == nil && session != "" && hmac.Equal(got, c.mac(session))
}

func (c CSRF) mac(session string) []byte {
	m := hmac.New(sha256.New, c.key)
	m.Write([]byte(session))
	return m.Sum(nil)
}
