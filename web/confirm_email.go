package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/view"
)

// showConfirm asks for one press: a link that confirmed by itself would confirm for whoever scans mails.
func showConfirm(v *visit) error {
	token := v.query().text("token")
	address, err := v.Market.ConfirmLink(v.ctx, token)
	if isSpent(err) {
		return v.linkSpent("/settings/mail", v.page.T("link.spent.confirm"))
	}
	if err != nil {
		return err
	}
	v.bindGuest()
	return v.show(fiber.StatusOK, view.ConfirmEmail(v.page, view.LinkPage{Token: token, Address: address}))
}

// confirmEmail confirms the address that the link was mailed to, for whoever has the link.
func confirmEmail(v *visit) error {
	err := v.Market.ConfirmEmail(v.ctx, market.MailedToken{Token: v.form().text("token")})
	if isSpent(err) {
		return v.linkSpent("/settings/mail", v.page.T("link.spent.confirm"))
	}
	if err != nil {
		return err
	}
	return v.done("/", "email_confirmed")
}

// isSpent says that a link was used, is too old, or was replaced.
func isSpent(err error) bool {
	if !fault.Is(err, fault.CodeInvalid) {
		return false
	}
	for _, f := range fault.From(err).Fields {
		if f.Name == "token" {
			return true
		}
	}
	return false
}

func (v *visit) linkSpent(again, label string) error {
	return v.show(fiber.StatusGone, view.LinkSpent(v.page, again, label))
}
