package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/view"
)

func showSignUp(v *visit) error {
	return v.showSign(view.SignUp, v.query(), view.Form{}, fiber.StatusOK)
}

// signUp opens an account, which may trade at once.
func signUp(v *visit) error {
	in := v.form()
	return v.sign(in, view.SignUp, shape{fields: []string{"name", "email", "password"}}, "sign_up", func() (market.Grant, error) {
		return v.Market.Register(v.ctx, market.RegisterInput{Email: in.text("email"), Password: in.raw("password"), Name: in.text("name"),
			Locale: string(v.page.Lang), Agent: v.agent()})
	})
}
