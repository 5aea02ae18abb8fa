package oauth_test

import (
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"haggle/internal/fault"
	"haggle/internal/identity/oauth"
)

const issuer = "https://idp.example"

var generic = oauth.Config{Kind: oauth.OIDC, Issuer: issuer, ID: "client", Secret: "client-secret", Name: "Example"}

// TestForgedAnswers changes one thing at a time in an answer that holds: each is refused, and the log learns no secret of it.
func TestForgedAnswers(t *testing.T) {
	type answer struct {
		claims map[string]any // over the right ones; nil values are left out
		token  func(i *idp, claims map[string]any) string
		query  []string
		code   fault.Code // "" is a person
	}
	for name, c := range map[string]answer{
		"that holds":                   {},
		"of several audiences":         {claims: map[string]any{"aud": []string{"client", "other"}, "azp": "client"}},
		"whose issuer is named":        {query: []string{"iss", issuer}},
		"with its access token's hash": {claims: map[string]any{"at_hash": atHash("access-token")}},

		"signed by another key": {token: func(i *idp, c map[string]any) string { return i.sign(jose.RS256, keys().other, "r", c) }, code: fault.CodeSignInFailed},
		"unsigned":              {token: func(_ *idp, c map[string]any) string { return unsigned(c) }, code: fault.CodeSignInFailed},
		"signed with the client's secret": {token: func(i *idp, c map[string]any) string {
			return i.sign(jose.HS256, []byte("client-secret-client-secret-1234"), "r", c)
		}, code: fault.CodeSignInFailed},
		"signed with the public key as a secret": {token: func(i *idp, c map[string]any) string {
			der, _ := x509.MarshalPKIXPublicKey(i.rsa.Public())
			return i.sign(jose.HS256, der, "r", c)
		}, code: fault.CodeSignInFailed},
		"changed behind its signature": {token: func(i *idp, c map[string]any) string {
			a := i.sign(jose.RS256, i.rsa, "r", c)
			c["sub"] = "victim"
			b := i.sign(jose.RS256, i.rsa, "r", c)
			return spliced(b, a)
		}, code: fault.CodeSignInFailed},
		"without id_token": {token: func(*idp, map[string]any) string { return "" }, code: fault.CodeSignInFailed},

		"for another audience":                    {claims: map[string]any{"aud": "other"}, code: fault.CodeSignInFailed},
		"for several audiences, of none":          {claims: map[string]any{"aud": []string{"client", "other"}}, code: fault.CodeSignInFailed},
		"given to another party":                  {claims: map[string]any{"azp": "other"}, code: fault.CodeSignInFailed},
		"of another issuer":                       {claims: map[string]any{"iss": "https://evil.example"}, code: fault.CodeSignInFailed},
		"of another nonce":                        {claims: map[string]any{"nonce": "x"}, code: fault.CodeSignInFailed},
		"without nonce":                           {claims: map[string]any{"nonce": nil}, code: fault.CodeSignInFailed},
		"that is over":                            {claims: map[string]any{"exp": now.Unix() - 1}, code: fault.CodeSignInFailed},
		"without expiry":                          {claims: map[string]any{"exp": nil}, code: fault.CodeSignInFailed},
		"of another access token":                 {claims: map[string]any{"at_hash": atHash("another")}, code: fault.CodeSignInFailed},
		"without subject":                         {claims: map[string]any{"sub": nil}, code: fault.CodeSignInFailed},
		"of another provider by its iss":          {query: []string{"iss", "https://evil.example"}, code: fault.CodeSignInFailed},
		"of another flow":                         {query: []string{"state", "x"}, code: fault.CodeSignInFailed},
		"without state":                           {query: []string{"state", ""}, code: fault.CodeSignInFailed},
		"without code":                            {query: []string{"code", ""}, code: fault.CodeSignInFailed},
		"with another's code":                     {query: []string{"code", "stolen"}, code: fault.CodeSignInFailed},
		"that is a refusal":                       {query: []string{"error", "access_denied", "code", ""}, code: fault.CodeSignInFailed},
		"that is a refusal and has a code anyway": {query: []string{"error", "access_denied"}, code: fault.CodeSignInFailed},
	} {
		t.Run(name, func(t *testing.T) {
			i := newIDP(t, issuer)
			p := i.provider(generic)
			flow, _ := i.begin(p)
			claims := map[string]any{"iss": issuer, "aud": "client", "sub": "s-1", "nonce": flow.Nonce, "exp": now.Unix() + 60, "iat": now.Unix(),
				"email": "mei@example.org", "email_verified": true, "name": "Mei"}
			maps.Copy(claims, c.claims)
			maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
			i.token = func() string {
				if c.token != nil {
					return c.token(i, claims)
				}
				return i.sign(jose.RS256, i.rsa, "r", claims)
			}
			got, err := p.Finish(t.Context(), flow, answerTo(flow, c.query...))
			if c.code == "" {
				want := oauth.Person{Issuer: issuer, Subject: "s-1", Email: "mei@example.org", EmailVerified: true, Name: "Mei"}
				if err != nil || got != want {
					t.Errorf("%+v, %v", got, err)
				}
				return
			}
			if !fault.Is(err, c.code) || got != (oauth.Person{}) {
				t.Errorf("%+v, %v", got, err)
			}
			text := fmt.Sprint(err, errors.Unwrap(fault.From(err)))
			if s := leaks(text, "the-code", "access-token", "client-secret", flow.Nonce, flow.Verifier, flow.State, "mei@example.org", "victim"); s != "" {
				t.Errorf("%q repeats %q", text, s)
			}
		})
	}
}

// spliced is a token with the body of one and the signature of another.
func spliced(body, signature string) string {
	cut := func(s string) int {
		for i := len(s) - 1; ; i-- {
			if s[i] == '.' {
				return i
			}
		}
	}
	return body[:cut(body)] + signature[cut(signature):]
}

func TestAnswersMustNameTheirProviderWhereItSaysSo(t *testing.T) {
	i := newIDP(t, issuer)
	i.more["authorization_response_iss_parameter_supported"] = true
	p := i.provider(generic)
	flow, _ := i.begin(p)
	if _, err := p.Finish(t.Context(), flow, answerTo(flow)); !fault.Is(err, fault.CodeSignInFailed) || len(i.asked) != 0 {
		t.Errorf("%v; exchanged %d codes", err, len(i.asked))
	}
}

// A code that another flow asked for is not exchanged: its verifier is another one.
func TestACodeOfAnotherFlow(t *testing.T) {
	i := newIDP(t, issuer)
	p := i.provider(generic)
	mine, _ := i.begin(p)
	i.begin(p) // the code belongs to this one
	if _, err := p.Finish(t.Context(), mine, answerTo(mine)); !fault.Is(err, fault.CodeSignInFailed) || len(i.asked) == 0 {
		t.Errorf("%v; asked %d times", err, len(i.asked))
	}
}
