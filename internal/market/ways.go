package market

import (
	"context"
	"errors"

	"haggle/internal/fault"
	"haggle/internal/store"
)

// maxLinks and maxPasskeys bound what one account has.
const (
	maxLinks    = 10
	maxPasskeys = 20
)

// WaysView is how a person can sign in.
type WaysView struct {
	Password  bool // one is set
	Recent    bool // he signed in just now: nothing more is asked of him
	Links     []LinkView
	Offers    []ProviderView // other sites that he has not linked
	Passkeys  []PasskeyView
	Host      string // the name that passkeys belong to; empty: the site has none
	TwoFactor bool
	Recovery  int // recovery codes left
}

// Count is how many ways open today, as removing one counts them: a password, each passkey, each account at another site. The
// second step is none, nor are access tokens.
func (w WaysView) Count() (n int) {
	if w.Password {
		n++
	}
	if w.Host != "" {
		n += len(w.Passkeys)
	}
	for _, l := range w.Links {
		if !l.Gone {
			n++
		}
	}
	return n
}

// LinkView is an account at another site.
type LinkView struct {
	ID, Provider, Name, Email string
	At                        Time
	Gone                      bool // the site does not offer it any more: it signs nobody in
}

// PasskeyView is one passkey.
type PasskeyView struct {
	ID, Name   string
	At, UsedAt Time
}

// ProviderView is another site to sign in with.
type ProviderView struct {
	Kind, Name string
	Down       bool // it did not answer when it was asked last
}

// Ways lists how the actor can sign in.
func (m *Market) Ways(ctx context.Context, a Actor) (w WaysView, err error) {
	if err := need(a, ScopeRead); err != nil {
		return w, err
	}
	row, err := m.rows.accounts.Get(ctx, a.Account)
	if err != nil {
		return w, err
	}
	w.Password = row.Password != ""
	w.Host = m.PasskeyHost()
	for _, fill := range []func(context.Context, Actor, *WaysView) error{m.fillRecent, m.fillLinks, m.fillPasskeys, m.fillFactor} {
		if err := fill(ctx, a, &w); err != nil {
			return w, err
		}
	}
	return w, nil
}

func (m *Market) fillRecent(ctx context.Context, a Actor, w *WaysView) (err error) {
	w.Recent, err = m.recent(ctx, a)
	return err
}

func (m *Market) fillLinks(ctx context.Context, a Actor, w *WaysView) error {
	rows, err := m.linksOf(ctx, a.Account)
	linked := map[string]bool{}
	for _, r := range rows {
		linked[r.Provider] = true
		w.Links = append(w.Links, LinkView{ID: r.ID, Provider: r.Provider, Name: m.providerName(r.Provider, r.Issuer), Email: r.Email, At: At(r.At), Gone: m.provider(r.Provider) == nil})
	}
	for _, p := range m.Providers() {
		if !linked[p.Kind] {
			w.Offers = append(w.Offers, p)
		}
	}
	return err
}

func (m *Market) fillPasskeys(ctx context.Context, a Actor, w *WaysView) error {
	rows, err := m.passkeysOf(ctx, a.Account)
	for _, r := range rows {
		w.Passkeys = append(w.Passkeys, PasskeyView{ID: r.ID, Name: r.Name, At: At(r.At), UsedAt: At(r.UsedAt)})
	}
	return err
}

func (m *Market) fillFactor(ctx context.Context, a Actor, w *WaysView) error {
	f, err := m.factorOf(ctx, a.Account)
	w.TwoFactor, w.Recovery = f.On, len(f.Recovery)
	return err
}

func (m *Market) linksOf(ctx context.Context, account string) ([]LinkRow, error) {
	page, err := m.rows.links.Find(ctx, store.Query{Index: "account", Eq: []any{account}, Limit: maxLinks})
	return page.Docs, err
}

func (m *Market) passkeysOf(ctx context.Context, account string) ([]PasskeyRow, error) {
	page, err := m.rows.passkeys.Find(ctx, store.Query{Index: "account", Eq: []any{account}, Limit: maxPasskeys})
	return page.Docs, err
}

// dropTries is how often removing a way is begun again when two do so at once.
const dropTries = 3

// dropWay removes a way to sign in, unless it is the last one: then last_way_in. The account's version makes two removals
// at once take turns.
func (m *Market) dropWay(ctx context.Context, account string, drop func(ctx context.Context) error) error {
	var err error
	for range dropTries {
		var moved *store.ConflictError
		if err = m.tx(ctx, func(ctx context.Context) error { return m.dropOnce(ctx, account, drop) }); !errors.As(err, &moved) {
			break
		}
	}
	m.names.drop(account)
	return err
}

func (m *Market) dropOnce(ctx context.Context, account string, drop func(ctx context.Context) error) error {
	row, err := m.rows.accounts.Get(ctx, account)
	if err != nil {
		return err
	}
	if err := drop(ctx); err != nil {
		return err
	}
	left, err := m.usable(ctx, row)
	if err != nil {
		return err
	}
	if left == 0 {
		return fault.New(fault.CodeLastWayIn, nil)
	}
	row.Version++
	return m.rows.accounts.Replace(ctx, store.Changed[AccountRow]{ID: row.ID, Version: row.Version - 1, Doc: row})
}

// usable counts the ways that open today. A link to a site that is not offered any more is none, nor is a passkey where
// the site has none.
func (m *Market) usable(ctx context.Context, row AccountRow) (n int, err error) {
	links, err := m.linksOf(ctx, row.ID)
	if err != nil {
		return 0, err
	}
	for _, l := range links {
		if m.provider(l.Provider) != nil {
			n++
		}
	}
	if m.cfg.Passkeys != nil {
		keys, err := m.passkeysOf(ctx, row.ID)
		if err != nil {
			return 0, err
		}
		n += len(keys)
	}
	if row.Password != "" {
		n++
	}
	return n, nil
}
