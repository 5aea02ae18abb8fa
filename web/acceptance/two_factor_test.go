package acceptance

import (
	"bytes"
	"image/png"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

var (
	shownSecret = regexp.MustCompile(`<code class="break">([A-Z2-7 ]{39})</code>`)
	shownCode   = regexp.MustCompile(`<code>([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})</code>`)
)

// TestTwoFactor turns the second step on by its pages, comes in with codes, each once, and is slowed down after wrong ones.
func TestTwoFactor(t *testing.T) {
	t.Parallel()
	m := start(t, "--log-level=debug")
	const email = "mei@haggle.test"
	mei, other := m.newcomer(t), m.newcomer(t)
	mei.send("/sign-up", "/sign-up", "name", "Mei", "email", email, "password", password).want(t, 200, "/")
	other.send("/sign-in", "/sign-in", "email", email, "password", password).want(t, 200, "/")

	p := mei.send("/settings/two-factor", "/settings/two-factor/begin").want(t, 200, "/settings/two-factor", "Show this to your phone")
	found := shownSecret.FindStringSubmatch(p.body)
	if found == nil || p.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("no secret, or it may be kept: %v", p.header)
	}
	secret := strings.ReplaceAll(found[1], " ", "")
	pic := mei.open("/settings/two-factor/code.png")
	if _, err := png.Decode(bytes.NewReader([]byte(pic.body))); err != nil || pic.header.Get("Cache-Control") != "no-store" {
		t.Errorf("picture: %v, %v", err, pic.header)
	}
	code := func(ahead int) string {
		c, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(ahead)*30*time.Second))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	mei.send("/settings/two-factor", "/settings/two-factor", "code", "000000").want(t, 422, "/settings/two-factor", "This code is wrong")
	p = mei.send("/settings/two-factor", "/settings/two-factor", "code", code(0)).want(t, 200, "/settings/two-factor", "Each signs you in once.")
	var codes []string
	for _, c := range shownCode.FindAllStringSubmatch(p.body, -1) {
		codes = append(codes, c[1])
	}
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes are shown", len(codes))
	}
	other.open("/wallet").want(t, 200, "/sign-in") // it was signed in before
	mei.open("/settings/two-factor/code.png").want(t, 404, "/settings/two-factor/code.png")
	m.guest().do("POST", "/sessions", obj{"email": email, "password": password}).refused(401, "second_step_required")

	second := func(v *newcomer) {
		t.Helper()
		v.send("/sign-in?next=/orders", "/sign-in", "email", email, "password", password, "next", "/orders").want(t, 200, "/sign-in/code", "the code that your phone shows now")
		v.open("/wallet").want(t, 200, "/sign-in") // the first step alone is nobody
	}
	fresh := code(1)
	second(other)
	other.send("/sign-in/code", "/sign-in/code", "code", fresh).want(t, 200, "/orders")
	for name, c := range map[string]string{"a code that was used": fresh, "one from before it": code(0), "no code": ""} {
		v := m.newcomer(t)
		second(v)
		if got := v.send("/sign-in/code", "/sign-in/code", "code", c); got.status != 422 {
			t.Errorf("%s: %d at %s", name, got.status, got.path)
		}
	}
	v := m.newcomer(t)
	second(v)
	v.send("/sign-in/code", "/sign-in/code", "code", strings.ToUpper(codes[0])).want(t, 200, "/orders")
	v.open("/settings/two-factor").want(t, 200, "/settings/two-factor", "9 are left.")

	for range 5 {
		v = m.newcomer(t)
		second(v)
		v.send("/sign-in/code", "/sign-in/code", "code", "000000").want(t, 422, "/sign-in/code")
	}
	second(v)
	v.send("/sign-in/code", "/sign-in/code", "code", codes[1]).want(t, 429, "/sign-in/code", "Try again in")

	for _, s := range append([]string{secret, fresh}, codes...) {
		if strings.Contains(m.site.Log(), s) {
			t.Errorf("the log holds %q", s)
		}
	}
}
