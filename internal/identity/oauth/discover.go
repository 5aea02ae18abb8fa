package oauth

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"haggle/internal/fault"
)

const (
	retryAfter = 5 * time.Second  // after the first time that a provider does not answer
	retryMost  = 5 * time.Minute  // after many
	freshFor   = 12 * time.Hour   // how long a provider's addresses are believed
	askWithin  = 15 * time.Second // how long a visitor waits for them
)

// found is what a provider says of itself.
type found struct {
	issuer   string
	names    bool // its answers name it (RFC 9207)
	provider *oidc.Provider
	about    about
	at       time.Time
}

// about is what is read of a discovery document beside what the library reads.
type about struct {
	Auth     string `json:"authorization_endpoint"`
	Token    string `json:"token_endpoint"`
	UserInfo string `json:"userinfo_endpoint"`
	Keys     string `json:"jwks_uri"`
	Names    bool   `json:"authorization_response_iss_parameter_supported"`
}

// issuers of the providers whose addresses are well known.
var issuers = map[Kind]string{
	Google: "https://accounts.google.com", LINE: "https://access.line.me", Apple: "https://appleid.apple.com",
	GitHub: "https://github.com", Facebook: "https://www.facebook.com",
}

// otherNames are how a provider without a discovery document may call itself, too.
var otherNames = map[Kind]string{GitHub: "https://github.com/login/oauth"}

func (p *Provider) issuer() string {
	if p.cfg.Kind == OIDC {
		return p.cfg.Issuer
	}
	return issuers[p.cfg.Kind]
}

// discover gives the provider's addresses: known ones, or those it tells now. One that did not answer is left alone for a
// while, longer each time; what it told before is believed meanwhile.
func (p *Provider) discover(ctx context.Context) (*found, error) {
	if p.cfg.Kind == GitHub || p.cfg.Kind == Facebook {
		return &found{issuer: p.issuer()}, nil // nothing to discover
	}
	known, ask := p.known()
	if !ask {
		return known, orAway(known, errors.New("oauth: it did not answer a moment ago"))
	}
	answer, err, _ := p.asking.Do("", func() (any, error) { return p.ask(ctx) })
	f, _ := answer.(*found)
	if p.learn(ctx, f, err); err != nil {
		return known, orAway(known, err)
	}
	return f, nil
}

// known is what the provider told before, and whether to ask it now.
func (p *Provider) known() (f *found, ask bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	fresh := p.found != nil && now.Sub(p.found.at) < freshFor
	return p.found, !fresh && !now.Before(p.again)
}

// learn notes what came of asking.
func (p *Provider) learn(ctx context.Context, f *found, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil {
		p.found, p.misses, p.again = f, 0, time.Time{}
		return
	}
	if now := p.now(); !now.Before(p.again) { // else somebody who waited for the same answer has noted it
		p.again = now.Add(min(retryAfter<<min(p.misses, 10), retryMost))
		p.misses++
		p.log.WarnContext(ctx, "a provider of sign-ins does not answer", "provider", p.cfg.Kind, "again", p.again, "err", err)
	}
}

// orAway refuses where nothing is known of the provider.
func orAway(known *found, err error) error {
	if known != nil {
		return nil
	}
	return away(err)
}

// ask reads the discovery document; its issuer must be the one that was configured. A visitor who leaves does not make the
// provider one that is down.
func (p *Provider) ask(ctx context.Context) (*found, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), askWithin)
	defer cancel()
	provider, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.issuer())
	if err != nil {
		return nil, errors.New("oauth: its discovery document cannot be read")
	}
	f := &found{issuer: p.issuer(), provider: provider, at: p.now()}
	if err := provider.Claims(&f.about); err != nil {
		return nil, errors.New("oauth: its discovery document makes no sense")
	}
	f.names = f.about.Names
	return f, f.about.check(strings.HasPrefix(f.issuer, "https:"))
}

// check refuses a document without what a sign-in needs, and addresses that are less safe than their provider's own.
func (a about) check(secure bool) error {
	for _, address := range []string{a.Auth, a.Token, a.Keys, a.UserInfo} {
		u, err := url.Parse(address)
		if err != nil || address != "" && (u.Host == "" || secure && u.Scheme != "https") {
			return errors.New("oauth: its discovery document names an address that is not https")
		}
	}
	if a.Auth == "" || a.Token == "" || a.Keys == "" {
		return errors.New("oauth: its discovery document lacks addresses")
	}
	return nil
}

// Status is how a provider stands.
type Status struct {
	Kind, Name string
	Down       bool // it did not answer when it was asked last
	Again      time.Time
}

// Status says how the provider stood when it was asked last; it asks nobody.
func (p *Provider) Status() Status {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Status{Kind: p.Kind(), Name: p.Name(), Down: p.misses > 0 && p.found == nil, Again: p.again}
}

// Ready asks the provider for its addresses, for an operator who wants to know.
func (p *Provider) Ready(ctx context.Context) error {
	_, err := p.discover(ctx)
	if err != nil {
		return errors.Join(errors.New("does not answer"), fault.From(err).Unwrap())
	}
	return nil
}
