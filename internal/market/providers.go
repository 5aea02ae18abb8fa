package market

import (
	"context"
	"net/url"

	"haggle/internal/fault"
	"haggle/internal/identity/oauth"
)

// Provider is another site to sign in with; *oauth.Provider is one.
type Provider interface {
	Kind() string
	Name() string
	Begin(ctx context.Context, flow oauth.Flow) (address string, err error)
	Finish(ctx context.Context, flow oauth.Flow, answer url.Values) (oauth.Person, error)
	Status() oauth.Status
}

// Providers lists the other sites to sign in with, as their buttons stand.
func (m *Market) Providers() []ProviderView {
	out := make([]ProviderView, len(m.cfg.Providers))
	for i, p := range m.cfg.Providers {
		out[i] = ProviderView{Kind: p.Kind(), Name: p.Name(), Down: p.Status().Down}
	}
	return out
}

// provider is the site of this kind; nil where it is not offered.
func (m *Market) provider(kind string) Provider {
	for _, p := range m.cfg.Providers {
		if p.Kind() == kind {
			return p
		}
	}
	return nil
}

// providerName is how a site is called, which may not be offered any more.
func (m *Market) providerName(kind, issuer string) string {
	if p := m.provider(kind); p != nil {
		return p.Name()
	}
	return oauth.NameOf(oauth.Kind(kind), issuer)
}

func (m *Market) offered(kind string) (Provider, error) {
	if p := m.provider(kind); p != nil {
		return p, nil
	}
	return nil, fault.New(fault.CodeNotFound, nil)
}
