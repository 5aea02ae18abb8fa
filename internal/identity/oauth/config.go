package oauth

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
)

// Kind is a provider by its name in addresses and settings.
type Kind string

// The providers.
const (
	OIDC     Kind = "oidc" // any OpenID Connect provider
	Google   Kind = "google"
	LINE     Kind = "line"
	Facebook Kind = "facebook"
	GitHub   Kind = "github"
	Apple    Kind = "apple"
)

// Config is what a site is to one provider.
type Config struct {
	Kind   Kind
	Issuer string // of OIDC alone
	Name   string // what the button says
	ID     string
	Secret string // empty: a public client, with PKCE alone

	// Apple has a signing key in place of a secret.
	Team, KeyID string
	Key         *ecdsa.PrivateKey
}

// names are what buttons say; nobody translates them.
var names = map[Kind]string{Google: "Google", LINE: "LINE", Facebook: "Facebook", GitHub: "GitHub", Apple: "Apple"}

// NameOf is what people call a provider that may not be set up any more: its own name, else the host of its issuer.
func NameOf(kind Kind, issuer string) string {
	if name := names[kind]; name != "" {
		return name
	}
	if u, err := url.Parse(issuer); err == nil && u.Hostname() != "" {
		return u.Hostname()
	}
	return string(kind)
}

// ParseOIDC reads the settings of an OpenID Connect provider. No error repeats a secret.
func ParseOIDC(issuer, id, secret, name string) (Config, error) {
	u, err := url.Parse(issuer)
	switch {
	case err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return Config{}, errors.New("the issuer is not an https address")
	case u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		return Config{}, errors.New("the issuer is not an https address (http is for this machine alone)")
	case id == "":
		return Config{}, errors.New("the client's id is missing")
	}
	if name == "" {
		name = u.Hostname()
	}
	return Config{Kind: OIDC, Issuer: issuer, ID: id, Secret: secret, Name: name}, nil
}

// ParseClient reads ID:SECRET of a known provider. No error repeats a secret.
func ParseClient(kind Kind, s string) (Config, error) {
	id, secret, ok := strings.Cut(s, ":")
	if !ok || id == "" || secret == "" {
		return Config{}, errors.New("not ID:SECRET")
	}
	return Config{Kind: kind, ID: id, Secret: secret, Name: names[kind]}, nil
}

// ParseApple reads ID:TEAM:KEY-ID:FILE, where FILE is the private key (PKCS #8, PEM) that Apple gave out.
func ParseApple(s string) (Config, error) {
	parts := strings.SplitN(s, ":", 4)
	if len(parts) != 4 || parts[0] == "" || parts[1] == "" || parts[2] == "" || parts[3] == "" {
		return Config{}, errors.New("not ID:TEAM:KEY-ID:FILE")
	}
	raw, err := os.ReadFile(parts[3])
	if err != nil {
		return Config{}, fmt.Errorf("the key: %w", err)
	}
	key, err := parseKey(raw)
	if err != nil {
		return Config{}, fmt.Errorf("the key %s: %w", parts[3], err)
	}
	return Config{Kind: Apple, ID: parts[0], Team: parts[1], KeyID: parts[2], Key: key, Name: names[Apple]}, nil
}

func parseKey(raw []byte) (*ecdsa.PrivateKey, error) {
	block, _ := pem.Decode(raw)
	if block == nil {
		return nil, errors.New("no PEM block")
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("no PKCS #8 private key")
	}
	key, ok := any.(*ecdsa.PrivateKey)
	if !ok {
		return nil, errors.New("no key for ES256")
	}
	return key, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
