package oauth

import (
	"context"
	"crypto/subtle"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"haggle/internal/fault"
)

// Provider is one other site. Make one with New.
type Provider struct {
	cfg      Config
	callback string
	client   *http.Client
	now      func() time.Time
	log      *slog.Logger
	speaks   speech

	asking singleflight.Group // for its addresses
	mu     sync.Mutex
	found  *found
	misses int       // times in a row that it did not answer
	again  time.Time // not asked before
}

// speech is how a kind of provider speaks.
type speech interface {
	// begin gives the address to send the browser to.
	begin(f *found, flow Flow) (string, error)
	// finish exchanges the code and says who it is.
	finish(ctx context.Context, f *found, flow Flow, code string) (Person, error)
}

// Options are what providers share.
type Options struct {
	URL       string            // of this site, without a slash at the end
	Transport http.RoundTripper // nil: the system's
	Now       func() time.Time  // nil: time.Now
	Logger    *slog.Logger      // nil: none
}

// New is a provider; it asks nobody anything yet.
func New(cfg Config, o Options) *Provider {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	p := &Provider{cfg: cfg, callback: o.URL + Callback(cfg.Kind), client: newClient(o.Transport), now: o.Now, log: o.Logger}
	switch cfg.Kind {
	case GitHub:
		p.speaks = gitHub{p}
	case Facebook:
		p.speaks = facebookers{p}
	default:
		p.speaks = openID{p}
	}
	return p
}

// Callback is the path that a provider's answers come to. Each has its own.
func Callback(k Kind) string { return "/sign-in/with/" + string(k) + "/callback" }

// Kind is which provider it is.
func (p *Provider) Kind() string { return string(p.cfg.Kind) }

// Name is what its button says.
func (p *Provider) Name() string { return p.cfg.Name }

// Begin gives the address to send the browser to. provider_down where the provider does not answer.
func (p *Provider) Begin(ctx context.Context, flow Flow) (string, error) {
	f, err := p.discover(ctx)
	if err != nil {
		return "", err
	}
	address, err := p.speaks.begin(f, flow)
	if err != nil {
		return "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Set("code_challenge", flow.challenge())
	q.Set("code_challenge_method", "S256")
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Finish reads the answer that the browser brought: state, code and what else the provider says. sign_in_failed where it
// does not hold, provider_down where the provider does not answer.
func (p *Provider) Finish(ctx context.Context, flow Flow, answer url.Values) (Person, error) {
	f, err := p.discover(ctx)
	if err != nil {
		return Person{}, err
	}
	if err := p.check(f, flow, answer); err != nil {
		return Person{}, err
	}
	person, err := p.speaks.finish(ctx, f, flow, answer.Get("code"))
	if err != nil {
		p.log.WarnContext(ctx, "signing in with another site", "provider", p.cfg.Kind, "err", fault.From(err).Unwrap())
		return Person{}, err
	}
	if p.cfg.Kind == Apple && person.Name == "" {
		person.Name = answer.Get("name") // Apple tells it beside the id_token, and the first time only
	}
	if person.Subject == "" || len(person.Subject) > 255 {
		return Person{}, forged("no subject")
	}
	return person, nil
}

// check reads what stands in the answer itself: it is of this flow, of this provider (RFC 9207), and no refusal.
func (p *Provider) check(f *found, flow Flow, answer url.Values) error {
	if subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(flow.State)) != 1 || flow.State == "" {
		return forged("another flow's state")
	}
	switch iss, ok := answer["iss"]; {
	case ok && (len(iss) != 1 || iss[0] != f.issuer && iss[0] != otherNames[p.cfg.Kind]):
		return forged("another provider's answer")
	case !ok && f.names:
		return forged("the answer does not say whose it is")
	}
	if answer.Get("error") != "" {
		return forged("the provider says no")
	}
	if answer.Get("code") == "" {
		return forged("no code")
	}
	return nil
}
