package web

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"hash"
	"io"
	"net/url"

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
		v.page.CSRF = v.formToken("guest " + value)
		return
	}
	v.page.CSRF = v.formToken(v.binding())
}

// formToken signs a binding: base64url of nonce and HMAC-SHA-256.
func (s *site) formToken(binding string) string {
	nonce := make([]byte, nonceSize)
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(append(nonce, s.sign(nonce, binding)...))
}

func (s *site) sign(nonce []byte, binding string) []byte {
	mac := s.macs.Get().(hash.Hash)
	defer s.macs.Put(mac)
	mac.Reset()
	_, _ = io.WriteString(mac, "haggle form 1\n")
	mac.Write(nonce)
	_, _ = io.WriteString(mac, binding)
	return mac.Sum(nil)
}

func (s *site) validToken(token, binding string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) <= nonceSize || binding == "" {
		return false
	}
	return hmac.Equal(raw[nonceSize:], s.sign(raw[:nonceSize], binding))
}

// fromHere refuses an act whose form did not come from a page of this site: the browser says so, or its token is not
// one of this session's.
func fromHere(h handler) handler {
	return func(v *visit) error {
		if !v.sameOrigin() || v.needsToken() && !v.validToken(v.c.FormValue("csrf"), v.binding()) {
			return fault.New(fault.CodeCrossSite, nil)
		}
		return h(v)
	}
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
