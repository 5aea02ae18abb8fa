package oauth

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// appleSecretLife is how long a secret that we sign ourselves is good; Apple allows half a year.
const appleSecretLife = 5 * time.Minute

// appleSecret is what Apple takes for a client's secret: a token signed with the key that Apple gave out.
func (p *Provider) appleSecret() (string, error) {
	now := p.now()
	token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.RegisteredClaims{
		Issuer: p.cfg.Team, Subject: p.cfg.ID, Audience: jwt.ClaimStrings{issuers[Apple]},
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(appleSecretLife)),
	})
	token.Header["kid"] = p.cfg.KeyID
	signed, err := token.SignedString(p.cfg.Key)
	if err != nil {
		return "", fmt.Errorf("oauth: Apple's secret: %w", err)
	}
	return signed, nil
}
