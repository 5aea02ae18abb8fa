package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/locale"
	"haggle/web/view"
)

// TestEveryMailHasWords holds that every mail of the table can be written, in subject and text, and every kind be named.
func TestEveryMailHasWords(t *testing.T) {
	for _, what := range market.MailWhats() {
		for _, part := range []string{".subject", ".text"} {
			if !locale.Has(locale.En, "mail."+what+part) {
				t.Errorf("mail.%s%s has no words", what, part)
			}
		}
	}
	for _, kind := range append(market.MailKinds(), "always") {
		if !locale.Has(locale.En, "mail.why."+kind) || kind != "always" && !locale.Has(locale.En, "mailKind."+kind) {
			t.Errorf("kind %s has no words", kind)
		}
	}
	for _, done := range []string{"email_confirmed", "confirm_sent", "email_asked", "mail_settings", "password_reset"} {
		if !locale.Has(locale.En, "done."+done) {
			t.Errorf("done.%s has no words", done)
		}
	}
}

func TestMailPages(t *testing.T) {
	r := newRig(t)
	for _, lang := range []string{"en", "zh-TW"} {
		for path, want := range map[string]int{"/forgot": 200, "/confirm?token=" + goodLink: 200, "/reset?token=" + goodLink: 200,
			"/confirm?token=old": 410, "/reset": 410, "/mail/off?who=u1&kind=orders&sig=right": 200, "/mail/off?who=u1&kind=orders&sig=x": 404} {
			a := r.get(guest.in(lang), path)
			a.says(t, want)
			if want != 404 && !strings.HasPrefix(path, "/mail/off") { // its form carries a signature in place of a token
				checkPage(t, lang, a)
			}
		}
		a := r.get(member.in(lang), "/settings/mail")
		a.says(t, 200, "mei@example.org")
		checkPage(t, lang, a)
	}
	if len(r.market.calls) > 0 {
		t.Errorf("looking did %q", r.market.calls)
	}
}

func TestMailSettings(t *testing.T) {
	r := newRig(t)
	r.post(member, "/settings/mail", "mail-outbid", "never", "mail-won", "digest", "push-won", "on", "digest", "3", "hour", "7", "quiet", "on", "from", "22:30", "to", "07:00", "zone", "Asia/Tokyo").
		leadsTo(t, "/settings/mail")
	n := r.market.patch.Notify
	if n == nil || n.Choices == nil {
		t.Fatal("nothing was chosen")
	}
	if c := n.Choices; c.Kinds["outbid"].Mail != "never" || *c.Kinds["outbid"].Push || c.Kinds["won"].Mail != "digest" || !*c.Kinds["won"].Push ||
		*c.Digest != (market.Digest{Every: "week", Day: 3, Hour: 7}) || *c.Quiet != (market.Quiet{On: true, From: "22:30", To: "07:00"}) || c.Zone != "Asia/Tokyo" {
		t.Errorf("choices %+v %+v %+v", c, c.Quiet, c.Digest)
	}
	r.post(member, "/settings/mail/again").leadsTo(t, "/settings/mail")
	r.post(member, "/settings/mail/address", "email", "new@example.org", "password", "correct horse").leadsTo(t, "/settings/mail")
	if !r.market.called("resend confirmation") || !r.market.called("change e-mail to new@example.org") {
		t.Errorf("asked %q", r.market.calls)
	}
	r.market.refuse = fault.New(fault.CodeEmailTaken, nil)
	a := r.post(member, "/settings/mail/address", "email", "new@example.org", "password", "correct horse")
	a.says(t, http.StatusConflict, "There is an account with this e-mail.", `value="new@example.org"`)
	if strings.Contains(a.body, "correct horse") {
		t.Error("the page shows the password")
	}
	r.get(guest, "/settings/mail").leadsTo(t, "/sign-in?next=%2Fsettings%2Fmail")
}

func TestLinksActOncePressed(t *testing.T) {
	r := newRig(t)
	for path, field := range map[string]string{"/confirm": "token", "/reset": "token", "/forgot": "email"} {
		r.send(guest, httptest.NewRequest("POST", path, strings.NewReader(field+"="+goodLink))).says(t, http.StatusForbidden)
	}
	if len(r.market.calls) > 0 {
		t.Errorf("a form from elsewhere did %q", r.market.calls)
	}
	who, token := signing(r, "/confirm?token="+goodLink)
	r.sign(who, token, "/confirm", "token", goodLink).leadsTo(t, "/")
	r.sign(who, token, "/reset", "token", goodLink, "password", "correct horse").leadsTo(t, "/sign-in")
	r.sign(who, token, "/reset", "token", "old", "password", "correct horse").says(t, http.StatusGone)
	r.sign(who, token, "/forgot", "email", "mei@example.org").says(t, http.StatusOK, "mei@example.org")
	r.send(guest, formRequest("/mail/off?who=u1&kind=orders&sig=right", nil)).says(t, http.StatusOK, "no longer mailed when: an order moves")
	for _, want := range []string{"confirm e-mail", "reset password", "forgot mei@example.org", "mail off u1 orders"} {
		if !r.market.called(want) {
			t.Errorf("%q was not asked: %q", want, r.market.calls)
		}
	}
}

func TestTheQuietLine(t *testing.T) {
	p := view.Page{Printer: locale.New(locale.En, newRig(t).site.Currency, taipei, clock), Me: market.Actor{Account: "u1", Unconfirmed: true}}
	for unconfirmed, want := range map[bool]bool{true: true, false: false} {
		p.Me.Unconfirmed = unconfirmed
		var b strings.Builder
		if err := view.Forgot(&p, view.Form{}).Render(t.Context(), &b); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), "Please confirm your e-mail address"); got != want {
			t.Errorf("unconfirmed %v: the line is there: %v", unconfirmed, got)
		}
	}
}
