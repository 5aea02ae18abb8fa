package oauth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"haggle/internal/identity/oauth"
)

const site = "https://haggle.example"

// now is the clock of a test; goth has none but the real one.
var now = time.Now().UTC().Truncate(time.Second)

// keys are what providers sign with; making them is slow.
var keys = sync.OnceValue(func() struct {
	rsa, other *rsa.PrivateKey
	ec         *ecdsa.PrivateKey
} {
	a, err1 := rsa.GenerateKey(rand.Reader, 2048)
	b, err2 := rsa.GenerateKey(rand.Reader, 2048)
	c, err3 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err := errors.Join(err1, err2, err3); err != nil {
		panic(err)
	}
	return struct {
		rsa, other *rsa.PrivateKey
		ec         *ecdsa.PrivateKey
	}{a, b, c}
})

// idp is every provider at once, as each documents its answers: what asks it is a transport, so that known hosts lead here.
type idp struct {
	t      *testing.T
	issuer string
	rsa    *rsa.PrivateKey
	ec     *ecdsa.PrivateKey
	mux    *http.ServeMux

	challenge string         // of the flow under way
	asked     []url.Values   // forms that exchanged a code
	token     func() string  // the id_token
	userinfo  map[string]any // nil: none
	more      map[string]any // of the discovery document
	down      bool
	looked    int // times that its discovery document was asked for
}

func newIDP(t *testing.T, issuer string) *idp {
	t.Helper()
	i := &idp{t: t, issuer: issuer, rsa: keys().rsa, ec: keys().ec, mux: http.NewServeMux(), more: map[string]any{}}
	i.serve("/.well-known/openid-configuration", i.discovery)
	i.serve("/keys", func(http.ResponseWriter, *http.Request) any {
		return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: i.rsa.Public(), KeyID: "r", Algorithm: "RS256"}, {Key: i.ec.Public(), KeyID: "e", Algorithm: "ES256"}}}
	})
	i.serve("/token", i.exchange)
	i.serve("/userinfo", func(w http.ResponseWriter, r *http.Request) any {
		if r.Header.Get("Authorization") != "Bearer access-token" {
			w.WriteHeader(http.StatusUnauthorized)
		}
		return i.userinfo
	})
	return i
}

func (i *idp) serve(path string, answer func(w http.ResponseWriter, r *http.Request) any) {
	i.mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(answer(w, r))
	})
}

// RoundTrip answers in place of the network.
func (i *idp) RoundTrip(r *http.Request) (*http.Response, error) {
	if i.down {
		return nil, &url.Error{Op: "dial", URL: r.URL.Host, Err: os.ErrDeadlineExceeded}
	}
	w := httptest.NewRecorder()
	i.mux.ServeHTTP(w, r)
	res := w.Result()
	res.Request = r
	return res, nil
}

func (i *idp) discovery(http.ResponseWriter, *http.Request) any {
	i.looked++
	d := map[string]any{"issuer": i.issuer, "authorization_endpoint": i.issuer + "/authorize", "token_endpoint": i.issuer + "/token", "jwks_uri": i.issuer + "/keys",
		"id_token_signing_alg_values_supported": []string{"RS256", "ES256", "HS256", "none"}}
	if i.userinfo != nil {
		d["userinfo_endpoint"] = i.issuer + "/userinfo"
	}
	for k, v := range i.more {
		d[k] = v
	}
	return d
}

// exchange gives tokens to who proves that he asked for the code (RFC 7636).
func (i *idp) exchange(w http.ResponseWriter, r *http.Request) any {
	_ = r.ParseForm()
	if _, _, basic := r.BasicAuth(); basic && strings.Contains(i.issuer, "apple") { // Apple takes a secret in the form alone
		w.WriteHeader(http.StatusBadRequest)
		return map[string]string{"error": "invalid_client"}
	}
	i.asked = append(i.asked, r.PostForm)
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	if r.PostForm.Get("code") != "the-code" || base64.RawURLEncoding.EncodeToString(sum[:]) != i.challenge {
		w.WriteHeader(http.StatusBadRequest)
		return map[string]string{"error": "invalid_grant", "error_description": "code the-code is not yours"}
	}
	answer := map[string]any{"access_token": "access-token", "token_type": "Bearer", "expires_in": 60}
	if i.token != nil {
		answer["id_token"] = i.token()
	}
	return answer
}

// sign makes an id_token.
func (i *idp) sign(alg jose.SignatureAlgorithm, key any, kid string, claims map[string]any) string {
	i.t.Helper()
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", kid))
	if err != nil {
		i.t.Fatal(err)
	}
	raw, err := jwt.Signed(s).Claims(claims).Serialize()
	if err != nil {
		i.t.Fatal(err)
	}
	return raw
}

// unsigned makes an id_token that says it needs no signature.
func unsigned(claims map[string]any) string {
	b, _ := json.Marshal(claims)
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(b) + "."
}

func atHash(access string) string {
	sum := sha256.Sum256([]byte(access))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// provider is ours, speaking to this one.
func (i *idp) provider(cfg oauth.Config) *oauth.Provider {
	return oauth.New(cfg, oauth.Options{URL: site, Transport: i, Now: func() time.Time { return now }})
}

// begin begins a flow and gives the address that the browser is sent to.
func (i *idp) begin(p *oauth.Provider) (oauth.Flow, *url.URL) {
	i.t.Helper()
	flow := oauth.NewFlow()
	address, err := p.Begin(i.t.Context(), flow)
	if err != nil {
		i.t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		i.t.Fatal(err)
	}
	i.challenge = u.Query().Get("code_challenge")
	return flow, u
}

func answerTo(flow oauth.Flow, pairs ...string) url.Values {
	v := url.Values{"state": {flow.State}, "code": {"the-code"}}
	for i := 0; i < len(pairs); i += 2 {
		if v.Del(pairs[i]); pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return v
}

// appleKey writes a key as Apple hands it out.
func appleKey(t *testing.T) (file string, public crypto.PublicKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "key.p8")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, key.Public()
}

// leaks gives what a text repeats of what it must not; empty where there is nothing.
func leaks(text string, secrets ...string) string {
	for _, s := range secrets {
		if s != "" && strings.Contains(text, s) {
			return s
		}
	}
	return ""
}
