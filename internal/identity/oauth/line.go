package oauth

import (
	"context"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// lineAlgorithms are how LINE signs: with the channel's secret for web logins, else with a key of its own.
var lineAlgorithms = []string{string(jose.HS256), string(jose.ES256)}

// lineKeys verifies both. The secret is no public key: nobody else can sign with it.
type lineKeys struct {
	secret []byte
	public oidc.KeySet
}

// VerifySignature gives the payload of a token that LINE signed.
func (k lineKeys) VerifySignature(ctx context.Context, raw string) ([]byte, error) {
	token, err := jose.ParseSignedCompact(raw, []jose.SignatureAlgorithm{jose.HS256})
	if err != nil {
		return k.public.VerifySignature(ctx, raw)
	}
	return token.Verify(k.secret)
}
