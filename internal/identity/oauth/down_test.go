package oauth_test

import (
	"strings"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/identity/oauth"
)

// A provider that is down is asked again after a while, longer each time, and not before; once it answers it is there.
func TestAProviderThatIsDown(t *testing.T) {
	i := newIDP(t, issuer)
	clock := now
	p := oauth.New(generic, oauth.Options{URL: site, Transport: i, Now: func() time.Time { return clock }})
	if s := p.Status(); s.Down || i.looked != 0 {
		t.Errorf("before anybody asked: %+v, looked %d times", s, i.looked)
	}
	i.down = true
	begin := func() error {
		_, err := p.Begin(t.Context(), oauth.NewFlow())
		return err
	}
	for _, wait := range []time.Duration{5, 10, 20, 40, 80, 160, 300, 300} {
		if err := begin(); !fault.Is(err, fault.CodeProviderDown) {
			t.Fatalf("down: %v", err)
		}
		if s := p.Status(); !s.Down || !s.Again.Equal(clock.Add(wait*time.Second)) {
			t.Errorf("down: %+v, want to ask again after %d s", s, wait)
		}
		i.down = false
		clock = clock.Add(wait*time.Second - time.Millisecond)
		if err := begin(); !fault.Is(err, fault.CodeProviderDown) || i.looked != 0 {
			t.Errorf("asked too soon: %v, looked %d times", err, i.looked)
		}
		i.down = true
		clock = clock.Add(time.Millisecond)
	}
	i.down = false
	if err := begin(); err != nil || p.Status().Down {
		t.Errorf("back: %v, %+v", err, p.Status())
	}
	i.down = true
	clock = clock.Add(24 * time.Hour)
	if err := begin(); err != nil || p.Status().Down {
		t.Errorf("what it told before is not believed: %v", err)
	}
}

func TestDiscoveryIsHeldAgainstTheIssuer(t *testing.T) {
	for name, more := range map[string]map[string]any{
		"another issuer":         {"issuer": "https://evil.example"},
		"an address without TLS": {"token_endpoint": "http://idp.example/token"},
		"no keys":                {"jwks_uri": ""},
		"no addresses":           {"authorization_endpoint": nil},
	} {
		i := newIDP(t, issuer)
		i.more = more
		if _, err := i.provider(generic).Begin(t.Context(), oauth.NewFlow()); !fault.Is(err, fault.CodeProviderDown) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestConfig(t *testing.T) {
	key, _ := appleKey(t)
	for _, c := range []struct {
		name  string
		parse func() (oauth.Config, error)
		ok    bool
	}{
		{"an issuer", func() (oauth.Config, error) {
			return oauth.ParseOIDC("https://idp.example/tenant", "id", "hush-hush", "")
		}, true},
		{"an issuer on this machine", func() (oauth.Config, error) { return oauth.ParseOIDC("http://localhost:9998/", "id", "", "x") }, true},
		{"an issuer without TLS", func() (oauth.Config, error) { return oauth.ParseOIDC("http://idp.example", "id", "hush-hush", "") }, false},
		{"an issuer without client", func() (oauth.Config, error) { return oauth.ParseOIDC("https://idp.example", "", "hush-hush", "") }, false},
		{"an issuer with a query", func() (oauth.Config, error) { return oauth.ParseOIDC("https://idp.example?x", "id", "hush-hush", "") }, false},
		{"a client", func() (oauth.Config, error) { return oauth.ParseClient(oauth.Google, "id:hush-hush:more") }, true},
		{"a client without secret", func() (oauth.Config, error) { return oauth.ParseClient(oauth.Google, "hush-hush") }, false},
		{"Apple", func() (oauth.Config, error) { return oauth.ParseApple("id:team:kid:" + key) }, true},
		{"Apple without key", func() (oauth.Config, error) { return oauth.ParseApple("id:team:kid:" + key + "x") }, false},
		{"Apple with three parts", func() (oauth.Config, error) { return oauth.ParseApple("id:team:hush-hush") }, false},
	} {
		got, err := c.parse()
		if (err == nil) != c.ok || err == nil && got.Name == "" {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "hush-hush") {
			t.Errorf("%s: %v repeats the secret", c.name, err)
		}
	}
}
