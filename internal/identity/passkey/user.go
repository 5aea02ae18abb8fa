package passkey

import (
	"encoding/json"
	"fmt"

	"github.com/go-webauthn/webauthn/webauthn"
)

// user is a person as the library asks for one.
type user struct {
	Person
	keys []webauthn.Credential
}

func userOf(p Person) (user, error) {
	u := user{Person: p}
	for _, k := range p.Keys {
		var c webauthn.Credential
		if err := json.Unmarshal(k.Record, &c); err != nil {
			return user{}, fmt.Errorf("passkey: a stored key: %w", err)
		}
		u.keys = append(u.keys, c)
	}
	return u, nil
}

// WebAuthnID is what the passkey keeps of its person.
func (u user) WebAuthnID() []byte { return []byte(u.ID) }

// WebAuthnName tells a person's accounts apart.
func (u user) WebAuthnName() string { return u.Email }

// WebAuthnDisplayName is what the browser shows.
func (u user) WebAuthnDisplayName() string { return u.Name }

// WebAuthnCredentials are the person's keys.
func (u user) WebAuthnCredentials() []webauthn.Credential { return u.keys }
