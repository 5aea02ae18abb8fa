package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/deal"
	"haggle/web/view"
)

// historyLength is how many lines of the log a deal's page says in words.
const historyLength = 100

func showDeal(v *visit) error {
	m, err := v.dealPage(v.c.Params("id"))
	if err != nil {
		return err
	}
	v.takeNotice()
	v.found(m.Deal.URL)
	v.page.Head = view.DealHead(v.page, m.Deal, v.origin)
	return v.show(fiber.StatusOK, view.Deal(v.page, m))
}

// showLive is the part of a deal's page that moves, as this reader sees it now.
func showLive(v *visit) error {
	m, err := v.movingPart(v.c.Params("id"))
	if err != nil {
		return err
	}
	v.page.Path = m.Deal.URL
	return v.show(fiber.StatusOK, view.DealLive(v.page, m))
}

// toDeal leads from another address of a deal to its page.
func toDeal(v *visit) error {
	return v.c.Redirect("/deals/"+v.c.Params("id"), fiber.StatusFound)
}

// movingPart is what the part of a deal's page shows that moves.
func (v *visit) movingPart(id string) (m view.DealPage, err error) {
	if m.Deal, err = v.Market.Deal(v.ctx, v.me, id); err != nil {
		return m, err
	}
	if m.History, err = v.Market.History(v.ctx, id, historyLength); err != nil {
		return m, err
	}
	m.Terms = view.TermsOf(m.Deal)
	return m, nil
}

func (v *visit) dealPage(id string) (m view.DealPage, err error) {
	if m, err = v.movingPart(id); err != nil {
		return m, err
	}
	if m.Watched, err = v.Market.Watches(v.ctx, v.me, id); err != nil {
		return m, err
	}
	if !v.me.Guest() && m.Deal.Status == deal.Open {
		free, err := v.Market.Free(v.ctx, v.me)
		if err != nil {
			return m, err
		}
		m.Free = &free
	}
	if m.Deal.Me != nil && len(m.Deal.Me.Orders) > 0 {
		o, err := v.Market.Order(v.ctx, v.me, m.Deal.Me.Orders[0])
		if err != nil {
			return m, err
		}
		m.Order = &o
	}
	m.Origin, m.LogKey = v.URL, v.Market.Site().LogKey
	return m, nil
}
