package acceptance

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestConfirming registers on the page, is asked quietly, and confirms by the link in the mail: not by opening it, once, and
// not by an older one.
func TestConfirming(t *testing.T) {
	t.Parallel()
	m, post := startWithMail(t)
	b := m.visitor()
	email := fmt.Sprintf("mei-%d@haggle.test", people.Add(1))
	page := b.send(b.get(m.site.URL+"/sign-up", 200), "/sign-up", 200, "email", email, "password", password, "name", "Mei")
	b.has(page, "Please confirm your e-mail address")
	first := letter(t, post, email, "confirm-", 1)
	if first.Subject != "Confirm your e-mail address for haggle" || first.Header.Get("List-Unsubscribe") != "" {
		t.Errorf("the letter: %q, %v", first.Subject, first.Header)
	}
	page = b.get(m.site.URL+"/settings/mail", 200)
	b.has(page, email, "Not confirmed yet")
	page = b.send(page, "/settings/mail/again", 200)
	b.has(page, "The link is on its way.")
	second := letter(t, post, email, "confirm-", 2)

	stranger := m.visitor() // who has the letter need not be signed in
	stranger.has(stranger.get(link(t, first, "/confirm"), 410), "This link works no longer")
	address := link(t, second, "/confirm")
	opened := stranger.get(address, 200)
	stranger.has(opened, "Is "+email+" yours?")
	b.has(b.get(m.site.URL+"/settings/mail", 200), "Not confirmed yet") // a scanner that opens links confirms nothing
	stranger.send("", "/confirm", 403, "token", tokenIn(t, address))    // nor does a form without the page's token
	stranger.has(stranger.send(opened, "/confirm", 200, "token", tokenIn(t, address)), "Your e-mail address is confirmed.")
	stranger.has(stranger.get(address, 410), "This link works no longer")
	stranger.send(opened, "/confirm", 410, "token", tokenIn(t, address))
	if page = b.get(m.site.URL+"/settings/mail", 200); strings.Contains(page, "Not confirmed yet") || strings.Contains(page, "Please confirm") {
		t.Error("the page still asks")
	}
	if got := b.send(page, "/settings/mail/again", 409); !strings.Contains(got, "Not confirmed yet") && strings.Contains(got, "on its way") {
		t.Error("a link was sent for a confirmed address")
	}
}

// TestAnotherAddress changes an address: the new one counts once it is confirmed, and the old one is told.
func TestAnotherAddress(t *testing.T) {
	t.Parallel()
	m, post := startWithMail(t)
	anna, carl := m.person("anna", 0), m.person("carl", 0)
	old, fresh := anna.email(), "anna-new-"+anna.email()
	change := func(p person, body obj) answer { return p.do("POST", "/me/email", body) }
	change(anna, obj{"email": "no address"}).refused(422, "invalid")
	change(anna, obj{"email": carl.email()}).refused(409, "email_taken")
	change(anna, obj{"email": old}).refused(422, "invalid")
	token := anna.do("POST", "/tokens", obj{"name": "robot", "scopes": []string{"read", "trade"}}).want(201).obj().str("token")
	change(person{m: m, token: token}, obj{"email": fresh}).refused(403, "forbidden")
	change(anna, obj{"email": fresh}).want(204)
	me := anna.do("GET", "/me", nil).want(200).obj()
	if me.str("email") != old || me.str("newEmail") != fresh {
		t.Errorf("before it is confirmed: %v", me)
	}
	m.signIn(old, password).want(201)
	m.signIn(fresh, password).refused(401, "wrong_credentials")
	confirm := obj{"token": tokenIn(t, link(t, letter(t, post, fresh, "confirm-", 1), "/confirm"))}
	m.guest().do("POST", "/confirmations", confirm).want(204)
	m.guest().do("POST", "/confirmations", confirm).refused(422, "invalid")
	if me = anna.do("GET", "/me", nil).want(200).obj(); me.str("email") != fresh || me["newEmail"] != nil || me["emailConfirmed"] != true {
		t.Errorf("confirmed: %v", me)
	}
	m.signIn(fresh, password).want(201)
	m.signIn(old, password).refused(401, "wrong_credentials")
	told := letter(t, post, old, "address-", 1)
	if !strings.Contains(told.Subject, "was changed") || strings.Contains(told.Text+told.HTML, fresh) {
		t.Errorf("the old address is told %q: %s", told.Subject, told.Text)
	}
}

// TestForgottenPassword sets a new password by mail: the answer is the same for strangers, links work once, for the newest
// one, and every session ends.
func TestForgottenPassword(t *testing.T) {
	t.Parallel()
	m, post := startWithMail(t)
	anna := m.person("anna", 0).speaks("zh-TW")
	email := anna.email()
	b := m.visitor()
	ask := func(address string) (said string) {
		page := b.send(b.get(m.site.URL+"/forgot", 200), "/forgot", 200, "email", address)
		_, main, _ := strings.Cut(page, "<main")
		said, _, _ = strings.Cut(main, "</main>")
		return strings.ReplaceAll(said, address, "X")
	}
	if known, unknown := ask(email), ask("nobody-"+email); known != unknown || !strings.Contains(known, "If there is an account with X") {
		t.Errorf("the page tells who has an account: %s, %s", known, unknown)
	}
	first := letter(t, post, email, "reset-", 1)
	if first.Subject != "設定 haggle 的新密碼" || first.Header.Get("Content-Language") != "zh-TW" || first.Header.Get("List-Unsubscribe") != "" {
		t.Errorf("the letter: %q %v", first.Subject, first.Header)
	}
	ask(strings.ToUpper(email))
	second := letter(t, post, email, "reset-", 2)
	b.has(b.get(link(t, first, "/reset"), 410), "This link works no longer")
	address := link(t, second, "/reset")
	page := b.get(address, 200)
	b.has(page, "For "+email)
	set := func(secret string, want int) string {
		return b.send(page, "/reset", want, "token", tokenIn(t, address), "password", secret)
	}
	set("short", 422)
	b.has(set("a quite new password", 200), "Your password is new.")
	b.get(address, 410)
	set("another new password", 410)
	anna.do("GET", "/me", nil).refused(401, "unauthenticated")
	m.signIn(email, password).refused(401, "wrong_credentials")
	in := m.signIn(email, "a quite new password").want(201).obj()
	if told := letter(t, post, email, "password-", 1); told.Subject != "你在 haggle 的密碼已變更" {
		t.Errorf("told %q", told.Subject)
	}
	if got := to(post, "nobody-"+email, ""); len(got) > 0 {
		t.Errorf("a stranger was mailed: %+v", got)
	}

	ask(email) // a password that is changed meanwhile kills the link
	third := link(t, letter(t, post, email, "reset-", 3), "/reset")
	again := person{m: m, id: anna.id, token: in.str("token")}
	again.do("PATCH", "/me", obj{"password": "the third password", "oldPassword": "a quite new password"}).want(200)
	b.get(third, 410)
	m.guest().do("POST", "/passwords", obj{"token": tokenIn(t, third), "password": "the fourth password"}).refused(422, "invalid")
	letter(t, post, email, "password-", 2)
}

// TestAskingTooOften holds the limits on links, by address and for strangers alike.
func TestAskingTooOften(t *testing.T) {
	t.Parallel()
	m, _ := startWithMail(t, "--limits=on")
	anna := m.person("anna", 0)
	for _, address := range []string{anna.email(), "nobody@haggle.test"} {
		forgot := func() answer { return m.guest().do("POST", "/forgotten-passwords", obj{"email": address}) }
		for range 5 {
			forgot().want(204)
		}
		if got := forgot().refused(429, "rate_limited").num("retryAfter"); got < 1 || got > 3600 {
			t.Errorf("retry after %d", got)
		}
	}
	anna.do("POST", "/me/confirmation", nil).want(204)
	if got := anna.do("POST", "/me/confirmation", nil).refused(429, "rate_limited").num("retryAfter"); got < 1 || got > 60 {
		t.Errorf("retry after %d", got)
	}
	for range 9 { // the rest of the twenty that one network address has in an hour
		m.guest().do("POST", "/forgotten-passwords", obj{"email": fmt.Sprintf("x%d@haggle.test", people.Add(1))})
	}
	m.guest().do("POST", "/forgotten-passwords", obj{"email": "fresh@haggle.test"}).refused(429, "rate_limited")
}

// TestConfirmationRequired holds the site that asks for it: who has not confirmed looks around, and trades once he has.
func TestConfirmationRequired(t *testing.T) {
	t.Parallel()
	m, post := startWithMail(t, "--require-confirmation")
	anna := m.person("anna", 0)
	deposit := func() answer {
		return anna.do("POST", "/wallet/deposits", obj{"amount": 100, "card": "4242424242424242"})
	}
	deposit().refused(403, "unconfirmed")
	listing := obj{"title": "Pen", "category": "books-fiction", "condition": "new", "format": "fixed", "price": 30_000}
	anna.do("POST", "/listings", listing).refused(403, "unconfirmed")
	anna.do("GET", "/wallet", nil).want(200)
	anna.do("PATCH", "/me", obj{"name": "Anna B."}).want(200)
	m.guest().do("POST", "/confirmations", obj{"token": tokenIn(t, link(t, letter(t, post, anna.email(), "confirm-", 1), "/confirm"))}).want(204)
	deposit().want(201)
	anna.do("POST", "/listings", listing).want(201)
}

// TestTurningMailOff turns a kind of mail off by the address in the mail, at one press and signed in nowhere: that kind and
// no other, for that person and nobody else.
func TestTurningMailOff(t *testing.T) {
	t.Parallel()
	m, post := startWithMail(t)
	seller, anna, carl := m.person("seller", 0), m.person("anna", plenty), m.person("carl", plenty)
	outbid := func() {
		id := seller.auction(days, nil)
		anna.do("POST", "/listings/"+id+"/bids", obj{"max": 150_000}).want(201)
		carl.do("POST", "/listings/"+id+"/bids", obj{"max": 200_000}).want(201)
	}
	outbid()
	l := letter(t, post, anna.email(), "outbid-", 1)
	off := strings.Trim(l.Header.Get("List-Unsubscribe"), "<>")
	if l.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || off != link(t, l, "/mail/off") {
		t.Fatalf("headers %v", l.Header)
	}
	b := m.visitor()
	b.has(b.get(off, 200), "You would no longer be mailed when: somebody bids more than I.")
	notify := func(p person) string { // of each kind whether it is mailed; the finer choices stand beside
		kinds := p.do("GET", "/me", nil).want(200).obj()["notifications"].(map[string]any)
		delete(kinds, "choices")
		return fmt.Sprint(kinds)
	}
	before, others := notify(anna), notify(carl)
	if !strings.Contains(before, "outbid:true") {
		t.Fatalf("opening the page turned it off: %s", before)
	}
	for _, wrong := range []string{strings.Replace(off, "kind=outbid", "kind=orders", 1), strings.Replace(off, anna.id, carl.id, 1), off + "x", m.site.URL + "/mail/off"} {
		path := strings.TrimPrefix(wrong, m.site.URL)
		b.send("", path, 404, "List-Unsubscribe", "One-Click")
	}
	b.has(b.send("", strings.TrimPrefix(off, m.site.URL), 200, "List-Unsubscribe", "One-Click"), "Done: you are no longer mailed when")
	if got := notify(anna); got != strings.Replace(before, "outbid:true", "outbid:false", 1) || notify(carl) != others {
		t.Errorf("anna %s, carl %s", got, notify(carl))
	}
	outbid()
	id := seller.fixed(nil)
	order := anna.do("POST", "/listings/"+id+"/purchases", obj{"quantity": 1}).want(201).obj().str("order.id")
	anna.do("POST", "/orders/"+order+"/pay", obj{"method": "wallet"}).want(200)
	seller.do("POST", "/orders/"+order+"/ship", nil).want(200)
	letter(t, post, anna.email(), "o-", 1)
	time.Sleep(2500 * time.Millisecond)
	if got := to(post, anna.email(), "outbid-"); len(got) != 1 {
		t.Errorf("%d letters after it was turned off", len(got)-1)
	}
}

// TestHeadersStayWhole opens deals whose titles try to write headers, and holds what is mailed of them.
func TestHeadersStayWhole(t *testing.T) {
	t.Parallel()
	m, post := startWithMail(t)
	seller, anna, carl := m.person("seller", 0), m.person("anna", plenty), m.person("carl", plenty)
	for i, title := range []string{
		"Lamp\r\nBcc: eve@haggle.test", "Lamp\nSubject: you won", "Lamp\r\n\r\n<script>alert(1)</script>", "=?utf-8?q?Lamp=0D=0ABcc:_eve?=",
		strings.Repeat("燈", 120), "{amount} {title} {due}", "Lamp\t\u200bshade",
	} {
		id := seller.auction(days, obj{"title": title})
		anna.do("POST", "/listings/"+id+"/bids", obj{"max": 150_000}).want(201)
		carl.do("POST", "/listings/"+id+"/bids", obj{"max": 200_000}).want(201)
		l := letter(t, post, anna.email(), "outbid-", i+1)
		for name, want := range map[string]int{"Bcc": 0, "Subject": 1, "To": 1, "From": 1, "Message-Id": 1} {
			if got := len(l.Header[name]); got != want {
				t.Errorf("%q: %d headers %s", title, got, name)
			}
		}
		if strings.ContainsAny(l.Subject, "\r\n\t\u200b") || !strings.HasPrefix(l.Subject, "Outbid on ") || strings.Contains(l.HTML, "<script>") {
			t.Errorf("%q: subject %q", title, l.Subject)
		}
		if l.Header.Get("To") != "<"+anna.email()+">" || len(to(post, "eve@haggle.test", "")) > 0 {
			t.Errorf("%q: to %v", title, l.Header["To"])
		}
	}
}
