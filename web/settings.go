package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/locale"
	"haggle/web/view"
)

func showSettings(v *visit) error {
	m, err := v.settingsPage()
	if err != nil {
		return err
	}
	v.takeNotice()
	return v.show(fiber.StatusOK, view.Settings(v.page, m))
}

// toSettings leads from the page of an act, loaded again, to the settings.
func toSettings(v *visit) error { return v.c.Redirect("/settings", fiber.StatusFound) }

func (v *visit) settingsPage() (m view.SettingsPage, err error) {
	if m.Me, err = v.Market.Me(v.ctx, v.me); err != nil {
		return m, err
	}
	if m.Sessions, err = v.Market.Sessions(v.ctx, v.me); err != nil {
		return m, err
	}
	if m.Blocked, err = v.Market.Blocked(v.ctx, v.me); err != nil {
		return m, err
	}
	if m.Ways, err = v.Market.Ways(v.ctx, v.me); err != nil {
		return m, err
	}
	m.Tokens, err = v.Market.Tokens(v.ctx, v.me)
	return m, err
}

// change does one thing to the account; a refusal draws the settings with the form as it was sent.
func (v *visit) change(in *input, name string, s shape, do func() error) error {
	err := do()
	if err == nil {
		return v.done("/settings", name)
	}
	form, status, err := in.refuse(err, s)
	if err != nil {
		return err
	}
	return v.settingsAgain(name, form, nil, status)
}

func (v *visit) settingsAgain(name string, form view.Form, made *market.TokenView, status int) error {
	m, err := v.settingsPage()
	if err != nil {
		return err
	}
	m.Act, m.Form, m.Made = name, form, made
	return v.show(status, view.Settings(v.page, m))
}

// updateProfile changes name, language and address.
func updateProfile(v *visit) error {
	in := v.form()
	name, lang := in.text("name"), in.text("locale")
	patch := market.MePatch{Name: &name, Locale: &lang}
	addresses := []market.Address{}
	if text := in.text("address"); text != "" {
		addresses = append(addresses, market.Address{Name: name, Text: text})
	}
	patch.Addresses = &addresses
	return v.change(in, "profile", shape{fields: []string{"name", "locale", "address"}}, func() error {
		if _, err := v.Market.UpdateMe(v.ctx, v.me, patch); err != nil {
			return err
		}
		if l, ok := locale.Parse(lang); ok {
			v.setCookie(fiber.Cookie{Name: langCookie, Value: string(l), MaxAge: year})
		}
		return nil
	})
}

func changePassword(v *visit) error {
	in := v.form()
	old, fresh := in.raw("oldPassword"), in.raw("password")
	if in.raw("first") != "" { // the form of an account that has none
		return v.change(in, "password", shape{fields: []string{"password"}}, func() error { return v.Market.SetPassword(v.ctx, v.me, fresh) })
	}
	return v.change(in, "password", shape{fields: []string{"oldPassword", "password"}}, func() error {
		_, err := v.Market.UpdateMe(v.ctx, v.me, market.MePatch{OldPassword: &old, Password: &fresh})
		return err
	})
}

func revokeSession(v *visit) error {
	return v.change(v.form(), "session", shape{}, func() error { return v.Market.RevokeSession(v.ctx, v.me, v.c.Params("id")) })
}

func revokeToken(v *visit) error {
	return v.change(v.form(), "token_revoked", shape{}, func() error { return v.Market.RevokeToken(v.ctx, v.me, v.c.Params("id")) })
}

// createToken makes a personal access token and shows it, this once.
func createToken(v *visit) error {
	in := v.form()
	made, err := v.Market.CreateToken(v.ctx, v.me, market.TokenInput{Name: in.text("name"), Scopes: in.list("scopes")})
	if err != nil {
		form, status, err := in.refuse(err, shape{fields: []string{"name", "scopes"}})
		if err != nil {
			return err
		}
		return v.settingsAgain("token", form, nil, status)
	}
	return v.settingsAgain("", view.Form{}, &made, fiber.StatusOK)
}
