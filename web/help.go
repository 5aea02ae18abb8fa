package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/web/view"
)

// help is the short page of rules.
func help(v *visit) error {
	site := v.Market.Site()
	v.takeNotice()
	v.page.Canonical = v.origin + "/help"
	return v.show(fiber.StatusOK, view.Help(v.page, view.HelpPage{Fee: site.FeeBasisPoints, LogKey: site.LogKey, Origin: v.URL}))
}
