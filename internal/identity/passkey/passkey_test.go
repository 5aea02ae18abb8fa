package passkey_test

import (
	"encoding/json"
	"errors"
	"testing"

	"haggle/internal/identity/passkey"
)

func TestHosts(t *testing.T) {
	for address, want := range map[string]string{
		"https://haggle.example": "haggle.example", "http://localhost:8080": "localhost", "http://127.0.0.1:8080": "localhost", "http://[::1]:80": "localhost",
		"http://192.0.2.7:8080": "", "https://[2001:db8::1]": "",
	} {
		s, err := passkey.New("haggle", address)
		if want == "" {
			if !errors.Is(err, passkey.ErrNoName) {
				t.Errorf("%s: %v", address, err)
			}
			continue
		}
		if err != nil || s.Host() != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// What is asked of the browser: a key it finds by itself, that verifies its person, and no second one beside a known one.
func TestWhatIsAskedOfTheBrowser(t *testing.T) {
	s, err := passkey.New("haggle", "https://haggle.example")
	if err != nil {
		t.Fatal(err)
	}
	known := passkey.Key{ID: "AQID", Record: []byte(`{"id":"AQID","publicKey":"AA=="}`)}
	c, err := s.BeginRegistration(passkey.Person{ID: "u1", Email: "mei@example.org", Name: "Mei", Keys: []passkey.Key{known}})
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		PublicKey struct {
			Challenge              string
			Attestation            string
			User                   struct{ ID, Name, DisplayName string }
			AuthenticatorSelection struct{ ResidentKey, UserVerification string }
			ExcludeCredentials     []struct{ ID string }
		}
	}
	if err := json.Unmarshal(c.Options, &o); err != nil {
		t.Fatal(err)
	}
	p := o.PublicKey
	if p.AuthenticatorSelection.ResidentKey != "required" || p.AuthenticatorSelection.UserVerification != "required" || p.Attestation != "none" {
		t.Errorf("asked: %s", c.Options)
	}
	if len(p.ExcludeCredentials) != 1 || p.ExcludeCredentials[0].ID != "AQID" || p.User.ID != "dTE" || p.User.Name != "mei@example.org" {
		t.Errorf("asked: %s", c.Options)
	}
	again, err := s.BeginSignIn()
	if err != nil {
		t.Fatal(err)
	}
	var in struct {
		PublicKey struct {
			Challenge, RPID, UserVerification string
			AllowCredentials                  []any
		}
	}
	if err := json.Unmarshal(again.Options, &in); err != nil {
		t.Fatal(err)
	}
	if in.PublicKey.UserVerification != "required" || in.PublicKey.RPID != "haggle.example" || len(in.PublicKey.AllowCredentials) != 0 || in.PublicKey.Challenge == p.Challenge {
		t.Errorf("asked: %s", again.Options)
	}
}

func TestNonsenseIsRefused(t *testing.T) {
	s, err := passkey.New("haggle", "https://haggle.example")
	if err != nil {
		t.Fatal(err)
	}
	person := passkey.Person{ID: "u1", Email: "mei@example.org", Name: "Mei"}
	c, err := s.BeginSignIn()
	if err != nil {
		t.Fatal(err)
	}
	for _, answer := range []string{"", "{}", "null", `{"id":"AQID","rawId":"AQID","type":"public-key","response":{}}`, "\x00"} {
		if _, err := s.FinishRegistration(person, c.State, []byte(answer)); !errors.Is(err, passkey.ErrWrong) {
			t.Errorf("registered with %q: %v", answer, err)
		}
		if _, _, err := s.FinishSignIn(c.State, []byte(answer), func(string) (passkey.Person, error) { return person, nil }); !errors.Is(err, passkey.ErrWrong) {
			t.Errorf("signed in with %q: %v", answer, err)
		}
	}
}
