package web

import (
	"maps"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/view"
)

// A form that is sent when its session is over is kept for whoever filled it in: see Market.KeepForm. The browser gets a
// ticket in a cookie. Once the same account is signed in, keptPath shows the form as it was sent, to be looked at and sent
// again; nothing is ever sent by itself.
//
// Whose form it is says the token of the page that it stands on, which names the account it was drawn for (see formToken):
// the session is gone, and who is signed in now may be somebody else. A guest's form belongs to his browser: the first
// account that signs in there gets it, because whoever typed it is the one who was just asked to sign in. Where the token
// says neither, the form is not kept: it could only be given to the wrong person.
const (
	keptPath   = "/kept"
	keptCookie = "haggle-kept"
	keptLife   = 24 * 60 * 60 // seconds
)

// secretFields are what is never kept: passwords, cards, codes and tokens; and what means nothing later.
var secretFields = []string{"csrf", "key", "step", "password", "oldPassword", "confirm", "code", "card", "token", "credential", "endpoint", "p256dh", "auth"}

// Secret says whether a field of a form must not be kept anywhere.
func isSecret(name string) bool { return slices.Contains(secretFields, name) }

// keptable makes an act one whose form is kept when it comes too late.
func keptable(h handler) handler {
	return func(v *visit) error {
		v.keeps = true
		err := h(v)
		if err == nil {
			v.dropSent()
		}
		return err
	}
}

// keepForm keeps what was sent, and says for whom: an account, or "" for a guest. false: there is nothing to keep, or
// nobody to keep it for.
func (v *visit) keepForm() (account string, ok bool) {
	if !v.keeps || v.recalled != nil || v.c.Method() != fiber.MethodPost || !v.sameOrigin() || v.byScript() {
		return "", false
	}
	token := v.c.FormValue("csrf")
	account, ok = v.drawnFor(token)
	if !ok && !(v.me.Guest() && v.validToken(token, v.binding())) {
		return "", false
	}
	f := market.KeptForm{Path: v.c.Path(), Values: typed(v.form().values)}
	if len(f.Values) == 0 {
		return "", false
	}
	ticket, err := v.Market.KeepForm(v.ctx, account, v.c.IP(), f)
	if err != nil {
		v.Logger.InfoContext(v.ctx, "a form was not kept", "err", err)
		return "", false
	}
	v.setCookie(fiber.Cookie{Name: v.hostCookie(keptCookie), Value: ticket, MaxAge: keptLife})
	return account, true
}

// byScript says that no page is waited for: a script asked, which has what was typed.
func (v *visit) byScript() bool {
	dest := v.c.Get("Sec-Fetch-Dest")
	return dest != "" && dest != "document"
}

// typed is what of a form may be kept; nil where nothing of it was typed.
func typed(values map[string][]string) map[string][]string {
	kept := maps.Clone(values)
	maps.DeleteFunc(kept, func(name string, list []string) bool {
		return isSecret(name) || strings.Join(list, "") == ""
	})
	if len(kept) == 0 || len(kept) == 1 && kept["next"] != nil {
		return nil
	}
	return kept
}

// recall is a kept form on its way back to its page.
type recall struct {
	values map[string][]string
}

type recallKey struct{}

func recallOf(c *fiber.Ctx) *recall {
	r, _ := c.Locals(recallKey{}).(*recall)
	return r
}

// showKept draws the page that a kept form belongs to, as if the form had just been refused there: everything typed is in its
// place. The act itself runs against a market in which nothing can be done.
func showKept(v *visit) error {
	f, err := v.Market.KeptForm(v.ctx, v.me, v.ticket(keptCookie))
	if err != nil {
		return v.c.Redirect("/", fiber.StatusSeeOther) // another's, over, or sent already
	}
	was := v.c.Method()
	v.c.Locals(recallKey{}, &recall{f.Values})
	v.c.Path(f.Path)
	v.c.Method(fiber.MethodPost)
	defer v.c.Method(was)
	return v.c.RestartRouting()
}

// begin makes a visit one that only looks at a kept form.
func (r *recall) begin(v *visit) {
	if r == nil {
		return
	}
	looking := *v.site
	looking.Market = paused{v.Market}
	v.recalled, v.site = r, &looking
	v.page.Notice = view.KeptBack
}

// dropKept throws a kept form away, for whom it was kept.
func dropKept(v *visit) error {
	if err := v.Market.DropForm(v.ctx, v.me, v.ticket(keptCookie)); err != nil {
		return err
	}
	v.dropTicket(keptCookie)
	return v.done("/", "kept_dropped")
}

// dropSent forgets a kept form once it has been sent again.
func (v *visit) dropSent() {
	ticket := v.ticket(keptCookie)
	if ticket == "" || v.recalled != nil || v.me.Guest() || v.c.Method() != fiber.MethodPost {
		return
	}
	f, err := v.Market.KeptForm(v.ctx, v.me, ticket)
	if err != nil || f.Path != v.c.Path() {
		return
	}
	if err := v.Market.DropForm(v.ctx, v.me, ticket); err != nil {
		v.Logger.InfoContext(v.ctx, "a kept form stays until its day is over", "err", err)
		return
	}
	v.dropTicket(keptCookie)
}

// landing is where somebody goes who has just signed in: to what he was filling in, where that waits for him.
func (v *visit) landing(account, next string) string {
	if ticket := v.ticket(keptCookie); ticket != "" && next == "/" {
		if _, err := v.Market.KeptForm(v.ctx, market.Actor{Account: account}, ticket); err == nil {
			return keptPath
		}
	}
	return next
}
