package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/web/view"
)

// showTwoFactor shows how to turn the second factor on, or what can be done with it.
func showTwoFactor(v *visit) error {
	v.takeNotice()
	return v.twoFactor(view.TwoFactorPage{}, fiber.StatusOK)
}

func (v *visit) twoFactor(m view.TwoFactorPage, status int) (err error) {
	if m.Enrol, err = v.Market.Enrolment(v.ctx, v.me); err != nil {
		return err
	}
	if m.Ways, err = v.Market.Ways(v.ctx, v.me); err != nil {
		return err
	}
	delete(m.Form.Values, "code")
	delete(m.Form.Values, "confirm")
	return v.unkept(v.show(status, view.TwoFactor(v.page, m)))
}

// twoFactorPicture is the secret of the enrolment as a camera reads it.
func twoFactorPicture(v *visit) error {
	png, err := v.Market.EnrolmentPicture(v.ctx, v.me)
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderContentType, "image/png")
	v.c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return v.unkept(v.c.Send(png))
}

func beginTwoFactor(v *visit) error {
	in := v.form()
	err := v.Market.BeginTwoFactor(v.ctx, v.me, in.raw("confirm"))
	if err != nil {
		return v.twoFactorAgain(in, "begin", nil, err)
	}
	return v.c.Redirect("/settings/two-factor", fiber.StatusSeeOther)
}

// turnOnTwoFactor takes the first code and shows the recovery codes, this once.
func turnOnTwoFactor(v *visit) error {
	in := v.form()
	codes, err := v.Market.TurnOnTwoFactor(v.ctx, v.me, in.text("code"))
	return v.twoFactorAgain(in, "on", codes, err)
}

func newRecoveryCodes(v *visit) error {
	in := v.form()
	codes, err := v.Market.NewRecoveryCodes(v.ctx, v.me, in.text("code"))
	return v.twoFactorAgain(in, "codes", codes, err)
}

// twoFactorAgain draws the page with the recovery codes that were made, or with the form as it was sent.
func (v *visit) twoFactorAgain(in *input, act string, codes []string, err error) error {
	if err == nil {
		return v.twoFactor(view.TwoFactorPage{Codes: codes}, fiber.StatusOK)
	}
	form, status, err := in.refuse(err, shape{fields: []string{"code", "confirm"}})
	if err != nil {
		return err
	}
	return v.twoFactor(view.TwoFactorPage{Act: act, Form: form}, status)
}

func turnOffTwoFactor(v *visit) error {
	in := v.form()
	if err := v.Market.TurnOffTwoFactor(v.ctx, v.me, in.raw("confirm"), in.text("code")); err != nil {
		return v.twoFactorAgain(in, "off", nil, err)
	}
	return v.done("/settings", "two_factor_off")
}
