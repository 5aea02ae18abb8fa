package acceptance

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"haggle/internal/mail/mailtest"
)

// named is a browser that says what it is.
type named struct{ agent string }

func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", n.agent)
	return http.DefaultTransport.RoundTrip(r)
}

// onFirefox is somebody new, called Mei, with a browser that says it is Firefox.
func (m *market) onFirefox() (b *visitor, email string) {
	m.t.Helper()
	b = m.visitor()
	b.client.Transport = named{"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
	email = fmt.Sprintf("mei-%d@haggle.test", people.Add(1))
	b.send(b.get(m.site.URL+"/sign-up", 200), "/sign-up", 200, "email", email, "password", password, "name", "Mei")
	return b, email
}

// TestWaysInAreTold changes on the pages how somebody signs in: each change is one letter, in his language, that names his
// browser and the site's time and may not be turned off; a wrong try is none; the list of notices says the same.
func TestWaysInAreTold(t *testing.T) {
	t.Parallel()
	m, post := startWithMail(t)
	b, email := m.onFirefox()
	told := func(prefix, subject, leads string, says ...string) mailtest.Received {
		t.Helper()
		l := letter(t, post, email, prefix, 1)
		link(t, l, leads)
		text := strings.ReplaceAll(l.Text, "\u00a0", " ")
		for _, say := range says {
			if !strings.Contains(text, say) {
				t.Errorf("%s does not say %q:\n%s", l.Subject, say, text)
			}
		}
		if l.Subject != subject || l.Header.Get("List-Unsubscribe") != "" || strings.Contains(l.Text+l.HTML, "token=") {
			t.Errorf("the letter %q, with %v, does something by a link:\n%s", l.Subject, l.Header, l.Text)
		}
		return l
	}

	page := b.send(b.get(m.site.URL+"/settings/two-factor", 200), "/settings/two-factor/begin", 200)
	found := shownSecret.FindStringSubmatch(page)
	if found == nil {
		t.Fatal("no secret is shown")
	}
	code, err := totp.GenerateCode(strings.ReplaceAll(found[1], " ", ""), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	b.send(page, "/settings/two-factor", 422, "code", "000000")
	page = b.send(page, "/settings/two-factor", 200, "code", code)
	told("two-factor-on-", "The second step at haggle is on", "/forgot", "When: ", " Taipei time. Browser: Firefox.", "If it was not you")
	spare := shownCode.FindStringSubmatch(page)[1]
	b.send(page, "/settings/two-factor/off", 422, "confirm", password, "code", "000000")
	b.send(page, "/settings/two-factor/off", 200, "confirm", password, "code", spare)
	told("two-factor-off-", "The second step at haggle is off", "/settings", "Browser: Firefox.", "set another password in the settings")

	b.send(b.get(m.site.URL+"/settings", 200), "/settings", 200, "name", "Mei", "locale", "zh-TW")
	b.send(b.get(m.site.URL+"/settings", 200), "/settings/password", 422, "oldPassword", "wrong horse battery", "password", "a quite new password")
	b.send(b.get(m.site.URL+"/settings", 200), "/settings/password", 200, "oldPassword", password, "password", "a quite new password")
	told("password-changed-", "你在 haggle 的密碼已變更", "/forgot", "（台北時間）。瀏覽器：Firefox。", "若不是你本人操作，請立即重設密碼。")

	b.has(b.get(m.site.URL+"/notifications", 200), "你在 haggle 的兩步驟驗證已開啟", "你在 haggle 的兩步驟驗證已關閉", "你在 haggle 的密碼已變更")

	stranger := m.visitor() // a password that is set by a link is told with the browser that opened it
	stranger.client.Transport = b.client.Transport
	stranger.send(stranger.get(m.site.URL+"/forgot", 200), "/forgot", 200, "email", email)
	address := link(t, letter(t, post, email, "reset-", 1), "/reset")
	stranger.send(stranger.get(address, 200), "/reset", 200, "token", tokenIn(t, address), "password", "the third password")
	l := letter(t, post, email, "password-", 2)
	if !strings.Contains(l.Text, "瀏覽器：Firefox。") {
		t.Errorf("after the link: %s", l.Text)
	}
	for prefix, want := range map[string]int{"two-factor-on-": 1, "two-factor-off-": 1, "password-": 2} {
		if got := len(to(post, email, prefix)); got != want {
			t.Errorf("%d letters %s, want %d", got, prefix, want)
		}
	}
}

var shownToken = regexp.MustCompile(`<code class="break">(hg_[A-Za-z0-9_-]+)</code>`)

// TestAccessTokensAreTold makes and removes access tokens, on the pages and by the API: each is one letter with the token's
// name, never the token, that may not be turned off; a refused one is none.
func TestAccessTokensAreTold(t *testing.T) {
	t.Parallel()
	m, post := startWithMail(t)
	b, email := m.onFirefox()
	told := func(prefix string, n int, subject, token string, says ...string) {
		t.Helper()
		l := letter(t, post, email, prefix, n)
		link(t, l, "/settings")
		for _, say := range says {
			if !strings.Contains(l.Text, say) || !strings.Contains(l.HTML, say) {
				t.Errorf("%s does not say %q:\n%s", l.Subject, say, l.Text)
			}
		}
		if l.Subject != subject || l.Header.Get("List-Unsubscribe") != "" || strings.Contains(l.Text+l.HTML, token) {
			t.Errorf("the letter %q, with %v, holds the token or can be turned off:\n%s", l.Subject, l.Header, l.Text)
		}
	}

	b.send(b.get(m.site.URL+"/settings", 200), "/settings/tokens", 422, "name", "robot")
	page := b.send(b.get(m.site.URL+"/settings", 200), "/settings/tokens", 200, "name", "robot", "scopes", "read")
	shown := shownToken.FindStringSubmatch(page)
	if shown == nil {
		t.Fatal("no token is shown")
	}
	robot := person{m: m, token: shown[1]}
	told("token-added-", 1, "An access token was made for your account at haggle", robot.token, "the access token “robot” can act for you", " Taipei time. Browser: Firefox.", "If it was not you")
	var list []struct{ ID, UsedAt, ExpiresAt string }
	robot.do("GET", "/tokens", nil).want(200).into(&list)
	if len(list) != 1 || list[0].UsedAt == "" || list[0].ExpiresAt == "" {
		t.Fatalf("the list of tokens: %+v", list)
	}
	b.send(b.get(m.site.URL+"/settings", 200), "/settings/tokens/"+list[0].ID+"/revoke", 200)
	told("token-removed-", 1, "An access token of your account at haggle was removed", robot.token, "“robot” does not work any more", "Browser: Firefox.", "If it was not you")
	robot.do("GET", "/me", nil).refused(401, "unauthenticated")

	b.send(b.get(m.site.URL+"/settings", 200), "/settings", 200, "name", "Mei", "locale", "zh-TW")
	mei := person{m: m, token: m.guest().do("POST", "/sessions", obj{"email": email, "password": password}).want(201).obj().str("token")}
	mei.do("POST", "/tokens", obj{"name": "script", "scopes": []string{}}).refused(422, "invalid")
	made := mei.do("POST", "/tokens", obj{"name": "script", "scopes": []string{"read"}}).want(201).obj()
	told("token-added-", 2, "你在 haggle 的帳號新增了存取權杖", made.str("token"), "持有存取權杖「script」的程式", "（台北時間）", "若不是你本人操作")
	mei.do("DELETE", "/tokens/"+made.str("id"), nil).want(204)
	told("token-removed-", 2, "你在 haggle 的帳號移除了存取權杖", made.str("token"), "「script」已失效", "若不是你本人操作")
	script := person{m: m, token: mei.do("POST", "/tokens", obj{"name": "second", "scopes": []string{"read"}}).want(201).obj().str("token")}
	script.do("DELETE", "/sessions/current", nil).want(204) // a token that removes itself
	script.do("GET", "/me", nil).refused(401, "unauthenticated")
	told("token-removed-", 3, "你在 haggle 的帳號移除了存取權杖", script.token, "「second」已失效")
	mei.do("DELETE", "/sessions/current", nil).want(204)

	b.has(b.get(m.site.URL+"/notifications", 200), "你在 haggle 的帳號新增了存取權杖", "你在 haggle 的帳號移除了存取權杖")
	for _, prefix := range []string{"token-added-", "token-removed-"} {
		if got := len(to(post, email, prefix)); got != 3 {
			t.Errorf("%d letters %s, want 3", got, prefix)
		}
	}
}
