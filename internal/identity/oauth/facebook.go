package oauth

import (
	"context"
	"net/url"

	"github.com/markbates/goth/providers/facebook"
)

// facebookers speak OAuth 2 as GitHub does.
type facebookers struct{ *Provider }

func (b facebookers) goth(flow Flow) *facebook.Provider {
	p := facebook.New(b.cfg.ID, b.cfg.Secret, b.callback)
	p.SetCustomFields([]string{"id", "name", "email"})
	p.HTTPClient = b.proving(flow)
	return p
}

func (b facebookers) begin(_ *found, flow Flow) (string, error) {
	return address(b.goth(flow).BeginAuth(flow.State))
}

func (b facebookers) finish(_ context.Context, f *found, flow Flow, code string) (Person, error) {
	p, s := b.goth(flow), &facebook.Session{}
	if _, err := s.Authorize(p, url.Values{"code": {code}}); err != nil {
		return Person{}, failed("exchange", err)
	}
	u, err := p.FetchUser(s)
	if err != nil {
		return Person{}, failed("profile", hidden(err))
	}
	return Person{Issuer: f.issuer, Subject: u.UserID, Email: u.Email, Name: u.Name}, nil
}
