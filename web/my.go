package web

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"haggle/web/view"
)

// my lists one's own deals, one tab at a time.
func my(v *visit) error {
	in := v.query()
	m := view.MyPage{Tab: in.text("tab")}
	if !slices.Contains(view.MyTabs(), m.Tab) {
		m.Tab = view.MyTabs()[0]
	}
	page, err := v.Market.Mine(v.ctx, v.me, m.Tab, in.text("cursor"))
	if err != nil {
		return err
	}
	m.Items = page.Items
	if page.Next != "" {
		m.More = nextPage(v, page.Next)
	}
	v.takeNotice()
	return v.show(fiber.StatusOK, view.My(v.page, m))
}
