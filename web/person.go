package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/view"
)

// person shows somebody as others see him: what he is rated, why, and what he has open.
func person(v *visit) error {
	id := v.c.Params("id")
	var m view.PersonPage
	var err error
	if m.Person, err = v.Market.Person(v.ctx, id); err != nil {
		return err
	}
	if m.Reputation, err = v.Market.Reputation(v.ctx, v.me, id); err != nil {
		return err
	}
	if m.Blocked, err = v.Market.Blocks(v.ctx, v.me, id); err != nil {
		return err
	}
	found, err := v.Market.List(v.ctx, v.me, market.SearchInput{Owner: id, Sort: "newest", Limit: laneLength})
	if err != nil {
		return err
	}
	if !found.Stale { // without search there is no list by owner
		m.Deals = found
	}
	v.takeNotice()
	v.found("/people/" + id)
	return v.show(fiber.StatusOK, view.Person(v.page, m))
}
