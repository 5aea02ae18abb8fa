package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/store"
)

// recallFor is how long a process trusts what it knows of a session; a revocation here takes effect at once, one in
// another process after this time.
const recallFor = 5 * time.Second

// Authenticate finds who a token belongs to.
func (m *Market) Authenticate(ctx context.Context, token string) (Actor, error) {
	hash, ok := identity.HashToken(token)
	if !ok {
		return Actor{}, fault.New(fault.CodeUnauthenticated, nil)
	}
	if a, ok := m.actors.get(hash, m.cfg.Clock()); ok {
		return a, nil
	}
	row, err := m.rows.sessions.Get(ctx, hash)
	if errors.Is(err, store.ErrNotFound) || err == nil && !m.Now().Before(row.Expires) {
		return Actor{}, fault.New(fault.CodeUnauthenticated, nil)
	}
	if err != nil {
		return Actor{}, err
	}
	account, err := m.rows.accounts.Get(ctx, row.Account)
	if err != nil {
		return Actor{}, err
	}
	m.seen(ctx, row)
	a := Actor{Account: account.ID, Name: account.Name, Locale: account.Locale, Role: account.Role, Session: row.ID, Scopes: row.Scopes, Via: row.Kind}
	a.Unconfirmed = account.ConfirmedAt == nil
	m.actors.put(hash, a, m.cfg.Clock().Add(recallFor))
	return a, nil
}

// seenEvery is how often a session notes that it was used.
const seenEvery = 10 * time.Minute

// seen notes that a session or token was used: a token's first use always, else once in seenEvery. What was ended
// meanwhile stays so.
func (m *Market) seen(ctx context.Context, row SessionRow) {
	now := m.Now()
	first := row.Kind == "token" && row.used() == nil && now.After(row.At)
	if !first && now.Sub(row.SeenAt) <= seenEvery {
		return
	}
	err := m.tx(ctx, func(ctx context.Context) error {
		row, err := m.rows.sessions.Get(ctx, row.ID)
		if err != nil {
			return notMissing(err)
		}
		row.SeenAt = now
		return m.rows.sessions.Put(ctx, row)
	})
	if err != nil {
		m.cfg.Logger.WarnContext(ctx, "noting that a session is alive", "err", err)
	}
}

// notMissing keeps an error that is not about a row that is gone.
func notMissing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// SignOut ends the actor's session, or removes the token that he came with.
func (m *Market) SignOut(ctx context.Context, a Actor) error {
	if err := need(a, ScopeRead); err != nil {
		return err
	}
	return m.end(ctx, a, a.Via, a.Session)
}

// end ends a session, or removes a token, of the actor's.
func (m *Market) end(ctx context.Context, a Actor, kind, id string) error {
	if kind == "token" {
		return m.endToken(ctx, a, id)
	}
	return m.endSession(ctx, id)
}

// endToken removes a token and mails that; nothing where it is gone already.
func (m *Market) endToken(ctx context.Context, a Actor, id string) error {
	err := m.tx(ctx, func(ctx context.Context) error {
		row, err := m.rows.sessions.Get(ctx, id)
		if err != nil {
			return notMissing(err)
		}
		if err := m.rows.sessions.Delete(ctx, id); err != nil {
			return err
		}
		return m.wayMail(ctx, a, "token_removed", row.Name)
	})
	m.actors.drop(id)
	return err
}

func (m *Market) endSession(ctx context.Context, id string) error {
	err := m.rows.sessions.Delete(ctx, id)
	m.actors.drop(id)
	return err
}

// endSessions ends every session of an account but one. Tokens stay.
func (m *Market) endSessions(ctx context.Context, account, except string) error {
	for q := (store.Query{Index: "account", Eq: []any{account, "session"}, Limit: maxSessions}); ; {
		page, err := m.rows.sessions.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range page.Docs {
			if r.ID != except {
				if err := m.endSession(ctx, r.ID); err != nil {
					return err
				}
			}
		}
		if q.After = page.Next; q.After == "" {
			return nil
		}
	}
}

// maxSessions is how many sessions or tokens of one account are listed.
const maxSessions = 100

func (m *Market) sessionsOf(ctx context.Context, account, kind string) ([]SessionRow, error) {
	page, err := m.rows.sessions.Find(ctx, store.Query{Index: "account", Eq: []any{account, kind}, Desc: true, Limit: maxSessions})
	return page.Docs, err
}

// shortID names a session or token to its owner without telling the hash by which it is found.
func shortID(hash string) string { return hash[:min(16, len(hash))] }

// Sessions lists where the actor is signed in: this session, then the others, the one seen last first.
func (m *Market) Sessions(ctx context.Context, a Actor) ([]SessionView, error) {
	if err := need(a, ScopeRead); err != nil {
		return nil, err
	}
	rows, err := m.sessionsOf(ctx, a.Account, "session")
	out := []SessionView{}
	for _, r := range rows {
		if m.Now().Before(r.Expires) {
			out = append(out, SessionView{ID: shortID(r.ID), Agent: r.Name, CreatedAt: At(r.At), SeenAt: At(r.SeenAt), ExpiresAt: At(r.Expires), Current: r.ID == a.Session})
		}
	}
	slices.SortStableFunc(out, func(x, y SessionView) int {
		switch {
		case x.Current:
			return -1
		case y.Current:
			return 1
		}
		return y.SeenAt.Std().Compare(x.SeenAt.Std())
	})
	return out, err
}

// RevokeSession ends another session of the actor, at once.
func (m *Market) RevokeSession(ctx context.Context, a Actor, id string) error {
	return m.revoke(ctx, a, "session", id)
}

func (m *Market) revoke(ctx context.Context, a Actor, kind, id string) error {
	if err := m.begins(ctx, a); err != nil {
		return err
	}
	rows, err := m.sessionsOf(ctx, a.Account, kind)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if shortID(r.ID) == id {
			if err := a.permit(ScopeTrade); err != nil {
				return err
			}
			return m.end(ctx, a, kind, r.ID)
		}
	}
	return fault.New(fault.CodeNotFound, nil)
}

// tokenLife is how long a personal access token lasts.
const tokenLife = 365 * 24 * time.Hour

// CreateToken makes a personal access token, and mails that. It is shown once. Only a session can make one.
func (m *Market) CreateToken(ctx context.Context, a Actor, in TokenInput) (TokenView, error) {
	if err := m.begins(ctx, a); err != nil {
		return TokenView{}, err
	}
	if err := checkToken(in); err != nil {
		return TokenView{}, err
	}
	if err := a.permit(ScopeTrade); err != nil {
		return TokenView{}, err
	}
	if a.Via != "session" {
		return TokenView{}, fault.New(fault.CodeForbidden, nil)
	}
	token, hash := identity.NewToken()
	now := m.Now()
	row := SessionRow{ID: hash, Account: a.Account, Kind: "token", Name: in.Name, Scopes: in.Scopes, At: now, SeenAt: now, Expires: now.Add(tokenLife)}
	err := m.tx(ctx, func(ctx context.Context) error {
		if err := m.rows.sessions.Insert(ctx, row); err != nil {
			return err
		}
		return m.wayMail(ctx, a, "token_added", in.Name)
	})
	if err != nil {
		return TokenView{}, err
	}
	v := tokenView(row)
	v.Token = token
	return v, nil
}

func checkToken(in TokenInput) error {
	var c fault.Collect
	checkText(&c, "name", in.Name, 1, maxName)
	known := []string{ScopeRead, ScopeTrade, ScopeWallet}
	if len(in.Scopes) == 0 || len(in.Scopes) > len(known) {
		c.Addf("scopes", "required", "at least one of %v", known)
	}
	for _, s := range in.Scopes {
		if !slices.Contains(known, s) {
			c.Addf("scopes", "unknown", "any of %v", known)
			break
		}
	}
	return c.Err()
}

func tokenView(r SessionRow) TokenView {
	v := TokenView{ID: shortID(r.ID), Name: r.Name, Scopes: r.Scopes, CreatedAt: At(r.At), ExpiresAt: At(r.Expires)}
	if used := r.used(); used != nil {
		at := At(*used)
		v.UsedAt = &at
	}
	return v
}

// Tokens lists the actor's personal access tokens, the newest first. One that is over is none.
func (m *Market) Tokens(ctx context.Context, a Actor) ([]TokenView, error) {
	if err := need(a, ScopeRead); err != nil {
		return nil, err
	}
	rows, err := m.sessionsOf(ctx, a.Account, "token")
	out := []TokenView{}
	for _, r := range rows {
		if m.Now().Before(r.Expires) {
			out = append(out, tokenView(r))
		}
	}
	return out, err
}

// RevokeToken ends a personal access token, at once, and mails that.
func (m *Market) RevokeToken(ctx context.Context, a Actor, id string) error {
	return m.revoke(ctx, a, "token", id)
}
