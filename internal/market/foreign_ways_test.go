package market_test

import (
	"strings"
	"testing"

	"haggle/internal/fault"
	"haggle/internal/market"
)

// resetToken asks for a new password and gives the token of the letter.
func (d *door) resetToken(email string) string {
	d.t.Helper()
	must(d.t, d.ForgotPassword(d.t.Context(), market.ForgottenInput{Email: email}))
	for _, l := range d.sendAll() {
		if _, token, found := strings.Cut(l.Link, "/reset?token="); found {
			return token
		}
	}
	d.t.Fatal("no letter")
	return ""
}

// Somebody opened an account with another's address, and left doors in it. Its owner sets a password by mail: the doors are
// gone. Who has confirmed his address keeps his own.
func TestNoForeignDoorStaysOpen(t *testing.T) {
	for name, confirmed := range map[string]bool{"never confirmed": false, "confirmed before": true} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t, withPasskeys(t))
			ann := d.member("ann")
			if confirmed {
				must(t, d.ResetPassword(t.Context(), market.NewPasswordInput{Token: d.resetToken("ann@door.example"), Password: password}))
				g, err := d.SignIn(t.Context(), market.SignInInput{Email: "ann@door.example", Password: password})
				must(t, err)
				ann = d.actor(g)
			}
			must(t, d.link(ann, mei))
			d.put(market.Passkeys, market.PasskeyRow{ID: "k", Account: ann.Account, At: d.now})
			d.enrolled(ann)
			token, err := d.CreateToken(t.Context(), ann, market.TokenInput{Name: "t", Scopes: []string{market.ScopeRead}})
			must(t, err)
			must(t, d.ResetPassword(t.Context(), market.NewPasswordInput{Token: d.resetToken("ann@door.example"), Password: "the owner's own password"}))

			got, err := d.arrive(mei)
			if kept := err == nil && got.Second != "" && !got.New; kept != confirmed {
				t.Errorf("the link: %+v, %v", got, err)
			}
			_, err = d.SignIn(t.Context(), market.SignInInput{Email: "ann@door.example", Password: "the owner's own password"})
			if kept := fault.Is(err, fault.CodeSecondStep); kept != confirmed {
				t.Errorf("the second factor: %v", err)
			}
			if kept := strings.Contains(d.raw(market.Passkeys), ann.Account); kept != confirmed {
				t.Errorf("the passkey is kept: %v", kept)
			}
			if _, err = d.Authenticate(t.Context(), token.Token); (err == nil) != confirmed {
				t.Errorf("the access token: %v", err)
			}
		})
	}
}
