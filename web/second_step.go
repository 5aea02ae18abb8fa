package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/view"
)

// showSecondStep asks for a code of the reader's telephone.
func showSecondStep(v *visit) error { return v.askCode(view.Form{}, fiber.StatusOK) }

func (v *visit) askCode(form view.Form, status int) error {
	err := v.Market.AwaitsSecondStep(v.ctx, v.ticket(stepCookie))
	if fault.Is(err, fault.CodeSignInFailed) {
		return v.c.Redirect("/sign-in", fiber.StatusSeeOther)
	}
	if err != nil {
		return err
	}
	v.bindGuest()
	delete(form.Values, "code")
	return v.unkept(v.show(status, view.SecondStep(v.page, form)))
}

// secondStep opens the session of who knows a code.
func secondStep(v *visit) error {
	in := v.form()
	got, err := market.SignedIn{}, v.slow("sign")
	if err == nil {
		got, err = v.Market.SecondStep(v.ctx, v.ticket(stepCookie), in.text("code"), v.agent())
	}
	if err != nil {
		form, status, err := in.refuse(err, shape{fields: []string{"code"}})
		if err != nil {
			return err
		}
		return v.askCode(form, status)
	}
	v.dropTicket(stepCookie)
	return v.arrive(got)
}
