package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/view"
)

// laneLength is how many deals a lane shows.
const laneLength = 8

func home(v *visit) error {
	ending, err := v.Market.List(v.ctx, v.me, market.SearchInput{Sort: "ending", Limit: laneLength})
	if err != nil {
		return err
	}
	m := view.HomePage{Ending: ending, Open: ending.Total}
	for _, kind := range view.Kinds() {
		found, err := v.Market.List(v.ctx, v.me, market.SearchInput{Kind: string(kind), Sort: "newest", Limit: laneLength})
		if err != nil {
			return err
		}
		m.Lanes = append(m.Lanes, view.Lane{Kind: kind, Found: found})
	}
	v.takeNotice()
	v.page.Canonical = v.origin + "/"
	return v.show(fiber.StatusOK, view.Home(v.page, m))
}
