package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
)

const (
	langCookie    = "lang"    // en or zh-TW
	noticeCookie  = "notice"  // what was just done; shown once
	receiptCookie = "receipt" // the receipt of the last entry, for its own page alone
)

// Names of the cookies that hold a ticket for some minutes.
const (
	withCookie    = "haggle-with"    // binds a sign-in with another site to this browser
	stepCookie    = "haggle-step"    // the first step was right
	welcomeCookie = "haggle-welcome" // a new person, of whom something is missing
	keyCookie     = "haggle-passkey" // a ceremony with a passkey
)

const ticketLife = 10 * 60 // seconds

// keepTicket gives the browser a ticket; ticket reads it.
func (v *visit) keepTicket(name, value string) {
	v.setCookie(fiber.Cookie{Name: v.hostCookie(name), Value: value, MaxAge: ticketLife})
}

func (v *visit) ticket(name string) string { return v.c.Cookies(v.hostCookie(name)) }

func (v *visit) dropTicket(name string) { v.clearCookie(v.c, v.hostCookie(name)) }

const year = 365 * 24 * 60 * 60 // seconds

// sessionCookie holds the session's token. With __Host- no other host of the domain can set it.
func (s *site) sessionCookie() string { return s.hostCookie("haggle") }

// guestCookie is a random value that a guest's forms are bound to before he has a session.
func (s *site) guestCookie() string { return s.hostCookie("haggle-guest") }

func (s *site) hostCookie(name string) string {
	if s.secure {
		return "__Host-" + name
	}
	return name
}

// setCookie sets a cookie that scripts cannot read and other sites do not send. Its path is / where none is given.
func (v *visit) setCookie(k fiber.Cookie) {
	if k.Path == "" {
		k.Path = "/"
	}
	k.HTTPOnly, k.Secure, k.SameSite = true, v.secure, fiber.CookieSameSiteLaxMode
	v.c.Cookie(&k)
}

func (s *site) clearCookie(c *fiber.Ctx, name string) {
	c.Cookie(&fiber.Cookie{Name: name, Path: "/", Expires: time.Unix(1, 0), HTTPOnly: true, Secure: s.secure, SameSite: fiber.CookieSameSiteLaxMode})
}

// startSession gives the browser its session and forgets what bound a guest's forms, so that their tokens die.
func (v *visit) startSession(g market.Grant) {
	v.setCookie(fiber.Cookie{Name: v.sessionCookie(), Value: g.Token, Expires: g.ExpiresAt.Std()})
	v.clearCookie(v.c, v.guestCookie())
}
