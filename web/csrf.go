package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
)

// nonceSize is how many random bytes stand before a token's signature, so that no two tokens are alike.
const nonceSize = 12

// binding is what the forms of this visit are bound to: the session, or a guest's random cookie.
func (v *visit) binding() string {
	if !v.me.Guest() {
		return "session " + v.me.Session
	}
	if guest := v.c.Cookies(v.guestCookie()); guest != "" {
		return "guest " + guest
	}
	return ""
}

// bindGuest gives a guest the cookie that his forms are bound to, and their token.
func (v *visit) bindGuest() {
	if v.binding() == "" {
		value := newKey()
		v.setCookie(fiber.Cookie{Name: v.guestCookie(), Value: value})
		v.page.CSRF = v.formToken("guest "+value, "")
		return
	}
	v.page.CSRF = v.formToken(v.binding(), v.me.Account)
}

// formToken signs a binding: base64url of nonce and HMAC-SHA-256. Of somebody's page it says for whom it was drawn, signed
// alike: base64url of nonce and both HMACs, a dot, and the account.
func (s *site) formToken(binding, account string) string {
	token := make([]byte, nonceSize, nonceSize+2*sha256.Size)
	rand.Read(token)
	nonce := token[:nonceSize]
	token = s.sign(token, nonce, binding)
	if account == "" {
		return base64.RawURLEncoding.EncodeToString(token)
	}
	token = s.sign(token, nonce, drawnFor+account)
	text := make([]byte, 0, base64.RawURLEncoding.EncodedLen(len(token))+1+len(account))
	return string(append(append(base64.RawURLEncoding.AppendEncode(text, token), '.'), account...))
}

// drawnFor begins what is signed of an account; no binding begins so.
const drawnFor = "drawn for "

// drawnFor is the account for whom the page of a token was drawn, whatever became of its session.
func (s *site) drawnFor(token string) (account string, ok bool) {
	packed, account, named := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(packed)
	if err != nil || !named || account == "" || len(raw) != nonceSize+2*sha256.Size {
		return "", false
	}
	return account, hmac.Equal(raw[nonceSize+sha256.Size:], s.sign(nil, raw[:nonceSize], drawnFor+account))
}

// signer is HMAC-SHA-256 under FormKey, with room for what it signs.
type signer struct {
	hash.Hash
	text []byte
}

// sign appends the signature of a nonce and what it is bound to.
func (s *site) sign(to, nonce []byte, binding string) []byte {
	m := s.macs.Get().(*signer)
	defer s.macs.Put(m)
	m.text = append(append(append(m.text[:0], "haggle form 1\n"...), nonce...), binding...)
	m.Reset()
	m.Write(m.text)
	return m.Sum(to)
}

func (s *site) validToken(token, binding string) bool {
	packed, _, named := strings.Cut(token, ".")
	raw, err := base64.RawURLEncoding.DecodeString(packed)
	if err != nil || len(raw) < nonceSize+sha256.Size || binding == "" {
		return false
	}
	if _, ok := s.drawnFor(token); named && !ok {
		return false
	}
	return hmac.Equal(raw[nonceSize:nonceSize+sha256.Size], s.sign(nil, raw[:nonceSize], binding))
}

// fromHere refuses an act whose form did not come from a page of this site: the browser says so, or its token is not
// one of this session's.
func fromHere(h handler) handler {
	return func(v *visit) error {
		switch {
		case v.recalled != nil: // nothing is done
		case !v.sameOrigin():
			return fault.New(fault.CodeCrossSite, nil)
		case v.needsToken() && !v.validToken(v.c.FormValue("csrf"), v.binding()):
			return v.fromElsewhere(h)
		}
		return h(v)
	}
}

// fromElsewhere answers a form whose token is not one of this session's. One of an earlier session of the same person is
// shown again with the token of this one; one of a session that is over asks to sign in, unless a guest may send it: then
// it is shown again at once.
func (v *visit) fromElsewhere(h handler) error {
	switch account, ok := v.keepForm(); {
	case ok && v.me.Guest():
		return v.c.Redirect("/sign-in?next="+keptPath, fiber.StatusSeeOther)
	case ok && account == v.me.Account:
		return v.c.Redirect(keptPath, fiber.StatusSeeOther)
	}
	if _, ok := v.drawnFor(v.c.FormValue("csrf")); ok && !v.keeps && !v.byScript() {
		(&recall{typed(v.form().values)}).begin(v)
		v.page.Notice = "kept.again"
		return h(v)
	}
	return fault.New(fault.CodeCrossSite, nil)
}

// needsToken is false for the choice of a language: a guest who opens no form has no cookie to bind a token to, and
// the worst another site could do, if a browser let it, is to change the language.
func (v *visit) needsToken() bool { return v.c.Path() != "/language" }

// sameOrigin believes Sec-Fetch-Site, else Origin. A client that sends neither is no browser.
func (v *visit) sameOrigin() bool {
	if from := v.c.Get("Sec-Fetch-Site"); from != "" {
		return from == "same-origin" || from == "none"
	}
	origin := v.c.Get(fiber.HeaderOrigin)
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && (origin == v.origin || u.Host == v.c.Hostname())
}
