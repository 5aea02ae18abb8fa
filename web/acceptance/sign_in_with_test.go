package acceptance

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestSignInWithOthers comes in through a real OpenID Connect provider: new, again, linked, unlinked; answers that are
// not this browser's, not whole or used are refused; a provider that is down stops nobody else.
func TestSignInWithOthers(t *testing.T) {
	e := startElsewhere(t)
	m := start(t, append(e.flags(), "--google=google-id:google-secret", "--log-level=debug")...)
	e.know(m)
	const first, second = "test-user@localhost", "test-user2"
	secrets := []string{"hush-hush-hush", "google-secret", "verysecure"}

	mei := m.newcomer(t)
	t.Run("a new person", func(t *testing.T) {
		mei.open("/sign-in").want(t, 200, "/sign-in", "Sign in with Elsewhere", "Sign in with Google")
		p := mei.through(mei.send("/sign-in?next=/wallet", "/sign-in/with/oidc", "next", "/wallet"), e, first)
		p.want(t, 200, "/wallet", "Welcome.", "Test User")
		mei.open("/settings").want(t, 200, "/settings", "test-user@zitadel.ch", "No password is set.", "Unlink Elsewhere")
	})
	t.Run("again, in another browser", func(t *testing.T) {
		other := m.newcomer(t)
		other.through(other.send("/sign-in", "/sign-in/with/oidc"), e, first).want(t, 200, "/")
		other.open("/settings").want(t, 200, "/settings", "test-user@zitadel.ch")
	})
	t.Run("the last way in stays", func(t *testing.T) {
		mei.send("/settings", unlinkPath(t, mei)).want(t, 422, unlinkPath(t, mei), "It is your only way to sign in.")
	})
	t.Run("refused answers", func(t *testing.T) {
		v, stranger := m.newcomer(t), m.newcomer(t)
		held := v.hold("/sign-in", "/sign-in/with/oidc", e, second)
		secrets = append(secrets, parameter(held, "code"), parameter(held, "state"))
		const callback = "/sign-in/with/oidc/callback"
		for name, c := range map[string]struct {
			who     *newcomer
			address string
		}{
			"in another browser":                  {stranger, held},
			"with another state":                  {v, changed(held, "state", "x")},
			"without state":                       {v, changed(held, "state", "")},
			"of another issuer":                   {v, changed(v.hold("/sign-in", "/sign-in/with/oidc", e, second), "iss", "https://evil.example")},
			"with another code":                   {v, changed(v.hold("/sign-in", "/sign-in/with/oidc", e, second), "code", "x")},
			"without code":                        {v, changed(v.hold("/sign-in", "/sign-in/with/oidc", e, second), "code", "")},
			"with the code of another's sign-in":  {v, changed(v.hold("/sign-in", "/sign-in/with/oidc", e, second), "code", parameter(held, "code"))},
			"that says no, and has a code anyway": {v, v.hold("/sign-in", "/sign-in/with/oidc", e, second) + "&error=server_error"},
		} {
			p := c.who.open(c.address)
			p.want(t, 422, callback, "Begin again.")
			if strings.Contains(p.body, parameter(held, "code")) {
				t.Errorf("%s: the page repeats the code", name)
			}
			c.who.open("/settings").want(t, 200, "/sign-in")
		}
		mixed := v.hold("/sign-in", "/sign-in/with/oidc", e, second)
		v.open(strings.Replace(mixed, "/oidc/", "/google/", 1)).want(t, 422, "/sign-in/with/google/callback", "Begin again.")
		held = v.hold("/sign-in", "/sign-in/with/oidc", e, second)
		v.open(held).want(t, 200, "/", "Test User2")
		v.open("/settings").want(t, 200, "/settings", "test-user2@zitadel.ch")
		stranger.open(held).want(t, 422, callback)
		v.open(held).want(t, 422, callback, "Begin again.")
	})
	t.Run("linking", func(t *testing.T) {
		ann := m.newcomer(t)
		ann.send("/sign-up", "/sign-up", "name", "Ann", "email", "ann@haggle.test", "password", password).want(t, 200, "/")
		p := ann.through(ann.send("/settings", "/settings/links/oidc"), e, second)
		p.want(t, 409, "/sign-in/with/oidc/callback", "That account belongs to somebody else here.")
		held := ann.hold("/settings", "/settings/links/oidc", e, second)
		m.newcomer(t).open(held).want(t, 422, "/sign-in/with/oidc/callback", "Begin again.")
	})
	for _, s := range secrets {
		if strings.Contains(m.site.Log(), s) {
			t.Errorf("the log holds %q", s)
		}
	}
}

// TestEmailOfAnotherAccount comes from elsewhere with the e-mail of an account that has a password: it is refused, and
// linked in the settings.
func TestEmailOfAnotherAccount(t *testing.T) {
	e := startElsewhere(t)
	m := start(t, e.flags()...)
	e.know(m)
	ann := m.newcomer(t)
	ann.send("/sign-up", "/sign-up", "name", "Ann", "email", "test-user@zitadel.ch", "password", password).want(t, 200, "/")
	other := m.newcomer(t)
	p := other.through(other.send("/sign-in", "/sign-in/with/oidc"), e, "test-user@localhost")
	p.want(t, 409, "/sign-in/with/oidc/callback", "Sign in as before, then link Elsewhere in your settings.")
	other.open("/settings").want(t, 200, "/sign-in")

	ann.through(ann.send("/settings", "/settings/links/oidc"), e, "test-user@localhost").want(t, 200, "/settings", "Linked.", "test-user@zitadel.ch")
	other.through(other.send("/sign-in?next=/orders", "/sign-in/with/oidc", "next", "/orders"), e, "test-user@localhost").want(t, 200, "/orders")
	ann.send("/settings", unlinkPath(t, ann)).want(t, 200, "/settings", "Unlinked.")
	other.open("/orders").want(t, 200, "/sign-in")
	ann.open("/orders").want(t, 200, "/orders")
}

// TestAProviderThatIsDownAtTheStart starts the site without its provider; once it is there, people come in.
func TestAProviderThatIsDownAtTheStart(t *testing.T) {
	t.Parallel()
	e := startElsewhere(t)
	e.stop()
	m := start(t, e.flags()...)
	e.know(m)
	v := m.newcomer(t)
	v.send("/sign-in", "/sign-in/with/oidc").want(t, 503, "/sign-in/with/oidc", "That site is not answering at the moment.")
	v.open("/sign-in").want(t, 200, "/sign-in", "Elsewhere is not answering at the moment.")
	m.newcomer(t).send("/sign-up", "/sign-up", "name", "Ann", "email", "ann@haggle.test", "password", password).want(t, 200, "/")
	if out, code := m.run(append([]string{"doctor"}, e.flags()...)...); code != 1 || !strings.Contains(out, "oidc") {
		t.Errorf("doctor exits %d: %s", code, out)
	}
	e.again(t)
	if out, code := m.run(append([]string{"doctor"}, e.flags()...)...); code != 0 {
		t.Errorf("doctor exits %d: %s", code, out)
	}
	v.send("/sign-in", "/sign-in/with/oidc").want(t, 503, "/sign-in/with/oidc") // not asked again at once
	time.Sleep(5100 * time.Millisecond)
	v.through(v.send("/sign-in", "/sign-in/with/oidc"), e, "test-user@localhost").want(t, 200, "/")
}

var unlinkForm = regexp.MustCompile(`action="(/settings/links/[0-9a-f]+/remove)"`)

func unlinkPath(t *testing.T, v *newcomer) string {
	t.Helper()
	m := unlinkForm.FindStringSubmatch(v.open("/settings").body)
	if m == nil {
		t.Fatal("nothing is linked")
	}
	return m[1]
}

func parameter(address, name string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Query().Get(name)
}
