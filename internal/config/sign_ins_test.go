package config_test

import (
	"slices"
	"testing"

	"haggle/internal/config"
	"haggle/internal/identity/oauth"
)

func TestSignInsStandInOneOrder(t *testing.T) {
	s := config.Site{OIDCIssuer: "https://idp.example", OIDCID: "shop", GitHub: "g:hush", LINE: "1234:hush:with:colons", Google: "x:hush"}
	got, err := s.SignIns()
	want := []oauth.Config{
		{Kind: oauth.Google, Name: "Google", ID: "x", Secret: "hush"},
		{Kind: oauth.LINE, Name: "LINE", ID: "1234", Secret: "hush:with:colons"},
		{Kind: oauth.GitHub, Name: "GitHub", ID: "g", Secret: "hush"},
		{Kind: oauth.OIDC, Name: "idp.example", ID: "shop", Issuer: "https://idp.example"},
	}
	if !slices.Equal(got, want) || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
}
