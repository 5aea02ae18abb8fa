package market_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"testing"
)

// madePasskey answers a browser's half of making a passkey, as an authenticator does that verified its person.
func madePasskey(t *testing.T, options []byte) []byte {
	t.Helper()
	var o struct {
		PublicKey struct {
			Challenge string
			RP        struct{ ID string }
		}
	}
	must(t, json.Unmarshal(options, &o))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	public, err := key.PublicKey.Bytes() // 4, x, y
	must(t, err)
	id := []byte(rand.Text()[:16])
	host := sha256.Sum256([]byte(o.PublicKey.RP.ID))
	const present, verified, attested = 1, 4, 64
	data := slices.Concat(host[:], []byte{present | verified | attested}, make([]byte, 4+16), []byte{0, byte(len(id))}, id,
		[]byte{0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32}, public[1:33], []byte{0x22, 0x58, 32}, public[33:])
	attestation := slices.Concat([]byte{0xa3}, text("fmt"), text("none"), text("attStmt"), []byte{0xa0}, text("authData"), []byte{0x58, byte(len(data))}, data)
	client, err := json.Marshal(map[string]any{"type": "webauthn.create", "challenge": o.PublicKey.Challenge, "origin": "http://localhost:8080", "crossOrigin": false})
	must(t, err)
	b64 := base64.RawURLEncoding.EncodeToString
	answer, err := json.Marshal(map[string]any{"id": b64(id), "rawId": b64(id), "type": "public-key",
		"response": map[string]string{"clientDataJSON": b64(client), "attestationObject": b64(attestation)}})
	must(t, err)
	return answer
}

// text is a short text in CBOR.
func text(s string) []byte { return append([]byte{0x60 + byte(len(s))}, s...) }
