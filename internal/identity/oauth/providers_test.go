package oauth_test

import (
	"crypto/ecdsa"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/golang-jwt/jwt/v5"

	"haggle/internal/fault"
	"haggle/internal/identity/oauth"
)

// TestEachProvider signs in with every provider, against answers of the shape that each documents.
func TestEachProvider(t *testing.T) {
	key, public := appleKey(t)
	apple, err := oauth.ParseApple("com.haggle.web:TEAM:KEYID:" + key)
	if err != nil {
		t.Fatal(err)
	}
	client := func(kind oauth.Kind) oauth.Config {
		c, err := oauth.ParseClient(kind, "client:a-secret-of-at-least-32-bytes-here")
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	signed := func(issuer string, more map[string]any, sign func(i *idp, claims map[string]any) string) func(*idp, oauth.Config, oauth.Flow) {
		return func(i *idp, cfg oauth.Config, flow oauth.Flow) {
			claims := map[string]any{"iss": issuer, "aud": cfg.ID, "sub": "s-1", "nonce": flow.Nonce, "exp": now.Unix() + 60, "iat": now.Unix()}
			for k, v := range more {
				claims[k] = v
			}
			i.token = func() string { return sign(i, claims) }
		}
	}
	rs := func(i *idp, c map[string]any) string { return i.sign(jose.RS256, i.rsa, "r", c) }
	for _, c := range []struct {
		cfg     oauth.Config
		issuer  string
		prepare func(i *idp)
		answers func(i *idp, cfg oauth.Config, flow oauth.Flow)
		query   []string
		host    string
		asks    map[string]string
		want    oauth.Person
	}{
		{cfg: client(oauth.Google), issuer: "https://accounts.google.com", host: "accounts.google.com", asks: map[string]string{"scope": "openid profile email"},
			answers: signed("accounts.google.com", map[string]any{"email": "mei@gmail.test", "email_verified": true, "name": "Mei Lin"}, rs),
			want:    oauth.Person{Issuer: "https://accounts.google.com", Subject: "s-1", Email: "mei@gmail.test", EmailVerified: true, Name: "Mei Lin"}},
		{cfg: client(oauth.LINE), issuer: "https://access.line.me", host: "access.line.me", asks: map[string]string{"scope": "openid profile email"},
			answers: signed("https://access.line.me", map[string]any{"email": "mei@line.test", "name": "美玲", "amr": []string{"linesso"}}, func(i *idp, c map[string]any) string {
				return i.sign(jose.HS256, []byte("a-secret-of-at-least-32-bytes-here"), "", c)
			}),
			want: oauth.Person{Issuer: "https://access.line.me", Subject: "s-1", Email: "mei@line.test", Name: "美玲"}},
		{cfg: client(oauth.LINE), issuer: "https://access.line.me", host: "access.line.me",
			prepare: func(i *idp) { i.userinfo = map[string]any{"sub": "s-1", "name": "美玲"} },
			answers: signed("https://access.line.me", nil, func(i *idp, c map[string]any) string { return i.sign(jose.ES256, i.ec, "e", c) }),
			want:    oauth.Person{Issuer: "https://access.line.me", Subject: "s-1", Name: "美玲"}},
		{cfg: apple, issuer: "https://appleid.apple.com", host: "appleid.apple.com", asks: map[string]string{"response_mode": "form_post", "scope": "openid name email"},
			answers: signed("https://appleid.apple.com", map[string]any{"email": "x@privaterelay.test", "email_verified": "true", "is_private_email": "true"}, rs),
			query:   []string{"name", "Mei Lin"},
			want:    oauth.Person{Issuer: "https://appleid.apple.com", Subject: "s-1", Email: "x@privaterelay.test", EmailVerified: true, Name: "Mei Lin"}},
		{cfg: client(oauth.GitHub), issuer: "https://github.com", host: "github.com", asks: map[string]string{"scope": "read:user user:email"},
			prepare: func(i *idp) { gitHub(i, `[{"email":"mei@github.test","primary":true,"verified":true}]`) },
			want:    oauth.Person{Issuer: "https://github.com", Subject: "583231", Email: "mei@github.test", Name: "mei-lin"}},
		{cfg: client(oauth.GitHub), issuer: "https://github.com", host: "github.com",
			prepare: func(i *idp) { gitHub(i, `[{"email":"mei@github.test","primary":true,"verified":false}]`) },
			want:    oauth.Person{Issuer: "https://github.com", Subject: "583231", Name: "mei-lin"}},
		{cfg: client(oauth.Facebook), issuer: "https://www.facebook.com", host: "www.facebook.com", asks: map[string]string{"scope": "email"},
			prepare: facebook,
			want:    oauth.Person{Issuer: "https://www.facebook.com", Subject: "10158", Email: "mei@facebook.test", Name: "Mei Lin"}},
	} {
		t.Run(c.cfg.Name+" "+c.want.Email, func(t *testing.T) {
			i := newIDP(t, c.issuer)
			if c.prepare != nil {
				c.prepare(i)
			}
			p := i.provider(c.cfg)
			flow, u := i.begin(p)
			q := u.Query()
			if u.Host != c.host || q.Get("client_id") != c.cfg.ID || q.Get("state") != flow.State || q.Get("code_challenge_method") != "S256" ||
				q.Get("redirect_uri") != site+oauth.Callback(c.cfg.Kind) || q.Get("response_type") != "code" {
				t.Errorf("leads to %s", u)
			}
			for name, want := range c.asks {
				if q.Get(name) != want {
					t.Errorf("asks %s=%q, want %q", name, q.Get(name), want)
				}
			}
			if strings.Contains(u.String(), flow.Verifier) || c.cfg.Secret != "" && strings.Contains(u.String(), c.cfg.Secret) {
				t.Errorf("tells a secret: %s", u)
			}
			if c.answers != nil {
				if q.Get("nonce") != flow.Nonce {
					t.Errorf("asks no nonce: %s", u)
				}
				c.answers(i, c.cfg, flow)
			}
			got, err := p.Finish(t.Context(), flow, answerTo(flow, c.query...))
			if err != nil || got != c.want {
				t.Errorf("%+v, %v %v", got, err, errors.Unwrap(fault.From(err)))
			}
			if c.cfg.Kind == oauth.Apple {
				checkAppleSecret(t, i.asked[0], public.(*ecdsa.PublicKey))
			}
		})
	}
}

func gitHub(i *idp, emails string) {
	i.serve("/login/oauth/access_token", i.exchange)
	i.serve("/user", func(_ http.ResponseWriter, r *http.Request) any {
		if r.URL.Host != "api.github.com" || r.Header.Get("Authorization") != "Bearer access-token" {
			i.t.Errorf("asked %s", r.URL.Host)
		}
		return map[string]any{"id": 583231, "login": "mei-lin", "name": nil, "email": nil}
	})
	i.mux.HandleFunc("/user/emails", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(emails)) })
}

func facebook(i *idp) {
	i.serve("/oauth/access_token", i.exchange)
	i.serve("/me", func(_ http.ResponseWriter, r *http.Request) any {
		q := r.URL.Query()
		if r.URL.Host != "graph.facebook.com" || q.Get("access_token") != "access-token" || q.Get("appsecret_proof") == "" || q.Get("fields") != "id,name,email" {
			i.t.Errorf("asked %s", r.URL)
		}
		return map[string]any{"id": "10158", "name": "Mei Lin", "email": "mei@facebook.test"}
	})
}

func checkAppleSecret(t *testing.T, form url.Values, public *ecdsa.PublicKey) {
	t.Helper()
	var c jwt.RegisteredClaims
	token, err := jwt.ParseWithClaims(form.Get("client_secret"), &c, func(*jwt.Token) (any, error) { return public, nil },
		jwt.WithValidMethods([]string{"ES256"}), jwt.WithTimeFunc(func() time.Time { return now }))
	if err != nil || token.Header["kid"] != "KEYID" || c.Issuer != "TEAM" || c.Subject != "com.haggle.web" || !slices.Equal(c.Audience, jwt.ClaimStrings{"https://appleid.apple.com"}) ||
		c.ExpiresAt.Sub(now) > time.Hour {
		t.Errorf("Apple's secret %+v, %v", c, err)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		kind         oauth.Kind
		issuer, want string
	}{
		{oauth.Google, "", "Google"}, {oauth.LINE, "https://access.line.me", "LINE"}, {oauth.Apple, "", "Apple"},
		{oauth.OIDC, "https://id.house.example:8443/realm", "id.house.example"}, {oauth.OIDC, "", "oidc"},
	} {
		if got := oauth.NameOf(c.kind, c.issuer); got != c.want {
			t.Errorf("%s of %q is called %q, want %q", c.kind, c.issuer, got, c.want)
		}
	}
}

// LINE signs with the channel's secret; a token signed with another one, or with none, is no answer.
func TestLINEsSecretIsItsOwn(t *testing.T) {
	cfg, _ := oauth.ParseClient(oauth.LINE, "client:a-secret-of-at-least-32-bytes-here")
	for name, sign := range map[string]func(i *idp, c map[string]any) string{
		"another secret": func(i *idp, c map[string]any) string {
			return i.sign(jose.HS256, []byte("another-secret-of-at-least-32-byte"), "", c)
		},
		"none":        func(_ *idp, c map[string]any) string { return unsigned(c) },
		"another alg": func(i *idp, c map[string]any) string { return i.sign(jose.RS256, i.rsa, "r", c) },
	} {
		i := newIDP(t, "https://access.line.me")
		p := i.provider(cfg)
		flow, _ := i.begin(p)
		i.token = func() string {
			return sign(i, map[string]any{"iss": "https://access.line.me", "aud": "client", "sub": "s-1", "nonce": flow.Nonce, "exp": now.Unix() + 60})
		}
		if got, err := p.Finish(t.Context(), flow, answerTo(flow)); !fault.Is(err, fault.CodeSignInFailed) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestUserinfoOfAnotherPersonIsRefused(t *testing.T) {
	i := newIDP(t, issuer)
	i.userinfo = map[string]any{"sub": "victim", "email": "victim@example.org", "name": "V"}
	p := i.provider(generic)
	flow, _ := i.begin(p)
	i.token = func() string {
		return i.sign(jose.RS256, i.rsa, "r", map[string]any{"iss": issuer, "aud": "client", "sub": "s-1", "nonce": flow.Nonce, "exp": time.Now().Unix() + 3600})
	}
	if got, err := p.Finish(t.Context(), flow, answerTo(flow)); !fault.Is(err, fault.CodeSignInFailed) {
		t.Errorf("%+v, %v", got, err)
	}
}

// A profile without an id is nobody, not somebody called 0.
func TestAGitHubProfileWithoutId(t *testing.T) {
	cfg, _ := oauth.ParseClient(oauth.GitHub, "client:secret")
	i := newIDP(t, "https://github.com")
	i.serve("/login/oauth/access_token", i.exchange)
	i.serve("/user", func(http.ResponseWriter, *http.Request) any {
		return map[string]any{"login": "x", "email": "x@example.org"}
	})
	p := i.provider(cfg)
	flow, _ := i.begin(p)
	if got, err := p.Finish(t.Context(), flow, answerTo(flow)); !fault.Is(err, fault.CodeSignInFailed) {
		t.Errorf("%+v, %v", got, err)
	}
}
