package web

import "github.com/gofiber/fiber/v2"

// toPerson leads from the page of an act, loaded again, to the person.
func toPerson(v *visit) error { return v.c.Redirect("/people/"+v.c.Params("id"), fiber.StatusFound) }

// blockPerson keeps somebody out of the reader's deals.
func blockPerson(v *visit) error {
	if err := v.Market.BlockPerson(v.ctx, v.me, v.c.Params("id")); err != nil {
		return err
	}
	return v.done("/people/"+v.c.Params("id"), "blocked")
}

// unblockPerson lets somebody in again; from the settings it leads back there.
func unblockPerson(v *visit) error {
	if err := v.Market.UnblockPerson(v.ctx, v.me, v.c.Params("id")); err != nil {
		return err
	}
	to := "/people/" + v.c.Params("id")
	if v.form().text("from") == "settings" {
		to = "/settings"
	}
	return v.done(to, "unblocked")
}
