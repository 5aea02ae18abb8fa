package web

import "github.com/gofiber/fiber/v2"

// signOut ends the session.
func signOut(v *visit) error {
	if err := v.Market.SignOut(v.ctx, v.me); err != nil {
		return err
	}
	v.clearCookie(v.c, v.sessionCookie())
	return v.c.Redirect("/", fiber.StatusSeeOther)
}
