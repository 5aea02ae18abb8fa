// Package oauth signs people in with another site's account: any OpenID Connect provider, and those that need more than
// that. It speaks to them; who the person is here is decided elsewhere, by issuer and subject alone.
//
// One sign-in is a [Flow]: its secrets are drawn here, kept by the caller until the answer comes, and used once.
// [Provider.Begin] gives the address to send the browser to; [Provider.Finish] exchanges the answer's code (with PKCE) and
// verifies what comes back: of OpenID Connect providers the id_token's signature, issuer, audience, nonce and expiry.
//
// A provider is asked for its addresses when somebody first wants to sign in with it, not before: one that is down stops
// nothing but itself.
package oauth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// Flow is one sign-in under way.
type Flow struct {
	State    string // comes back with the answer
	Nonce    string // comes back inside the id_token
	Verifier string // proves that the code was asked for by us (RFC 7636)
}

// flowBytes is how long each secret of a flow is.
const flowBytes = 32

// NewFlow draws the secrets of one sign-in.
func NewFlow() Flow { return Flow{State: draw(), Nonce: draw(), Verifier: draw()} }

func draw() string {
	b := make([]byte, flowBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b)
}

// challenge is what a provider sees of the verifier.
func (f Flow) challenge() string {
	sum := sha256.Sum256([]byte(f.Verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Person is who signed in there.
type Person struct {
	Issuer        string // the provider's name for itself
	Subject       string // the person's name there: never given to another
	Email         string // may be empty
	EmailVerified bool   // the provider says that the person reads it
	Name          string // may be empty
}
