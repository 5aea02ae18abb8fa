package web

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/locale"
	"haggle/web/view"
)

// ErrorHandler draws the error page for whatever no handler answered: unknown paths, wrong methods, bodies over the
// limit, panics. It is for paths outside the API.
func ErrorHandler(deps Deps) fiber.ErrorHandler {
	s := newSite(deps)
	s.fragments = nil // nothing of an error page is worth keeping
	return func(c *fiber.Ctx, err error) error {
		v, readErr := s.visit(c)
		if readErr != nil {
			s.Logger.WarnContext(v.ctx, "reading the session for an error page", "err", readErr)
		}
		return s.fail(v, err)
	}
}

// fail answers a visit that came to nothing.
func (s *site) fail(v *visit, err error) error {
	if errors.Is(err, errPaused) { // a form that is gone from its page
		return v.c.Redirect(v.page.Path, fiber.StatusSeeOther)
	}
	f := refusalOf(err)
	if f.Code == fault.CodeUnauthenticated {
		return v.toSignIn()
	}
	m := view.ErrorPage{Status: f.Code.Status()}
	if f.Class() == fault.Internal {
		m.ID = shortID()
		s.Logger.ErrorContext(v.ctx, "page", "id", m.ID, "method", v.c.Method(), "path", v.c.Path(), "err", err)
	}
	if f.Code == fault.CodeUnavailable && s.down != nil {
		s.down(v.ctx, f)
	}
	p := v.page
	m.Title = p.Or("error.title."+strconv.Itoa(m.Status), "error.title")
	m.Message = wording(p.Printer, f)
	if after, ok := f.Params["retryAfter"].(int64); ok {
		v.c.Set(fiber.HeaderRetryAfter, strconv.FormatInt(after, 10))
	}
	return v.show(m.Status, view.Error(p, m))
}

// refusalOf reads any error as a refusal; what the web server itself refused is one too.
func refusalOf(err error) *fault.Error {
	var f *fiber.Error
	if !errors.As(err, &f) {
		return fault.From(market.Outage(err))
	}
	switch f.Code {
	case fiber.StatusNotFound:
		return fault.New(fault.CodeNotFound, nil)
	case fiber.StatusMethodNotAllowed:
		return fault.New(fault.CodeMethodNotAllowed, nil)
	case fiber.StatusRequestEntityTooLarge:
		return fault.New(fault.CodeTooLarge, nil)
	case fiber.StatusUnsupportedMediaType:
		return fault.New(fault.CodeUnsupportedMedia, nil)
	case fiber.StatusBadRequest, fiber.StatusUnprocessableEntity:
		return fault.New(fault.CodeMalformed, nil)
	}
	return fault.New(fault.CodeInternal, nil).Because(err)
}

// shortID names one failure on the page and in the log.
func shortID() string {
	b := make([]byte, 4)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// wording says a refusal in the reader's language with the numbers that would have been right; where a number did not
// come with it, the wording without numbers.
func wording(p locale.Printer, f *fault.Error) string {
	key := "error." + string(f.Code)
	if !locale.Has(p.Lang, key) {
		return p.T("error.internal")
	}
	var args []any
	for _, name := range locale.Placeholders(p.Lang, key) {
		value, ok := number(p, name, f.Params[name])
		if !ok {
			return p.T(key + ".plain")
		}
		args = append(args, name, value)
	}
	return p.T(key, args...)
}
