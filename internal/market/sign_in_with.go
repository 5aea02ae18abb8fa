package market

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/identity/oauth"
	"haggle/internal/store"
)

// WithInput begins a sign-in with another site, or a link to one.
type WithInput struct {
	Provider string
	Browser  string // a random value that this browser alone holds
	Next     string // where the reader was going
	Password string // of a link, where the sign-in is not recent
}

// AnswerInput is another site's answer, as the browser brings it.
type AnswerInput struct {
	Provider string // whose callback it came to
	Browser  string
	Answer   url.Values
	Locale   string // of a new person
	Agent    string
}

// SignedIn is how far somebody came: Grant is his session, or else a ticket says what is still asked of him.
type SignedIn struct {
	Grant   Grant
	Second  string // ticket of the second step
	Welcome string // ticket of a new person, of whom something is missing
	Linked  bool   // an account at another site now signs in here; there is no new session
	New     bool   // the account was opened just now
	Next    string // where the reader was going
}

// BeginSignInWith gives the other site's address to send the browser to.
func (m *Market) BeginSignInWith(ctx context.Context, in WithInput) (address string, err error) {
	return m.beginWith(ctx, in, FlowRow{Kind: flowSignIn})
}

// BeginLink is BeginSignInWith for somebody who is signed in and wants to sign in that way from now on.
func (m *Market) BeginLink(ctx context.Context, a Actor, in WithInput) (address string, err error) {
	if err := m.confirm(ctx, a, in.Password); err != nil {
		return "", err
	}
	return m.beginWith(ctx, in, FlowRow{Kind: flowLink, Account: a.Account})
}

// flowSecrets are sealed while the other site is at work.
type flowSecrets struct{ Nonce, Verifier string }

func (m *Market) flowBox() identity.Box { return m.cfg.Secret.Box("sign-in") }

func (m *Market) beginWith(ctx context.Context, in WithInput, row FlowRow) (string, error) {
	p, err := m.offered(in.Provider)
	if err != nil {
		return "", err
	}
	flow := oauth.NewFlow()
	address, err := p.Begin(ctx, flow)
	if err != nil {
		return "", err
	}
	secrets, err := json.Marshal(flowSecrets{flow.Nonce, flow.Verifier})
	if err != nil {
		return "", err
	}
	row.Provider, row.Next, row.Secret = in.Provider, in.Next, m.flowBox().Seal(secrets, identity.Fingerprint(flow.State))
	return address, m.openFlow(ctx, flow.State, in.Browser, row)
}

// FinishSignInWith reads another site's answer: who is linked to an account is signed in to it, a link that was begun is
// made, anybody else is new. An e-mail that has an account already is refused as email_taken: it proves nothing, so its
// owner signs in as he did and links the other site in his settings.
func (m *Market) FinishSignInWith(ctx context.Context, a Actor, in AnswerInput) (SignedIn, error) {
	p, err := m.offered(in.Provider)
	if err != nil {
		return SignedIn{}, err
	}
	state := in.Answer.Get("state")
	row, err := m.takeFlow(ctx, state, in.Browser, flowSignIn, flowLink)
	if err != nil {
		return SignedIn{}, err
	}
	flow, err := m.flowOf(row, state)
	if err != nil || row.Provider != in.Provider {
		return SignedIn{}, noFlow("another provider's")
	}
	if row.Kind == flowLink && row.Account != a.Account {
		return SignedIn{}, noFlow("another account's")
	}
	person, err := p.Finish(ctx, flow, in.Answer)
	if err != nil {
		return SignedIn{Next: row.Next}, err
	}
	if row.Kind == flowLink {
		return SignedIn{Linked: true, Next: row.Next}, m.link(ctx, a, in.Provider, person)
	}
	return m.arrive(ctx, in, row, person)
}

func (m *Market) flowOf(row FlowRow, state string) (oauth.Flow, error) {
	plain, err := m.flowBox().Open(row.Secret, row.ID)
	if err != nil {
		return oauth.Flow{}, err
	}
	var s flowSecrets
	err = json.Unmarshal(plain, &s)
	return oauth.Flow{State: state, Nonce: s.Nonce, Verifier: s.Verifier}, err
}

// arrive signs in who is linked, and welcomes who is new.
func (m *Market) arrive(ctx context.Context, in AnswerInput, row FlowRow, person oauth.Person) (SignedIn, error) {
	link, err := m.rows.links.Get(ctx, linkID(person))
	if err == nil {
		return m.firstStepDone(ctx, link.Account, in.Agent, row.Next)
	}
	if !errors.Is(err, store.ErrNotFound) {
		return SignedIn{}, err
	}
	fresh := FlowRow{Kind: flowWelcome, Provider: in.Provider, Issuer: person.Issuer, Subject: person.Subject, Verified: person.EmailVerified,
		Name: publicName(person.Name), Next: row.Next}
	if email, err := identity.ParseEmail(person.Email); err == nil {
		fresh.Email = email.Address
		if known, err := m.accountByEmail(ctx, email.Key); err != nil || known.ID != "" {
			return SignedIn{Next: row.Next}, orTaken(err)
		}
	}
	if fresh.Name == "" || fresh.Email == "" {
		ticket := identity.NewTicket()
		return SignedIn{Welcome: ticket, Next: row.Next}, m.openFlow(ctx, ticket, ticket, fresh)
	}
	return m.join(ctx, fresh, JoinInput{Name: fresh.Name, Email: fresh.Email, Locale: in.Locale, Agent: in.Agent})
}

func orTaken(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.CodeEmailTaken, nil)
}
