package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"haggle/internal/fault"
	"haggle/internal/market"
)

// offered is a rig whose site offers other sites and passkeys.
func offered(t *testing.T) *rig {
	r := newRig(t)
	r.market.providers = []market.ProviderView{{Kind: "google", Name: "Google"}, {Kind: "oidc", Name: "House", Down: true}}
	r.market.host = "localhost"
	r.market.view = market.WaysView{Links: []market.LinkView{{ID: "l1", Provider: "google", Name: "Google", Email: "mei@gmail.test"}}, Offers: r.market.providers[1:],
		Passkeys: []market.PasskeyView{{ID: "k1", Name: "Telephone", UsedAt: market.At(clock)}}, Host: "localhost", TwoFactor: true, Recovery: 8}
	return r
}

func TestPagesOfTheWaysIn(t *testing.T) {
	r := offered(t)
	welcome, step := reader{}, reader{}
	welcome.cookies = []*http.Cookie{{Name: "haggle-welcome", Value: "t"}}
	step.cookies = []*http.Cookie{{Name: "haggle-step", Value: "t"}}
	for _, c := range []struct {
		path string
		who  reader
		set  func()
		says [2]string
	}{
		{"/sign-in", guest, nil, [2]string{"House is not answering at the moment.", "House 目前沒有回應。"}},
		{"/sign-in/welcome", welcome, nil, [2]string{"LINE has signed you in.", "LINE 已確認你的身分。"}},
		{"/sign-in/code", step, nil, [2]string{"the code that your phone shows now", "請輸入手機上的驗證碼"}},
		{"/settings", member, nil, [2]string{"On. 8 recovery codes are left.", "已開啟，還有 8 組備用碼。"}},
		{"/settings", member, func() { r.market.view = market.WaysView{Password: true, Host: "localhost"} }, [2]string{"Your password", "你的密碼"}},
		{"/settings/two-factor", member, func() { r.market.enrol = market.EnrolView{Begun: true, Secret: "ABCDEFGH"} }, [2]string{"ABCD EFGH", "ABCD EFGH"}},
		{"/settings/two-factor", member, func() { r.market.enrol = market.EnrolView{On: true} }, [2]string{"Turn the second step off", "關閉兩步驟驗證"}},
	} {
		if c.set != nil {
			c.set()
		}
		for i, lang := range []string{"en", "zh-TW"} {
			t.Run(lang+" "+c.path, func(t *testing.T) {
				a := r.get(c.who.in(lang), c.path)
				a.says(t, http.StatusOK, c.says[i])
				checkPage(t, lang, a)
			})
		}
	}
}

func TestStepsWithoutTheirTicketLeadBack(t *testing.T) {
	r := offered(t)
	for _, path := range []string{"/sign-in/code", "/sign-in/welcome"} {
		r.get(guest, path).leadsTo(t, "/sign-in")
	}
}

func TestTheSecondStepIsAskedFor(t *testing.T) {
	r := offered(t)
	who, token := signing(r, "/sign-in")
	r.market.signed = market.SignedIn{Second: "the-ticket"}
	a := r.sign(who, token, "/sign-in", "email", "mei@example.org", "password", "correct horse", "next", "/wallet")
	a.leadsTo(t, "/sign-in/code")
	k := a.cookie("haggle-step")
	if k == nil || k.Value != "the-ticket" || !k.HttpOnly || k.MaxAge != 600 || a.cookie("haggle") != nil {
		t.Fatalf("cookies %v", a.Cookies())
	}
	who.cookies = append(who.cookies, k)
	r.market.signed, r.market.refuse = market.SignedIn{}, fault.New(fault.CodeWrongCode, nil)
	a = r.sign(who, token, "/sign-in/code", "code", "123456")
	a.says(t, http.StatusUnprocessableEntity, "This code is wrong, too old, or was used.")
	if strings.Contains(a.body, "123456") || a.cookie("haggle") != nil || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page keeps the code, or a session began: %v", a.Header)
	}
	r.market.refuse = nil
	a = r.sign(who, token, "/sign-in/code", "code", "654321")
	a.leadsTo(t, "/")
	if !r.market.called("second step the-ticket 654321") || a.cookie("haggle") == nil || a.cookie("haggle-step").Value != "" {
		t.Errorf("asked %q, cookies %v", r.market.calls, a.Cookies())
	}
}

// The way to another site and back: the page leads there without a form, and the answer is read with this browser's value.
func TestTheWayToAnotherSiteAndBack(t *testing.T) {
	r := offered(t)
	who, token := signing(r, "/sign-in?next=/wallet")
	a := r.sign(who, token, "/sign-in/with/google", "next", "/wallet")
	a.says(t, http.StatusOK, "On to Google")
	k := a.cookie("haggle-with")
	if a.Header.Get("Refresh") != "0; url=https://idp.example/authorize?state=s" || !r.market.called("with google /wallet") || k == nil || k.Value != r.market.ticket || len(k.Value) < 40 {
		t.Fatalf("refresh %q, asked %q, cookie %v", a.Header.Get("Refresh"), r.market.calls, k)
	}
	checkPage(t, "en", a)
	who.cookies = append(who.cookies, k)
	r.market.signed = market.SignedIn{Grant: market.Grant{Token: memberToken}, Next: "//evil.test"}
	a = r.get(who, "/sign-in/with/google/callback?state=s&code=c&iss=https%3A%2F%2Fidp.example")
	a.leadsTo(t, "/")
	if in := r.market.answer; in.Browser != k.Value || in.Provider != "google" || in.Answer.Get("code") != "c" || in.Answer.Get("iss") != "https://idp.example" || in.Locale != "en" {
		t.Errorf("answer %+v", in)
	}
}

func TestRefusedAnswers(t *testing.T) {
	r := offered(t)
	for code, c := range map[fault.Code]struct {
		status int
		says   string
	}{
		fault.CodeEmailTaken:   {409, "Sign in as before, then link Google in your settings."},
		fault.CodeSignInFailed: {422, "The other site's answer did not fit, or came too late. Begin again."},
		fault.CodeProviderDown: {503, "That site is not answering at the moment."},
	} {
		r.market.refuse = fault.New(code, nil)
		a := r.get(guest, "/sign-in/with/google/callback?state=a-state&code=the-code&email=evil")
		a.says(t, c.status, c.says, `name="next" value="/wallet"`)
		if strings.Contains(a.body, "the-code") || strings.Contains(a.body, `value="evil"`) || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: the page repeats what came from elsewhere, or may be kept", code)
		}
		checkPage(t, "en", a)
	}
	r.market.refuse = fault.New(fault.CodeLinkTaken, nil)
	r.get(member, "/sign-in/with/google/callback?state=s&code=c").says(t, 409, "That account belongs to somebody else here.")
	r.market.refuse = fault.New(fault.CodeSignInFailed, nil)
	r.get(guest, "/sign-in/with/google/callback?state=s&error=access_denied").says(t, 422, "Google did not sign you in")
}

// An answer that another site posts comes back as an address, with what it may say and nothing else.
func TestAPostedAnswer(t *testing.T) {
	r := offered(t)
	req := formRequest("/sign-in/with/apple/callback", url.Values{"state": {"s"}, "code": {"c d"}, "user": {`{"name":{"firstName":"Mei","lastName":"Lin"},"email":"x"}`}, "next": {"/evil"}})
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	r.send(guest, req).leadsTo(t, "/sign-in/with/apple/callback?code=c+d&name=Mei+Lin&state=s")
	if len(r.market.calls) > 0 {
		t.Errorf("asked %q", r.market.calls)
	}
}

// What changes how one signs in needs a form of this site.
func TestFormsOfTheWaysInAreOurs(t *testing.T) {
	r := offered(t)
	for _, path := range []string{"/sign-in/code", "/sign-in/passkey", "/sign-in/passkey/challenge", "/sign-in/with/google", "/sign-in/welcome", "/settings/links/google",
		"/settings/links/l1/remove", "/settings/passkeys", "/settings/passkeys/challenge", "/settings/passkeys/k1/remove", "/settings/two-factor", "/settings/two-factor/begin",
		"/settings/two-factor/codes", "/settings/two-factor/off"} {
		r.send(member, formRequest(path, url.Values{"csrf": {"x"}})).says(t, http.StatusForbidden)
	}
	if len(r.market.calls) > 0 {
		t.Errorf("asked %q", r.market.calls)
	}
}

func TestSettingsOfTheWaysIn(t *testing.T) {
	r := offered(t)
	for _, c := range []struct {
		path  string
		pairs []string
		call  string
		to    string
	}{
		{"/settings/links/l1/remove", []string{"confirm", "pw"}, "unlink l1 pw", "/settings"},
		{"/settings/passkeys/k1/remove", []string{"confirm", "pw"}, "remove passkey k1 pw", "/settings"},
		{"/settings/two-factor/begin", []string{"confirm", "pw"}, "begin two-factor pw", "/settings/two-factor"},
		{"/settings/two-factor/off", []string{"confirm", "pw", "code", "1"}, "two-factor off pw 1", "/settings"},
		{"/settings/password", []string{"first", "on", "password", "pw"}, "set password", "/settings"},
	} {
		r.post(member, c.path, c.pairs...).leadsTo(t, c.to)
		if !r.market.called(c.call) {
			t.Errorf("%s asked %q", c.path, r.market.calls)
		}
	}
	r.market.refuse = fault.New(fault.CodeLastWayIn, nil)
	r.post(member, "/settings/links/l1/remove").says(t, http.StatusUnprocessableEntity, "It is your only way to sign in.")
	r.post(member, "/settings/passkeys/k1/remove").says(t, http.StatusUnprocessableEntity, "It is your only way to sign in.")
}

func TestRecoveryCodesShowOnce(t *testing.T) {
	r := offered(t)
	a := r.post(member, "/settings/two-factor", "code", "123456")
	a.says(t, http.StatusOK, "aaaa-bbbb-cccc", "Each signs you in once.")
	if a.Header.Get("Cache-Control") != "no-store" || strings.Contains(r.get(member, "/settings/two-factor").body, "aaaa-bbbb-cccc") {
		t.Error("the codes show again")
	}
	pic := r.get(member, "/settings/two-factor/code.png")
	if pic.Header.Get("Content-Type") != "image/png" || pic.Header.Get("Cache-Control") != "no-store" || r.get(guest, "/settings/two-factor/code.png").StatusCode != http.StatusSeeOther {
		t.Errorf("picture %v", pic.Header)
	}
}

func TestPasskeyChallenges(t *testing.T) {
	r := offered(t)
	who, token := signing(r, "/sign-in")
	a := r.sign(who, token, "/sign-in/passkey/challenge")
	k := a.cookie("haggle-passkey")
	if a.StatusCode != http.StatusOK || a.body != `{"publicKey":{}}` || a.Header.Get("Content-Type") != "application/json" || a.Header.Get("Cache-Control") != "no-store" || k == nil || k.Value != "t1" {
		t.Fatalf("%d %s, cookie %v", a.StatusCode, a.body, k)
	}
	who.cookies = append(who.cookies, k)
	a = r.sign(who, token, "/sign-in/passkey", "credential", `{"id":1}`, "next", "/wallet")
	a.leadsTo(t, "/wallet")
	if !r.market.called(`passkey sign-in t1 {"id":1}`) || a.cookie("haggle-passkey").Value != "" {
		t.Errorf("asked %q", r.market.calls)
	}
	r.market.refuse = fault.New(fault.CodePasskeyFailed, nil)
	r.sign(who, token, "/sign-in/passkey", "credential", "x").says(t, http.StatusUnprocessableEntity, "The passkey did not fit")
	r.market.refuse = fault.New(fault.CodeConfirmIdentity, nil)
	r.post(member, "/settings/passkeys/challenge").says(t, http.StatusForbidden, `{"says":"You signed in a while ago.`)
}
