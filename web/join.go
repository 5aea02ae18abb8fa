package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/view"
)

// showWelcome asks a new person for what another site did not tell.
func showWelcome(v *visit) error { return v.welcome(view.Form{}, fiber.StatusOK) }

func (v *visit) welcome(form view.Form, status int) error {
	known, err := v.Market.Welcome(v.ctx, v.ticket(welcomeCookie))
	if fault.Is(err, fault.CodeSignInFailed) {
		return v.c.Redirect("/sign-in", fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	v.bindGuest()
	return v.unkept(v.show(status, view.Welcome(v.page, view.WelcomePage{Known: known, Form: form})))
}

// join opens the account of a new person who came from another site.
func join(v *visit) error {
	in := v.form()
	got, err := market.SignedIn{}, v.slow("sign")
	if err == nil {
		got, err = v.Market.Join(v.ctx, v.ticket(welcomeCookie), market.JoinInput{Name: in.text("name"), Email: in.text("email"), Locale: string(v.page.Lang), Agent: v.agent()})
	}
	if err != nil {
		form, status, err := in.refuse(err, shape{fields: []string{"name", "email"}})
		if err != nil {
			return err
		}
		return v.welcome(form, status)
	}
	v.dropTicket(welcomeCookie)
	return v.arrive(got)
}
