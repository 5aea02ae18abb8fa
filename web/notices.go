package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/letter"
	"haggle/web/view"
)

// noticeText is what a notice says, and the page that it leads to.
func (v *visit) noticeText(n market.NoticeView) (text, href string) {
	return letter.Line(v.page.Printer, v.name, n.What, n.Facts), letter.Target(n.What, n.Facts)
}

// listNotices lists what the reader was told, the newest first.
func listNotices(v *visit) error {
	page, err := v.Market.Notices(v.ctx, v.me, 0, v.query().text("cursor"))
	if err != nil {
		return err
	}
	m := view.NoticesPage{Unread: page.Unread}
	for _, n := range page.Items {
		text, _ := v.noticeText(n)
		m.Items = append(m.Items, view.NoticeItem{ID: n.ID, Text: text, What: n.What, At: n.At.Std(), Unread: n.Unread})
	}
	if page.Next != "" {
		m.More = nextPage(v, page.Next)
	}
	v.page.Unread = page.Unread
	v.takeNotice()
	return v.show(fiber.StatusOK, view.Notices(v.page, m))
}

// followNotice leads to what a notice is about. Whoever goes there has read it.
func followNotice(v *visit) error {
	n, err := v.Market.Notice(v.ctx, v.me, v.c.Params("id"))
	if err != nil {
		return err
	}
	if n.Unread {
		if _, err := v.Market.ReadNotices(v.ctx, v.me, market.ReadNoticesInput{IDs: []string{n.ID}}); err != nil {
			return err
		}
	}
	_, href := v.noticeText(n)
	return v.c.Redirect(href, fiber.StatusSeeOther)
}

// readNotices marks all notices as read.
func readNotices(v *visit) error {
	if _, err := v.Market.ReadNotices(v.ctx, v.me, market.ReadNoticesInput{All: true}); err != nil {
		return err
	}
	return v.done("/notifications", "notices_read")
}

// toNotices leads from the page of an act, loaded again, to the list.
func toNotices(v *visit) error { return v.c.Redirect("/notifications", fiber.StatusFound) }
