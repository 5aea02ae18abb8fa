package config

import (
	"errors"
	"fmt"
	"strings"

	"haggle/internal/identity/oauth"
)

// SignIns are the other sites to sign in with, in the order of their buttons. No error repeats a secret.
func (s *Site) SignIns() ([]oauth.Config, error) {
	var (
		out  []oauth.Config
		errs []error
	)
	add := func(flag, value string, parse func(string) (oauth.Config, error)) {
		if value == "" {
			return
		}
		c, err := parse(value)
		if err != nil {
			errs = append(errs, fmt.Errorf("--%s: %w", flag, err))
			return
		}
		out = append(out, c)
	}
	client := func(kind oauth.Kind) func(string) (oauth.Config, error) {
		return func(v string) (oauth.Config, error) { return oauth.ParseClient(kind, v) }
	}
	add("google", s.Google, client(oauth.Google))
	add("line", s.LINE, client(oauth.LINE))
	add("facebook", s.Facebook, client(oauth.Facebook))
	add("github", s.GitHub, client(oauth.GitHub))
	add("apple", s.Apple, oauth.ParseApple)
	add("oidc-issuer", s.OIDCIssuer, func(v string) (oauth.Config, error) { return oauth.ParseOIDC(v, s.OIDCID, s.OIDCSecret, s.OIDCName) })
	return out, errors.Join(errs...)
}

func (s *Site) checkSignIns() error {
	_, err := s.SignIns()
	if s.OIDCIssuer == "" && (s.OIDCID != "" || s.OIDCSecret != "" || s.OIDCName != "") {
		err = errors.Join(err, errors.New("--oidc-issuer: required with the other --oidc flags"))
	}
	if s.Apple != "" && !strings.HasPrefix(s.URL, "https://") {
		err = errors.Join(err, errors.New("--apple: needs an https --url"))
	}
	return err
}
