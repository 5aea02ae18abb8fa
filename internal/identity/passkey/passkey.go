// Package passkey registers passkeys and reads what they sign (Web Authentication, level 3). A passkey of haggle is found
// by the browser without a name typed, and verifies its person: it stands for both factors.
//
// A ceremony has two halves. Begin… gives options for the browser and a state to keep until its answer comes; Finish… reads
// the answer against that state. Nothing is stored here.
package passkey

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// ErrNoName says that the site is typed as a number: passkeys belong to names.
var ErrNoName = errors.New("passkey: the site's address is a number, not a name")

// ErrWrong says that an answer does not hold: another site's, another challenge's, not signed by this key, or made by a
// copy of it.
var ErrWrong = errors.New("passkey: the answer does not hold")

// Site makes and reads the ceremonies of one site.
type Site struct {
	w    *webauthn.WebAuthn
	host string
}

// New is the site under an address that people type. On this machine's own number passkeys belong to localhost.
func New(name, address string) (*Site, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("passkey: %w", err)
	}
	host := u.Hostname()
	if ip := net.ParseIP(host); ip != nil {
		if !ip.IsLoopback() {
			return nil, ErrNoName
		}
		host = "localhost"
	}
	origin := u.Scheme + "://" + host
	if port := u.Port(); port != "" {
		origin += ":" + port
	}
	w, err := webauthn.New(&webauthn.Config{RPID: host, RPDisplayName: name, RPOrigins: []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired,
		}})
	if err != nil {
		return nil, fmt.Errorf("passkey: %w", err)
	}
	return &Site{w: w, host: host}, nil
}

// Host is the name that the passkeys belong to.
func (s *Site) Host() string { return s.host }

// Key is one passkey as it is stored: public, but for what it tells of its person.
type Key struct {
	ID     string // as the browser names it, base64url
	Record []byte // what its answers are read against
}

// Person is who a passkey belongs to.
type Person struct {
	ID    string // kept in the passkey
	Email string
	Name  string
	Keys  []Key
}

// Ceremony is the first half of one.
type Ceremony struct {
	Options []byte // JSON for the browser
	State   []byte // to keep for the second half
}

// BeginRegistration asks the browser to make a passkey, but not a second one in a place that has one.
func (s *Site) BeginRegistration(p Person) (Ceremony, error) {
	who, err := userOf(p)
	if err != nil {
		return Ceremony{}, err
	}
	var known []protocol.CredentialDescriptor
	for _, c := range who.keys {
		known = append(known, c.Descriptor())
	}
	options, session, err := s.w.BeginRegistration(who, webauthn.WithExclusions(known))
	return ceremony(options, session, err)
}

// FinishRegistration reads the answer: a new key of this person, or ErrWrong.
func (s *Site) FinishRegistration(p Person, state, answer []byte) (Key, error) {
	who, err := userOf(p)
	if err != nil {
		return Key{}, err
	}
	session, err := sessionOf(state)
	if err != nil {
		return Key{}, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return Key{}, wrong(err)
	}
	c, err := s.w.CreateCredential(who, session, parsed)
	if err != nil {
		return Key{}, wrong(err)
	}
	return keyOf(c)
}

// BeginSignIn asks the browser for any passkey of this site.
func (s *Site) BeginSignIn() (Ceremony, error) {
	options, session, err := s.w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	return ceremony(options, session, err)
}

// FinishSignIn reads the answer: whose key it was and the key as it is to be stored from now on. find looks a person up;
// its error comes back as ErrWrong.
func (s *Site) FinishSignIn(state, answer []byte, find func(id string) (Person, error)) (Person, Key, error) {
	session, err := sessionOf(state)
	if err != nil {
		return Person{}, Key{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Person{}, Key{}, wrong(err)
	}
	var person Person
	_, c, err := s.w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		var err error
		if person, err = find(string(handle)); err != nil {
			return nil, err
		}
		return userOf(person)
	}, session, parsed)
	if err != nil {
		return Person{}, Key{}, wrong(err)
	}
	if c.Authenticator.CloneWarning {
		return Person{}, Key{}, wrong(errors.New("its counter went back: there is a copy"))
	}
	key, err := keyOf(c)
	return person, key, err
}

func ceremony(options any, session *webauthn.SessionData, err error) (Ceremony, error) {
	if err != nil {
		return Ceremony{}, fmt.Errorf("passkey: %w", err)
	}
	var c Ceremony
	if c.Options, err = json.Marshal(options); err != nil {
		return Ceremony{}, err
	}
	c.State, err = json.Marshal(session)
	return c, err
}

func sessionOf(state []byte) (session webauthn.SessionData, err error) {
	if err = json.Unmarshal(state, &session); err != nil {
		err = fmt.Errorf("passkey: state: %w", err)
	}
	return session, err
}

func keyOf(c *webauthn.Credential) (Key, error) {
	record, err := json.Marshal(c)
	return Key{ID: base64.RawURLEncoding.EncodeToString(c.ID), Record: record}, err
}

// wrong keeps the reason for the log. The library's own text holds no secret: it names what did not fit.
func wrong(err error) error {
	var p *protocol.Error
	if errors.As(err, &p) {
		return fmt.Errorf("%w: %s %s", ErrWrong, p.Details, p.DevInfo)
	}
	return fmt.Errorf("%w: %w", ErrWrong, err)
}
