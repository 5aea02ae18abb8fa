package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/view"
)

// showWatchlist lists the deals that the reader watches.
func showWatchlist(v *visit) error {
	page, err := v.Market.Watchlist(v.ctx, v.me, pageLength, v.query().text("cursor"))
	if err != nil {
		return err
	}
	m := view.WatchlistPage{Items: page.Items}
	if page.Next != "" {
		m.More = nextPage(v, page.Next)
	}
	v.takeNotice()
	return v.show(fiber.StatusOK, view.Watchlist(v.page, m))
}

// watchDeal puts a deal on the reader's list.
func watchDeal(v *visit) error {
	id := v.c.Params("id")
	if _, err := v.Market.WatchDeal(v.ctx, v.me, market.WatchInput{Deal: id}); err != nil {
		return err
	}
	return v.done("/deals/"+id, "watched")
}

// unwatchDeal takes it off.
func unwatchDeal(v *visit) error {
	id := v.c.Params("id")
	if err := v.Market.UnwatchDeal(v.ctx, v.me, id); err != nil {
		return err
	}
	return v.done("/deals/"+id, "unwatched")
}
