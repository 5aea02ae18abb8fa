package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/view"
)

// passkeySignInChallenge answers a script: what the browser shall sign.
func passkeySignInChallenge(v *visit) error {
	c, err := market.Ceremony{}, v.slow("passkey")
	if err == nil {
		c, err = v.Market.BeginPasskeySignIn(v.ctx)
	}
	return v.challenge(c, err)
}

// challenge gives a script its options, or the words of the refusal.
func (v *visit) challenge(c market.Ceremony, err error) error {
	v.c.Set(fiber.HeaderCacheControl, "no-store")
	if err != nil {
		f := refusalOf(err)
		return v.c.Status(f.Code.Status()).JSON(map[string]string{"says": wording(v.page.Printer, f)})
	}
	v.keepTicket(keyCookie, c.Ticket)
	v.c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	return v.c.Send(c.Options)
}

// passkeySignIn opens the session of a passkey's owner.
func passkeySignIn(v *visit) error {
	in := v.form()
	grant, err := market.Grant{}, v.slow("sign")
	if err == nil {
		grant, err = v.Market.PasskeySignIn(v.ctx, v.ticket(keyCookie), []byte(in.raw("credential")), v.agent())
	}
	v.dropTicket(keyCookie)
	if err != nil {
		form, status, err := in.refuse(err, shape{})
		if err != nil {
			return err
		}
		return v.showSign(view.SignIn, in, form, status)
	}
	return v.arrive(market.SignedIn{Grant: grant, Next: local(in.text("next"), "")})
}
