package web

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"haggle/internal/fault"
)

// signing is a guest with the cookie and token of the page he signs in on.
func signing(r *rig, path string) (reader, string) {
	r.t.Helper()
	page := r.get(guest, path)
	k := page.cookie(r.site.guestCookie())
	m := regexp.MustCompile(`name="csrf" value="([^"]+)"`).FindStringSubmatch(page.body)
	if k == nil || m == nil || !k.HttpOnly {
		r.t.Fatalf("the page gives cookie %v and token %v", k, m)
	}
	who := guest
	who.cookies = []*http.Cookie{k}
	return who, m[1]
}

func (r *rig) sign(who reader, token, path string, pairs ...string) answer {
	r.t.Helper()
	form := url.Values{"csrf": {token}}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return r.send(who, formRequest(path, form))
}

func TestSigningIn(t *testing.T) {
	r := newRig(t)
	who, token := signing(r, "/sign-in?next=/wallet")
	a := r.sign(who, token, "/sign-in", "email", "mei@example.org", "password", "correct horse", "next", "/wallet")
	a.leadsTo(t, "/wallet")
	k := a.cookie("haggle")
	if k == nil || k.Value != memberToken || !k.HttpOnly || k.SameSite != http.SameSiteLaxMode || k.Path != "/" || k.Secure || k.Expires.IsZero() {
		t.Errorf("session cookie %+v", k)
	}
	if gone := a.cookie(r.site.guestCookie()); gone == nil || gone.Value != "" {
		t.Error("the guest's cookie outlives the sign-in")
	}
}

func TestSigningInOverHTTPS(t *testing.T) {
	r := newRig(t, func(d *Deps) { d.URL = "https://haggle.test" })
	who, token := signing(r, "/sign-in")
	a := r.sign(who, token, "/sign-in", "email", "mei@example.org", "password", "correct horse")
	if k := a.cookie("__Host-haggle"); k == nil || !k.Secure || k.Path != "/" || k.Domain != "" {
		t.Errorf("session cookie %+v", k)
	}
	if a.Header.Get("Strict-Transport-Security") != "" {
		t.Error("a redirect says more than it must")
	}
	if page := r.get(guest, "/"); page.Header.Get("Strict-Transport-Security") == "" {
		t.Error("pages do not ask for https")
	}
}

func TestSigningInFails(t *testing.T) {
	r := newRig(t)
	who, token := signing(r, "/sign-in")
	r.market.refuse = fault.New(fault.CodeWrongCredentials, nil)
	a := r.sign(who, token, "/sign-in", "email", "mei@example.org", "password", "wrong horse!", "next", "/wallet")
	a.says(t, http.StatusUnauthorized, "E-mail and password do not belong together.", `value="mei@example.org"`, `name="next" value="/wallet"`)
	if strings.Contains(a.body, "wrong horse!") {
		t.Error("the page shows the password")
	}
	if a.cookie("haggle") != nil {
		t.Error("a session began")
	}
	checkPage(t, "en", a)
}

func TestSigningUp(t *testing.T) {
	r := newRig(t)
	who, token := signing(r, "/sign-up")
	a := r.sign(who.in("zh-TW"), token, "/sign-up", "email", "mei@example.org", "password", "correct horse", "name", "Mei")
	a.leadsTo(t, "/")
	if a.cookie("haggle") == nil || !r.market.called("register mei@example.org zh-TW") {
		t.Errorf("asked %q", r.market.calls)
	}
	r.market.refuse = fault.New(fault.CodeEmailTaken, nil)
	r.sign(who, token, "/sign-up", "email", "mei@example.org", "password", "correct horse", "name", "Mei").says(t, http.StatusConflict, "There is an account with this e-mail.")
}

func TestAGuestsTokenIsBoundToHisCookie(t *testing.T) {
	r := newRig(t)
	_, token := signing(r, "/sign-in")
	other, _ := signing(r, "/sign-in")
	r.sign(other, token, "/sign-in", "email", "a@b.c", "password", "correct horse").says(t, http.StatusForbidden)
	r.sign(guest, token, "/sign-in", "email", "a@b.c", "password", "correct horse").says(t, http.StatusForbidden)
	if len(r.market.calls) > 0 {
		t.Errorf("asked %q", r.market.calls)
	}
}

// few allows a number of tries.
type few int

func (f *few) Allow(context.Context, string, int, time.Duration) (bool, time.Duration) {
	*f--
	return *f >= 0, 1500 * time.Millisecond
}

func TestSigningInIsLimitedByAddress(t *testing.T) {
	tries := few(1)
	r := newRig(t, func(d *Deps) { d.Limiter = &tries })
	who, token := signing(r, "/sign-in")
	r.sign(who, token, "/sign-in", "email", "a@b.c", "password", "correct horse").leadsTo(t, "/")
	r.market.calls = nil
	r.sign(who, token, "/sign-in", "email", "a@b.c", "password", "correct horse").says(t, http.StatusTooManyRequests, "Try again in 2 s.")
	if len(r.market.calls) > 0 {
		t.Errorf("asked %q", r.market.calls)
	}
}

func TestReturnAddressesStayHere(t *testing.T) {
	for address, want := range map[string]string{
		"/wallet": "/wallet", "/search?q=a%20b": "/search?q=a%20b", "": "/", "wallet": "/", "//evil.test": "/", "/\\evil.test": "/", "https://evil.test/": "/",
		"/\t/evil.test": "/", "javascript:alert(1)": "/", "/%2F/evil": "/%2F/evil", "/a\r\nSet-Cookie: x": "/",
	} {
		if got := local(address, "/"); got != want {
			t.Errorf("%q leads to %q, want %q", address, got, want)
		}
	}
}

func TestASessionThatIsOverMakesAGuest(t *testing.T) {
	r := newRig(t)
	a := r.get(reader{token: "old"}, "/")
	a.says(t, http.StatusOK, "Sign in")
	if k := a.cookie("haggle"); k == nil || k.Value != "" {
		t.Error("the browser keeps a dead session")
	}
}

func TestSigningOut(t *testing.T) {
	a := newRig(t).post(member, "/sign-out")
	if k := a.cookie("haggle"); k == nil || k.Value != "" {
		t.Error("the browser keeps its session")
	}
}

func TestChoosingALanguage(t *testing.T) {
	r := newRig(t)
	a := r.send(guest, formRequest("/language", url.Values{"lang": {"zh-TW"}, "next": {"/deals/auction"}}))
	a.leadsTo(t, "/deals/auction")
	if k := a.cookie("lang"); k == nil || k.Value != "zh-TW" || k.Path != "/" || k.MaxAge < 86400 {
		t.Errorf("cookie %+v", k)
	}
	if r.post(member, "/language", "lang", "zh-TW"); !r.market.called("update me") || *r.market.patch.Locale != "zh-TW" {
		t.Error("the account does not learn the language")
	}
	r.send(guest, formRequest("/language", url.Values{"lang": {"xx"}})).says(t, http.StatusUnprocessableEntity)
	req := formRequest("/language", url.Values{"lang": {"zh-TW"}})
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	r.send(guest, req).says(t, http.StatusForbidden)
}

func TestTheLanguageFollowsTheReader(t *testing.T) {
	r := newRig(t)
	req, err := http.NewRequest("GET", "/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept-Language", "zh-TW,zh;q=0.9")
	r.send(reader{}, req).says(t, http.StatusOK, `<html lang="zh-TW">`)
	r.get(guest, "/").says(t, http.StatusOK, `<html lang="en">`)
}

func TestWhoMayKeepAPage(t *testing.T) {
	r := newRig(t)
	if got := r.get(guest, "/").Header.Get("Cache-Control"); got != "private, max-age=5" {
		t.Errorf("a guest: %q", got)
	}
	if got := r.get(member, "/").Header.Get("Cache-Control"); got != "private, no-cache, no-store" {
		t.Errorf("a member: %q", got)
	}
	for _, a := range []answer{r.get(guest, "/sign-in"), r.get(guest, "/nowhere")} {
		if got := a.Header.Get("Cache-Control"); got != "private, no-cache" {
			t.Errorf("%s: %q", a.Request.URL, got)
		}
	}
}

func TestATokenIsShownOnce(t *testing.T) {
	r := newRig(t)
	r.post(member, "/settings/tokens", "name", "watcher", "scopes", "read", "scopes", "trade").says(t, http.StatusOK, "hgl_secret", "It works until Nov 24, 2027.")
	if !r.market.called("create token watcher read+trade") {
		t.Errorf("asked %q", r.market.calls)
	}
	if strings.Contains(r.get(member, "/settings").body, "hgl_secret") {
		t.Error("the token shows again")
	}
}

func TestProfile(t *testing.T) {
	r := newRig(t)
	a := r.post(member, "/settings", "name", "Mei-Ling", "locale", "zh-TW", "address", "1 Road\nTaipei")
	a.leadsTo(t, "/settings")
	p := r.market.patch
	if *p.Name != "Mei-Ling" || p.Notify != nil || len(*p.Addresses) != 1 || (*p.Addresses)[0].Text != "1 Road\nTaipei" {
		t.Errorf("patch %+v", p)
	}
	if k := a.cookie("lang"); k == nil || k.Value != "zh-TW" {
		t.Error("the page does not change its language")
	}
}
