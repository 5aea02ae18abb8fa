package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/view"
)

// How often one network address may ask for links, and try to set passwords by them.
const (
	forgotsPerHour = 20
	resetsPerHour  = 60
)

func showForgot(v *visit) error {
	v.bindGuest()
	return v.show(fiber.StatusOK, view.Forgot(v.page, view.Form{}))
}

// forgot mails a link that sets a new password. Its answer does not say whether there is such an account.
func forgot(v *visit) error {
	in := v.form()
	err := allow(v.ctx, v.Limiter, "forgot:"+v.c.IP(), forgotsPerHour, time.Hour)
	if err == nil {
		err = v.Market.ForgotPassword(v.ctx, market.ForgottenInput{Email: in.text("email")})
	}
	if err != nil {
		form, status, err := in.refuse(err, shape{fields: []string{"email"}})
		if err != nil {
			return err
		}
		v.bindGuest()
		return v.show(status, view.Forgot(v.page, form))
	}
	return v.show(fiber.StatusOK, view.ForgotSent(v.page, in.text("email")))
}

func showReset(v *visit) error {
	return v.resetPage(v.query().text("token"), view.Form{}, fiber.StatusOK)
}

func (v *visit) resetPage(token string, form view.Form, status int) error {
	address, err := v.Market.ResetLink(v.ctx, token)
	if isSpent(err) {
		return v.linkSpent("/forgot", v.page.T("link.spent.reset"))
	}
	if err != nil {
		return err
	}
	v.bindGuest()
	delete(form.Values, "password")
	return v.show(status, view.Reset(v.page, view.LinkPage{Token: token, Address: address, Form: form}))
}

// resetPassword sets a password by a link, once. Nobody is signed in by it: the way in is the sign-in, with all its steps.
func resetPassword(v *visit) error {
	in := v.form()
	err := allow(v.ctx, v.Limiter, "reset:"+v.c.IP(), resetsPerHour, time.Hour)
	if err == nil {
		err = v.Market.ResetPassword(v.ctx, market.NewPasswordInput{Token: in.text("token"), Password: in.raw("password"), Agent: v.agent()})
	}
	if err == nil {
		return v.done("/sign-in", "password_reset")
	}
	form, status, err := in.refuse(err, shape{fields: []string{"password", "token"}})
	if err != nil {
		return err
	}
	return v.resetPage(in.text("token"), form, status)
}
