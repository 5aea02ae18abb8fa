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
	if m.Tab == "next" {
		return v.showNext(m)
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

// showNext is the first tab: what waits for the reader, among what is offered to him and his newest orders, bids
// and requests.
func (v *visit) showNext(m view.MyPage) error {
	orders, err := v.Market.Orders(v.ctx, v.me, "", nextLength, "")
	if err != nil {
		return err
	}
	bids, err := v.Market.Mine(v.ctx, v.me, "bids", "")
	if err != nil {
		return err
	}
	requests, err := v.Market.Mine(v.ctx, v.me, "requests", "")
	if err != nil {
		return err
	}
	chances, err := v.Market.SecondChances(v.ctx, v.me)
	if err != nil {
		return err
	}
	drafts, err := v.Market.Drafts(v.ctx, v.me)
	if err != nil {
		return err
	}
	m.Drafts = len(drafts)
	m.Next = view.Next(orders.Items, bids.Items, requests.Items)
	m.Next.Chances = chances
	v.takeNotice()
	return v.show(fiber.StatusOK, view.My(v.page, m))
}

// nextLength is among how many of the newest orders those are looked for that wait for the reader.
const nextLength = 100
