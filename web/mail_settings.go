package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/view"
)

func showMailSettings(v *visit) error {
	v.takeNotice()
	return v.mailPage("", view.Form{}, fiber.StatusOK)
}

func (v *visit) mailPage(act string, form view.Form, status int) error {
	me, err := v.Market.Me(v.ctx, v.me)
	if err != nil {
		return err
	}
	devices, err := v.Market.Devices(v.ctx, v.me)
	if err != nil {
		return err
	}
	delete(form.Values, "password")
	return v.show(status, view.MailSettings(v.page, view.MailPage{Me: me, Devices: devices, Act: act, Form: form}))
}

// mailAct does one thing on the page; a refusal draws it with the form as it was sent.
func (v *visit) mailAct(in *input, act, notice string, s shape, do func() error) error {
	err := do()
	if err == nil {
		return v.done("/settings/mail", notice)
	}
	form, status, err := in.refuse(err, s)
	if err != nil {
		return err
	}
	return v.mailPage(act, form, status)
}

// updateMailSettings says how one hears of each kind of news, and when not.
func updateMailSettings(v *visit) error {
	in := v.form()
	c := market.Choices{Kinds: map[string]market.Choice{}, Zone: in.text("zone"),
		Quiet: &market.Quiet{On: in.on("quiet"), From: in.text("from"), To: in.text("to"), Urgent: in.on("urgent")}}
	for _, kind := range market.MailKinds() {
		push := in.on("push-" + kind)
		c.Kinds[kind] = market.Choice{Mail: in.text("mail-" + kind), Push: &push}
	}
	digest := market.Digest{Every: "day"}
	if day, err := strconv.Atoi(in.text("digest")); err == nil {
		digest = market.Digest{Every: "week", Day: day}
	}
	if hour := in.count("hour"); hour != nil {
		digest.Hour = int(*hour)
	}
	c.Digest = &digest
	return v.mailAct(in, "kinds", "mail_settings", shape{fields: []string{"from", "to"}}, func() error {
		_, err := v.Market.UpdateMe(v.ctx, v.me, market.MePatch{Notify: &market.Notify{Choices: &c}})
		return err
	})
}

// resendConfirmation mails the link that confirms an address once more.
func resendConfirmation(v *visit) error {
	return v.mailAct(v.form(), "again", "confirm_sent", shape{}, func() error { return v.Market.ResendConfirmation(v.ctx, v.me) })
}

// changeEmail asks for another address.
func changeEmail(v *visit) error {
	in := v.form()
	return v.mailAct(in, "address", "email_asked", shape{fields: []string{"email", "password"}}, func() error {
		return v.Market.ChangeEmail(v.ctx, v.me, market.EmailInput{Email: in.text("email"), Password: in.raw("password")})
	})
}

// toMailSettings leads from the page of an act, loaded again, to the settings.
func toMailSettings(v *visit) error { return v.c.Redirect("/settings/mail", fiber.StatusFound) }
