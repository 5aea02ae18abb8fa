package market

import (
	"context"

	"haggle/internal/store"
)

// dropForeignWays removes every way in but the password: links, passkeys, second factor and access tokens; inside a
// transaction. Whoever confirms an address for the first time by setting a password may not be who opened the account
// with it: what that one added must not stay open to him. ended are the tokens that were, dropped says whether there was
// anything.
func (m *Market) dropForeignWays(ctx context.Context, account string) (ended []string, dropped bool, err error) {
	links, err := m.linksOf(ctx, account)
	if err != nil {
		return nil, false, err
	}
	keys, err := m.passkeysOf(ctx, account)
	if err != nil {
		return nil, false, err
	}
	factor, err := m.factorOf(ctx, account)
	if err != nil {
		return nil, false, err
	}
	tokens, err := m.rows.sessions.Find(ctx, store.Query{Index: "account", Eq: []any{account, "token"}, Limit: store.MaxLimit})
	if err != nil {
		return nil, false, err
	}
	if err := m.rows.links.Delete(ctx, ids(links, func(r LinkRow) string { return r.ID })...); err != nil {
		return nil, false, err
	}
	if err := m.rows.passkeys.Delete(ctx, ids(keys, func(r PasskeyRow) string { return r.ID })...); err != nil {
		return nil, false, err
	}
	ended = ids(tokens.Docs, func(r SessionRow) string { return r.ID })
	if err := m.rows.sessions.Delete(ctx, ended...); err != nil {
		return nil, false, err
	}
	if err := m.rows.factors.Delete(ctx, account); err != nil {
		return nil, false, err
	}
	return ended, len(links)+len(keys)+len(tokens.Docs) > 0 || factor.On, nil
}

func ids[T any](rows []T, id func(T) string) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = id(r)
	}
	return out
}
