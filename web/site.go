package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/locale"
	"haggle/web/view"
	"haggle/web/worked"
)

// site holds what every page needs.
type site struct {
	Deps
	secure    bool
	origin    string // scheme and host of the site
	name      string
	fragments *view.Fragments
	played    func() (worked.Set, error) // the examples of the help pages
	mapped    *mapped
	pictures  *pictures
	macs      *sync.Pool // of *signer
}

// fragmentBytes is how much of rendered pages a process keeps.
const fragmentBytes = 48 << 20

func newSite(d Deps) *site {
	s := &site{Deps: d.withDefaults(), name: d.Market.Site().Name, fragments: view.NewFragments(fragmentBytes), mapped: &mapped{}, pictures: newPictures()}
	s.played = sync.OnceValues(func() (worked.Set, error) { return worked.New(s.Currency, s.Market.Site().FeeBasisPoints) })
	s.macs = &sync.Pool{New: func() any { return &signer{Hash: hmac.New(sha256.New, s.FormKey)} }}
	if u, err := url.Parse(s.URL); err == nil {
		s.origin = u.Scheme + "://" + u.Host
		s.secure = u.Scheme == "https"
	}
	return s
}

// visit is one request for a page: who asks, in which language, and the page he gets.
type visit struct {
	*site
	c    *fiber.Ctx
	ctx  context.Context
	me   market.Actor
	page *view.Page

	keeps    bool    // what was typed is kept where its session is over
	recalled *recall // the form that is shown again; nil: none
}

// handler answers one visit. An error becomes an error page.
type handler func(v *visit) error

// get is a page that anybody may see.
func (s *site) get(r fiber.Router, path string, h handler) {
	r.Get(path, s.serve(h))
}

// mine is a page about its reader: a guest is asked to sign in and comes back.
func (s *site) mine(r fiber.Router, path string, h handler) {
	r.Get(path, s.serve(signedIn(h)))
}

// post is an act of somebody who is signed in.
func (s *site) post(r fiber.Router, path string, h handler) {
	r.Post(path, s.serve(keptable(signedIn(fromHere(h)))))
}

// trial is a form that a guest may fill in; what it leads to asks for an account by itself.
func (s *site) trial(r fiber.Router, path string, h handler) {
	s.get(r, path, h)
	r.Post(path, s.serve(keptable(fromHere(h))))
}

// open is an act that a guest may do.
func (s *site) open(r fiber.Router, path string, h handler) {
	r.Post(path, s.serve(fromHere(h)))
}

func (s *site) serve(h handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		v, err := s.visit(c)
		if err == nil {
			err = v.do(h)
		}
		if err != nil {
			return s.fail(v, err)
		}
		return nil
	}
}

// do lets a handler answer, as an act of its own.
func (v *visit) do(h handler) (err error) {
	ctx, done := v.act(v.ctx, v.c.Route().Path)
	defer func() { done(err) }()
	v.ctx = ctx
	return h(v)
}

// signedIn sends a guest to sign in first. After an act he comes back to the page that the act belongs to.
func signedIn(h handler) handler {
	return func(v *visit) error {
		if v.me.Guest() {
			return v.toSignIn()
		}
		return h(v)
	}
}

func (v *visit) toSignIn() error {
	if _, ok := v.keepForm(); ok {
		return v.c.Redirect("/sign-in?next="+keptPath, fiber.StatusSeeOther)
	}
	return v.c.Redirect("/sign-in?next="+url.QueryEscape(v.page.Path), fiber.StatusSeeOther)
}

// visit reads who asks and in which language. A session that is over makes a guest.
func (s *site) visit(c *fiber.Ctx) (*visit, error) {
	v := &visit{site: s, c: c, ctx: c.UserContext()}
	var err error
	if token := c.Cookies(s.sessionCookie()); token != "" {
		v.me, err = s.Market.Authenticate(v.ctx, token)
		if fault.Is(err, fault.CodeUnauthenticated) {
			v.me, err = market.Actor{}, nil
			s.clearCookie(c, s.sessionCookie())
		}
	}
	lang := locale.Match(askedLang(c), v.me.Locale, c.Get(fiber.HeaderAcceptLanguage))
	v.page = &view.Page{
		Printer: locale.New(lang, s.Currency, s.Zone, s.now()), Site: s.name, Me: v.me, Fragments: s.fragments,
		Path: ownPath(c), Key: newKey(), Categories: s.Market.Categories(),
	}
	if !v.me.Guest() {
		v.page.CSRF = s.formToken(v.binding(), v.me.Account)
		v.page.Unread, _ = s.Market.Unread(v.ctx, v.me) // kept for some seconds; a page is drawn without it, too
	}
	recallOf(c).begin(v)
	return v, err
}

func (s *site) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

// ownPath is the local address a reader comes back to: of an act, the page that it belongs to.
func ownPath(c *fiber.Ctx) string {
	if p := c.Path(); strings.HasPrefix(p, "/sign-in/with/") || strings.HasPrefix(p, "/sign-in/passkey") {
		return "/sign-in" // never the address that another site's answer came in
	}
	if c.Method() == fiber.MethodGet {
		return local(withoutLang(c.OriginalURL()), "/")
	}
	parts := strings.SplitN(strings.Trim(c.Path(), "/"), "/", 3)
	if len(parts) == 3 && slices.Contains([]string{"deals", "orders", "people"}, parts[0]) {
		return "/" + parts[0] + "/" + parts[1]
	}
	if parts[0] == "wallet" || parts[0] == "settings" {
		return "/" + parts[0]
	}
	return local(c.Path(), "/")
}

// show answers with a page.
func (v *visit) show(status int, page templ.Component) error {
	if err := page.Render(v.ctx, v.c.Response().BodyWriter()); err != nil {
		v.c.Response().ResetBody()
		return err
	}
	if v.recalled != nil {
		status = fiber.StatusOK // nothing was refused: nothing was asked
	}
	v.headers(status)
	v.c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	v.c.Status(status)
	return nil
}

// takeNotice moves the message about what was just done from its cookie to the page.
func (v *visit) takeNotice() {
	raw := v.c.Cookies(noticeCookie)
	if raw == "" {
		return
	}
	v.clearCookie(v.c, noticeCookie)
	key, receipt, _ := strings.Cut(raw, "|")
	if key = "done." + key; locale.Has(locale.En, key) {
		v.page.Notice, v.page.Receipt = key, local(receipt, "")
	}
}

// done leads on to a page that says what was done.
func (v *visit) done(to, what string) error {
	v.setCookie(fiber.Cookie{Name: noticeCookie, Value: what, MaxAge: 60})
	return v.c.Redirect(to, fiber.StatusSeeOther)
}
