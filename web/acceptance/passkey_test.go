package acceptance

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// authenticator gives a browser a telephone of sorts, which keeps passkeys and verifies its person.
func (b *browser) authenticator() webauthn.AuthenticatorID {
	b.t.Helper()
	b.must(chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{}))
	got, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, AutomaticPresenceSimulation: true, IsUserVerified: true}})
	b.must(nil, err)
	return got.AuthenticatorID
}

// forge makes the authenticator's next answers wrong.
func (b *browser) forge(id webauthn.AuthenticatorID, signature, verified bool) {
	b.t.Helper()
	b.must(chromedp.Call(b.ctx, webauthn.SetResponseOverrideBits, webauthn.SetResponseOverrideBitsParams{AuthenticatorID: id, IsBogusSignature: &signature, IsBadUV: &verified}))
}

// TestPasskeys makes a passkey in the settings, signs in with it, and not with a forged answer, an unverified person or a
// removed one. Without scripts, and under another name, the page says why there are none.
func TestPasskeys(t *testing.T) {
	t.Parallel()
	m := start(t)
	number := m.site.URL
	m.site.URL = strings.Replace(number, "127.0.0.1", "localhost", 1) // passkeys belong to a name
	c := chromium(t)
	b := m.browser(c, "Mei", look{lang: "en", width: phone, script: true})
	id := b.authenticator()
	const signIn = "Sign in with a passkey"

	b.signUp()
	b.open("/settings")
	b.fill("#f-name-passkey", "Telephone")
	b.press("Add a passkey")
	b.see("The passkey is added.", "Telephone")
	keys, err := chromedp.Call(b.ctx, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: id})
	if err != nil || len(keys.Credentials) != 1 || !keys.Credentials[0].IsResidentCredential || keys.Credentials[0].RpID != "localhost" {
		t.Fatalf("the authenticator keeps %+v, %v", keys.Credentials, err)
	}

	leave := func() {
		t.Helper()
		b.open("/settings")
		b.press("Sign out")
		b.open("/sign-in?next=/wallet")
	}
	leave()
	b.press(signIn)
	if b.page() != "/wallet" {
		b.fatalf("the passkey leads to %s", b.page())
	}
	for name, forge := range map[string]func(){
		"a bogus signature":                 func() { b.forge(id, true, false) },
		"an answer without a verified user": func() { b.forge(id, false, true) },
	} {
		leave()
		forge()
		b.press(signIn)
		b.refusals++
		b.see("The passkey did not fit")
		if b.open("/wallet"); b.page() != "/sign-in" {
			t.Errorf("%s signs in", name)
		}
		b.forge(id, false, false)
		b.open("/sign-in")
		b.press(signIn)
	}

	leave()
	b.must(chromedp.Call(b.ctx, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: id}))
	b.click(b.aim(labelled, signIn))
	b.see("No passkey was used.")
	b.must(chromedp.Call(b.ctx, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: id, IsUserVerified: true}))
	b.press(signIn)
	if b.page() != "/wallet" {
		b.fatalf("the passkey leads to %s", b.page())
	}

	b.open("/settings")
	b.press("Remove Telephone")
	b.see("The passkey is removed.")
	leave()
	b.press(signIn)
	b.refusals++
	b.see("The passkey did not fit")
	b.quiet()

	plain := m.browser(c, "Ann", look{lang: "zh-TW", width: phone})
	plain.open("/sign-in")
	plain.see("通行密鑰需要 JavaScript，但目前已關閉。")
	m.site.URL = number
	elsewhere := m.browser(c, "Bob", look{lang: "zh-TW", width: phone, script: true})
	elsewhere.open("/sign-in")
	elsewhere.see("本站的通行密鑰屬於 localhost，請用該網址開啟。")
	elsewhere.quiet()
}
