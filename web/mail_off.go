package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/web/view"
)

// showMailOff asks for one press: a link that acted by itself would act for whoever scans mails.
func showMailOff(v *visit) error {
	m := v.mailOff(v.query())
	if err := v.Market.CheckMailOff(m.Who, m.Kind, m.Signature); err != nil {
		return err
	}
	return v.show(fiber.StatusOK, view.MailOff(v.page, m))
}

// mailOff turns a kind of mail off. It comes from the page, or from a mail program at one press (RFC 8058), which is
// signed in nowhere: the signature in the address is all that it needs and all that it may.
func mailOff(v *visit) error {
	m := v.mailOff(v.query())
	if m.Signature == "" {
		m = v.mailOff(v.form())
	}
	if err := v.Market.MailOff(v.ctx, m.Who, m.Kind, m.Signature); err != nil {
		return err
	}
	m.Done = true
	return v.show(fiber.StatusOK, view.MailOff(v.page, m))
}

func (v *visit) mailOff(in *input) view.MailOffPage {
	return view.MailOffPage{Who: in.text("who"), Kind: in.text("kind"), Signature: in.text("sig")}
}
