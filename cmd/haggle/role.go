package main

import (
	"context"
	"fmt"

	"haggle/internal/config"
	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/market"
)

// role gives an account a role, beside a running server.
type role struct {
	Email string `arg:"" help:"Whose."`
	Role  string `arg:"" enum:"member,moderator,admin" help:"member, moderator or admin."`
	config.Site
}

// roleGiven says who is what now.
type roleGiven struct {
	OK    bool   `json:"ok"`
	Email string `json:"email"`
	Role  string `json:"role"`
}

func (r roleGiven) String() string { return fmt.Sprintf("%s is %s now", r.Email, r.Role) }

// Run changes the account; a server notices within seconds.
func (c *role) Run(ctx context.Context, t *terminal) error {
	email, err := identity.ParseEmail(c.Email)
	if err != nil {
		return usage(fmt.Errorf("%q is no e-mail address", c.Email))
	}
	b, err := openBooks(ctx, &c.Site, c.Logger())
	if err != nil {
		return err
	}
	defer b.close()
	m := market.New(market.Config{Store: b.store, Engine: b.engine, Currency: b.currency})
	err = m.SetRole(ctx, email.Key, c.Role)
	if fault.Is(err, fault.CodeNotFound) {
		return fmt.Errorf("nobody has the address %s", c.Email)
	}
	if err != nil {
		return err
	}
	return t.say(roleGiven{OK: true, Email: email.Address, Role: c.Role})
}
