package market

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/store"
)

// sessionLife is how long a session lasts.
const sessionLife = 30 * 24 * time.Hour

// maxName bounds a person's public name, in characters.
const maxName = 60

// Locales are the languages of the site.
func Locales() []string { return []string{"en", "zh-TW"} }

// Register opens an account and signs it in.
func (m *Market) Register(ctx context.Context, in RegisterInput) (Grant, error) {
	email, err := m.checkRegistration(&in)
	if err != nil {
		return Grant{}, err
	}
	hash, err := m.cfg.Hasher.Hash(ctx, in.Password)
	if err != nil {
		return Grant{}, err
	}
	account := AccountRow{ID: engine.NewID(), Version: 1, EmailKey: email.Key, Email: email.Address, Name: strings.TrimSpace(in.Name), Password: hash,
		Locale: in.Locale, Role: "member", Notify: Notify{Outbid: true, Won: true, Orders: true}}
	var grant Grant
	err = m.tx(ctx, func(ctx context.Context) error {
		now := m.Now()
		account.At = now
		if err := m.rows.accounts.Insert(ctx, account); err != nil {
			return err
		}
		if err := m.askConfirmation(ctx, account, "confirm", account.Email, now); err != nil {
			return err
		}
		grant, err = m.grant(ctx, account.ID, in.Agent, now)
		return err
	})
	var twice *store.DuplicateError
	if errors.As(err, &twice) {
		return Grant{}, fault.New(fault.CodeEmailTaken, nil)
	}
	return grant, err
}

// checkRegistration refuses all wrong fields at once.
func (m *Market) checkRegistration(in *RegisterInput) (identity.Email, error) {
	var c fault.Collect
	email, err := identity.ParseEmail(in.Email)
	if err != nil {
		c.Addf("email", "invalid", "is no e-mail address")
	}
	if err := identity.CheckPassword(in.Password); err != nil {
		c.Addf("password", "length", "between %d and %d characters", identity.MinPassword, identity.MaxPassword)
	}
	checkText(&c, "name", in.Name, 1, maxName)
	if in.Locale == "" {
		in.Locale = "en"
	}
	if !slices.Contains(Locales(), in.Locale) {
		c.Addf("locale", "unknown", "one of %v", Locales())
	}
	return email, c.Err()
}

// grant opens a session inside a transaction.
func (m *Market) grant(ctx context.Context, account, agent string, now time.Time) (Grant, error) {
	token, hash := identity.NewToken()
	row := SessionRow{ID: hash, Account: account, Kind: "session", Name: agentName(agent), At: now, SeenAt: now, Expires: now.Add(sessionLife)}
	if err := m.rows.sessions.Insert(ctx, row); err != nil {
		return Grant{}, err
	}
	return Grant{ID: account, Token: token, ExpiresAt: At(row.Expires)}, nil
}

// maxAgent is how many bytes of what a browser says of itself are kept.
const maxAgent = 200

func agentName(agent string) string {
	return strings.ToValidUTF8(agent[:min(len(agent), maxAgent)], "")
}

// SignIn opens a session for who knows the password. An unknown e-mail takes as long as a wrong password. An account with
// a second factor is refused as second_step_required.
func (m *Market) SignIn(ctx context.Context, in SignInInput) (Grant, error) {
	account, err := m.firstStep(ctx, in)
	if err != nil {
		return Grant{}, err
	}
	factor, err := m.factorOf(ctx, account.ID)
	if err != nil {
		return Grant{}, err
	}
	if factor.On {
		return Grant{}, fault.New(fault.CodeSecondStep, nil)
	}
	return m.newSession(ctx, account.ID, in.Agent)
}

// firstStep holds a password against its account.
func (m *Market) firstStep(ctx context.Context, in SignInInput) (AccountRow, error) {
	email, err := identity.ParseEmail(in.Email)
	if err != nil {
		return AccountRow{}, err
	}
	if err := m.limited(ctx, "sign-in:"+email.Key, 10, 10*time.Minute); err != nil {
		return AccountRow{}, err
	}
	account, err := m.accountByEmail(ctx, email.Key)
	if err != nil {
		return AccountRow{}, err
	}
	ok, rehash, err := m.cfg.Hasher.Verify(ctx, account.Password, in.Password)
	switch {
	case err != nil:
		return AccountRow{}, err
	case !ok:
		return AccountRow{}, fault.New(fault.CodeWrongCredentials, nil)
	}
	if rehash {
		m.rehash(ctx, account, in.Password)
	}
	return account, nil
}

func (m *Market) newSession(ctx context.Context, account, agent string) (grant Grant, err error) {
	err = m.tx(ctx, func(ctx context.Context) error {
		grant, err = m.grant(ctx, account, agent, m.Now())
		return err
	})
	return grant, err
}

// accountByEmail finds an account; the zero row where there is none.
func (m *Market) accountByEmail(ctx context.Context, key string) (AccountRow, error) {
	page, err := m.rows.accounts.Find(ctx, store.Query{Index: "email", Eq: []any{key}, Limit: 1})
	if err != nil || len(page.Docs) == 0 {
		return AccountRow{}, err
	}
	return page.Docs[0], nil
}

// rehash stores a password under today's cost; when it fails the next sign-in tries again.
func (m *Market) rehash(ctx context.Context, a AccountRow, password string) {
	hash, err := m.cfg.Hasher.Hash(ctx, password)
	if err == nil {
		_, err = m.changeAccount(ctx, a.ID, func(a *AccountRow) error { a.Password = hash; return nil })
	}
	if err != nil {
		m.cfg.Logger.WarnContext(ctx, "rehashing a password", "account", a.ID, "err", err)
	}
}

// changeAccount reads an account, changes it and stores it, in one transaction.
func (m *Market) changeAccount(ctx context.Context, id string, change func(*AccountRow) error) (a AccountRow, err error) {
	return m.changeAccountAnd(ctx, id, func(_ context.Context, a *AccountRow) error { return change(a) })
}

// changeAccountAnd is changeAccount for a change that writes more, in the same transaction.
func (m *Market) changeAccountAnd(ctx context.Context, id string, change func(context.Context, *AccountRow) error) (a AccountRow, err error) {
	err = m.tx(ctx, func(ctx context.Context) error {
		if a, err = m.rows.accounts.Get(ctx, id); err != nil {
			return err
		}
		if err := change(ctx, &a); err != nil {
			return err
		}
		a.Version++
		return m.rows.accounts.Replace(ctx, store.Changed[AccountRow]{ID: id, Version: a.Version - 1, Doc: a})
	})
	m.names.drop(id)
	return a, err
}

// Me is the actor's own profile.
func (m *Market) Me(ctx context.Context, a Actor) (MeView, error) {
	if err := need(a, ScopeRead); err != nil {
		return MeView{}, err
	}
	row, err := m.rows.accounts.Get(ctx, a.Account)
	if err != nil {
		return MeView{}, err
	}
	return m.meView(ctx, row)
}

func (m *Market) meView(ctx context.Context, row AccountRow) (MeView, error) {
	scores, err := m.scores(ctx, []string{row.ID})
	addresses := row.Addresses
	if addresses == nil {
		addresses = []Address{}
	}
	return MeView{ID: row.ID, Email: row.Email, EmailConfirmed: row.ConfirmedAt != nil, NewEmail: row.NewEmail, Name: row.Name, Locale: row.Locale, Role: row.Role, Since: At(row.At),
		Addresses: addresses, Notify: row.Notify, Reputation: scores[row.ID]}, err
}

// maxAddresses bounds a person's address book.
const maxAddresses = 10

// UpdateMe changes the actor's profile. A new password needs the old one, and ends every other session.
func (m *Market) UpdateMe(ctx context.Context, a Actor, in MePatch) (MeView, error) {
	if err := m.begins(ctx, a); err != nil {
		return MeView{}, err
	}
	if err := checkPatch(in); err != nil {
		return MeView{}, err
	}
	if err := a.permit(ScopeTrade); err != nil {
		return MeView{}, err
	}
	hash, err := m.newPassword(ctx, a, in)
	if err != nil {
		return MeView{}, err
	}
	row, err := m.changeAccountAnd(ctx, a.Account, func(ctx context.Context, row *AccountRow) error {
		in.apply(row, hash)
		if hash == "" {
			return nil
		}
		return m.wayMail(ctx, a, "password_changed", "")
	})
	if err != nil {
		return MeView{}, err
	}
	if hash != "" {
		if err := m.endSessions(ctx, a.Account, a.Session); err != nil {
			return MeView{}, err
		}
	}
	return m.meView(ctx, row)
}

func checkPatch(in MePatch) error {
	var c fault.Collect
	if in.Name != nil {
		checkText(&c, "name", *in.Name, 1, maxName)
	}
	if in.Locale != nil && !slices.Contains(Locales(), *in.Locale) {
		c.Addf("locale", "unknown", "one of %v", Locales())
	}
	if in.Addresses != nil {
		if len(*in.Addresses) > maxAddresses {
			c.Addf("addresses", "count", "at most %d", maxAddresses)
		}
		for _, x := range *in.Addresses {
			checkText(&c, "addresses", x.Name, 1, maxName)
			checkText(&c, "addresses", x.Phone, 0, 40)
			checkText(&c, "addresses", x.Text, 1, 400)
		}
	}
	if in.Notify != nil {
		in.Notify.Choices.check(&c)
	}
	if in.Password != nil && identity.CheckPassword(*in.Password) != nil {
		c.Addf("password", "length", "between %d and %d characters", identity.MinPassword, identity.MaxPassword)
	}
	if in.Password != nil && in.OldPassword == nil {
		c.Addf("oldPassword", "required", "is required to change the password")
	}
	return c.Err()
}

// newPassword checks the old password and hashes the new one; "" where none is asked for.
func (m *Market) newPassword(ctx context.Context, a Actor, in MePatch) (string, error) {
	if in.Password == nil {
		return "", nil
	}
	if a.Via != "session" {
		return "", fault.New(fault.CodeForbidden, nil)
	}
	row, err := m.rows.accounts.Get(ctx, a.Account)
	if err != nil {
		return "", err
	}
	ok, _, err := m.cfg.Hasher.Verify(ctx, row.Password, *in.OldPassword)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", fault.Invalidf("oldPassword", "is not the present password")
	}
	return m.cfg.Hasher.Hash(ctx, *in.Password)
}

func (in MePatch) apply(row *AccountRow, passwordHash string) {
	if in.Name != nil {
		row.Name = strings.TrimSpace(*in.Name)
	}
	if in.Locale != nil {
		row.Locale = *in.Locale
	}
	if in.Addresses != nil {
		row.Addresses = *in.Addresses
	}
	if in.Notify != nil {
		row.Notify = in.Notify.over(row.Notify)
	}
	if passwordHash != "" {
		row.Password = passwordHash
	}
}
