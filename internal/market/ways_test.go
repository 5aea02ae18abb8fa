package market_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/identity/oauth"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/store"
	"haggle/internal/store/sqlite"
)

// door is a market of people who come in, over a real store, with a clock that is turned by hand.
type door struct {
	t *testing.T
	*market.Market
	cfg   market.Config
	store store.Engine
	now   time.Time
	log   bytes.Buffer
	other *elsewhere

	before func() error // of every commit; nil: nothing
}

// hook runs what a test wants before a commit.
func (d *door) hook(context.Context) error {
	if d.before == nil {
		return nil
	}
	return d.before()
}

// elsewhere is another site that says what it is told to.
type elsewhere struct {
	kind  string
	says  oauth.Person
	fails error
	flow  oauth.Flow // of the last flow
}

func (e *elsewhere) Kind() string         { return e.kind }
func (e *elsewhere) Name() string         { return "Elsewhere" }
func (e *elsewhere) Status() oauth.Status { return oauth.Status{Kind: e.kind} }
func (e *elsewhere) Begin(_ context.Context, f oauth.Flow) (string, error) {
	e.flow = f
	return "https://elsewhere.example/?state=" + f.State, e.fails
}
func (e *elsewhere) Finish(_ context.Context, f oauth.Flow, _ url.Values) (oauth.Person, error) {
	if f != e.flow {
		return oauth.Person{}, fmt.Errorf("the flow %v came back as %v", e.flow, f)
	}
	return e.says, e.fails
}

func newDoor(t *testing.T, change ...func(*market.Config)) *door {
	t.Helper()
	return newDoorOver(t, func(hooks store.Hooks) store.Engine {
		s, err := sqlite.Open(t.TempDir(), hooks)
		must(t, err)
		return s
	}, change...)
}

// newDoorOver is a door over another kind of store.
func newDoorOver(t *testing.T, open func(store.Hooks) store.Engine, change ...func(*market.Config)) *door {
	t.Helper()
	d := &door{t: t, now: time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC), other: &elsewhere{kind: "oidc"}}
	s := open(store.Hooks{BeforeCommit: d.hook})
	t.Cleanup(func() { _ = s.Close() })
	must(t, s.Ensure(t.Context(), market.Specs()))
	secret, err := identity.NewSecret(strings.Repeat("s", 32))
	must(t, err)
	currency, err := money.Lookup("TWD")
	must(t, err)
	clock := func() time.Time { return d.now }
	e := engine.New(engine.Config{Store: s, Mechanisms: registry.All(), Currency: currency, LogKey: secret.LogKey(), Clock: clock})
	t.Cleanup(e.Close)
	cfg := market.Config{Name: "door", URL: "http://door.example", Currency: currency, MinDuration: time.Hour, LogKey: secret.LogKey(), Store: s, Engine: e,
		Hasher: identity.NewHasher(identity.Cost{Memory: 64, Time: 1, Threads: 1}), Clock: clock, Secret: secret, Providers: []market.Provider{d.other, &elsewhere{kind: "google"}},
		Logger: slog.New(slog.NewTextHandler(&d.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	for _, f := range change {
		f(&cfg)
	}
	d.store, d.cfg, d.Market = s, cfg, market.New(cfg)
	return d
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (d *door) refused(what string, err error, code fault.Code) {
	d.t.Helper()
	if !fault.Is(err, code) {
		d.t.Errorf("%s: %v, want %s", what, err, code)
	}
}

const password = "correct horse battery"

// member registers somebody with a password.
func (d *door) member(name string) market.Actor {
	d.t.Helper()
	g, err := d.Register(d.t.Context(), market.RegisterInput{Email: name + "@door.example", Password: password, Name: name})
	must(d.t, err)
	return d.actor(g)
}

func (d *door) actor(g market.Grant) market.Actor {
	d.t.Helper()
	a, err := d.Authenticate(d.t.Context(), g.Token)
	must(d.t, err)
	return a
}

// begin begins a sign-in with the other site and gives its state.
func (d *door) begin(browser string) string {
	d.t.Helper()
	_, err := d.BeginSignInWith(d.t.Context(), market.WithInput{Provider: "oidc", Browser: browser, Next: "/wallet"})
	must(d.t, err)
	return d.other.flow.State
}

func (d *door) answer(a market.Actor, provider, browser, state string) (market.SignedIn, error) {
	return d.FinishSignInWith(d.t.Context(), a, market.AnswerInput{Provider: provider, Browser: browser, Answer: url.Values{"state": {state}, "code": {"c"}}, Locale: "zh-TW"})
}

// arrive signs in as the person that the other site tells of.
func (d *door) arrive(says oauth.Person) (market.SignedIn, error) {
	d.t.Helper()
	d.other.says = says
	return d.answer(market.Actor{}, "oidc", "b", d.begin("b"))
}

// link links the actor to the person that the other site tells of.
func (d *door) link(a market.Actor, says oauth.Person) error {
	d.t.Helper()
	d.other.says = says
	_, err := d.BeginLink(d.t.Context(), a, market.WithInput{Provider: "oidc", Browser: "b", Password: password})
	must(d.t, err)
	_, err = d.answer(a, "oidc", "b", d.other.flow.State)
	return err
}

var mei = oauth.Person{Issuer: "https://elsewhere.example", Subject: "mei", Email: "mei@elsewhere.example", EmailVerified: true, Name: "Mei"}

func TestANewPersonFromElsewhere(t *testing.T) {
	d := newDoor(t)
	got, err := d.arrive(mei)
	if err != nil || !got.New || got.Next != "/wallet" {
		t.Fatalf("%+v, %v", got, err)
	}
	me, err := d.Me(t.Context(), d.actor(got.Grant))
	if err != nil || me.Email != mei.Email || me.Name != "Mei" || me.Locale != "zh-TW" || !me.EmailConfirmed {
		t.Errorf("%+v, %v", me, err)
	}
	_, err = d.SignIn(t.Context(), market.SignInInput{Email: mei.Email, Password: ""})
	d.refused("an empty password", err, fault.CodeWrongCredentials)

	moved := mei
	moved.Email, moved.Name = "other@elsewhere.example", "M"
	again, err := d.arrive(moved)
	if err != nil || again.New || again.Grant.ID != got.Grant.ID {
		t.Errorf("the same subject with another e-mail: %+v, %v", again, err)
	}
	for name, p := range map[string]oauth.Person{
		"another subject": {Issuer: mei.Issuer, Subject: "ann", Email: mei.Email, EmailVerified: true, Name: "Ann"},
		"another issuer":  {Issuer: "https://evil.example", Subject: mei.Subject, Email: strings.ToUpper(mei.Email), EmailVerified: true, Name: "Ann"},
	} {
		_, err := d.arrive(p)
		d.refused(name+" with a known e-mail", err, fault.CodeEmailTaken)
	}
}

func TestWhatElsewhereDidNotTellIsAsked(t *testing.T) {
	d := newDoor(t)
	d.member("ann")
	got, err := d.arrive(oauth.Person{Issuer: mei.Issuer, Subject: "x", Name: "Bad\u202ename"})
	if err != nil || got.Welcome == "" || got.Grant.Token != "" {
		t.Fatalf("%+v, %v", got, err)
	}
	v, err := d.Welcome(t.Context(), got.Welcome)
	if err != nil || v.Email != "" || v.Name != "" || v.Provider != "Elsewhere" {
		t.Errorf("%+v, %v", v, err)
	}
	for _, c := range []struct {
		in   market.JoinInput
		code fault.Code
	}{
		{market.JoinInput{Name: "", Email: "x@door.example"}, fault.CodeInvalid},
		{market.JoinInput{Name: "X", Email: "x"}, fault.CodeInvalid},
		{market.JoinInput{Name: "X", Email: "ann@door.example"}, fault.CodeEmailTaken},
	} {
		_, err := d.Join(t.Context(), got.Welcome, c.in)
		d.refused(fmt.Sprint(c.in), err, c.code)
	}
	done, err := d.Join(t.Context(), got.Welcome, market.JoinInput{Name: "X", Email: "x@door.example", Locale: "en"})
	if err != nil || !done.New || done.Next != "/wallet" {
		t.Fatalf("%+v, %v", done, err)
	}
	if me, _ := d.Me(t.Context(), d.actor(done.Grant)); me.EmailConfirmed {
		t.Error("a typed e-mail counts as confirmed")
	}
	_, err = d.Join(t.Context(), got.Welcome, market.JoinInput{Name: "Y", Email: "y@door.example"})
	d.refused("a used ticket", err, fault.CodeSignInFailed)
}

// TestAnswersBelongToOneFlow refuses answers that are used, of another browser, another provider, or too late.
func TestAnswersBelongToOneFlow(t *testing.T) {
	d := newDoor(t)
	d.other.says = mei
	ann := d.member("ann")
	for _, c := range []struct {
		name string
		do   func() error
	}{
		{"unknown", func() error { _, err := d.answer(market.Actor{}, "oidc", "b", "x"); return err }},
		{"empty", func() error { _, err := d.answer(market.Actor{}, "oidc", "b", ""); return err }},
		{"another browser's", func() error { _, err := d.answer(market.Actor{}, "oidc", "c", d.begin("b")); return err }},
		{"a browser without cookie", func() error { _, err := d.answer(market.Actor{}, "oidc", "", d.begin("b")); return err }},
		{"another provider's", func() error { _, err := d.answer(market.Actor{}, "google", "b", d.begin("b")); return err }},
		{"too late", func() error {
			state := d.begin("b")
			d.now = d.now.Add(10 * time.Minute)
			_, err := d.answer(market.Actor{}, "oidc", "b", state)
			return err
		}},
		{"a link's, signed out", func() error {
			_, err := d.BeginLink(t.Context(), ann, market.WithInput{Provider: "oidc", Browser: "b", Password: password})
			must(t, err)
			_, err = d.answer(market.Actor{}, "oidc", "b", d.other.flow.State)
			return err
		}},
		{"a link's, of another account", func() error {
			_, err := d.BeginLink(t.Context(), ann, market.WithInput{Provider: "oidc", Browser: "b", Password: password})
			must(t, err)
			_, err = d.answer(d.member("bob"), "oidc", "b", d.other.flow.State)
			return err
		}},
		{"a ticket of another kind", func() error {
			got, err := d.arrive(oauth.Person{Issuer: "i", Subject: "s"})
			must(t, err)
			_, err = d.SecondStep(t.Context(), got.Welcome, "000000", "")
			return err
		}},
	} {
		d.refused(c.name, c.do(), fault.CodeSignInFailed)
	}
	d.other.says = mei
	state := d.begin("b")
	_, err := d.answer(market.Actor{}, "oidc", "c", state)
	d.refused("another browser's", err, fault.CodeSignInFailed)
	if got, err := d.answer(market.Actor{}, "oidc", "b", state); err != nil || got.Grant.Token == "" {
		t.Errorf("after another browser tried it: %v", err)
	}
	_, err = d.answer(market.Actor{}, "oidc", "b", state)
	d.refused("replayed", err, fault.CodeSignInFailed)
	_, err = d.answer(market.Actor{}, "nobody", "b", d.begin("b"))
	d.refused("a provider that is not offered", err, fault.CodeNotFound)
}

// Of many answers at once to one flow, one signs in.
func TestAnAnswerCountsOnce(t *testing.T) {
	d := newDoor(t)
	d.other.says = mei
	state := d.begin("b")
	var all sync.WaitGroup
	var mu sync.Mutex
	in := 0
	for range 8 {
		all.Go(func() {
			got, err := d.answer(market.Actor{}, "oidc", "b", state)
			mu.Lock()
			defer mu.Unlock()
			if err == nil && got.Grant.Token != "" {
				in++
			} else if !fault.Is(err, fault.CodeSignInFailed) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
	all.Wait()
	if in != 1 {
		t.Errorf("%d signed in", in)
	}
}

func TestWhatWasBegunIsSwept(t *testing.T) {
	d := newDoor(t)
	d.begin("b")
	if n, err := d.SweepSessions(t.Context(), 10); n != 0 || err != nil {
		t.Errorf("swept %d too early, %v", n, err)
	}
	d.now = d.now.Add(10 * time.Minute)
	if n, err := d.SweepSessions(t.Context(), 10); n != 1 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
}

func TestLinking(t *testing.T) {
	d := newDoor(t)
	ann, bob := d.member("ann"), d.member("bob")
	must(t, d.link(ann, mei))
	must(t, d.link(ann, mei)) // again: nothing
	d.refused("somebody else's", d.link(bob, mei), fault.CodeLinkTaken)
	got, err := d.arrive(mei)
	if err != nil || got.Grant.ID != ann.Account || got.New {
		t.Errorf("%+v, %v", got, err)
	}
	w, err := d.Ways(t.Context(), ann)
	if err != nil || len(w.Links) != 1 || w.Links[0].Email != mei.Email || !w.Password || len(w.Offers) != 1 || w.Offers[0].Kind != "google" {
		t.Errorf("%+v, %v", w, err)
	}
	if w, _ := d.Ways(t.Context(), bob); len(w.Links) != 0 {
		t.Errorf("bob has %+v", w.Links)
	}
	d.refused("another's link", d.Unlink(t.Context(), bob, w.Links[0].ID, password), fault.CodeNotFound)
	must(t, d.Unlink(t.Context(), ann, w.Links[0].ID, password))
	if _, err := d.Authenticate(t.Context(), got.Grant.Token); !fault.Is(err, fault.CodeUnauthenticated) {
		t.Errorf("another session outlives the link: %v", err)
	}
	if _, err := d.Me(t.Context(), ann); err != nil {
		t.Errorf("the own session ended: %v", err)
	}
	_, err = d.arrive(oauth.Person{Issuer: mei.Issuer, Subject: mei.Subject, Email: "ann@door.example", EmailVerified: true, Name: "Ann"})
	d.refused("after unlinking", err, fault.CodeEmailTaken)
}

// TestNobodyIsLockedOut holds which last ways in can be removed.
func TestNobodyIsLockedOut(t *testing.T) {
	for _, c := range []struct {
		name     string
		password bool
		links    []string // providers
		passkeys int
		code     fault.Code // of removing the first link
	}{
		{"a password is left", true, []string{"oidc"}, 0, ""},
		{"another link is left", false, []string{"oidc", "google"}, 0, ""},
		{"a passkey is left", false, []string{"oidc"}, 1, ""},
		{"the last one", false, []string{"oidc"}, 0, fault.CodeLastWayIn},
		{"a link to a site that is gone is none", false, []string{"oidc", "github"}, 0, fault.CodeLastWayIn},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDoor(t, withPasskeys(t))
			got, err := d.arrive(mei)
			must(t, err)
			a := d.actor(got.Grant)
			if c.password {
				must(t, d.SetPassword(t.Context(), a, password))
			}
			for _, kind := range c.links[1:] {
				d.put(market.Links, market.LinkRow{ID: kind, Account: a.Account, Provider: kind, At: d.now.Add(time.Minute)})
			}
			for i := range c.passkeys {
				d.put(market.Passkeys, market.PasskeyRow{ID: fmt.Sprint(i), Account: a.Account, At: d.now})
			}
			w, err := d.Ways(t.Context(), a)
			must(t, err)
			if more := w.Count() > 1; more != (c.code == "") {
				t.Errorf("%d ways are counted", w.Count())
			}
			i := slices.IndexFunc(w.Links, func(l market.LinkView) bool { return l.Provider == "oidc" })
			err = d.Unlink(t.Context(), a, w.Links[i].ID, "")
			if c.code == "" {
				must(t, err)
			} else {
				d.refused(c.name, err, c.code)
			}
			after, err := d.Ways(t.Context(), a)
			must(t, err)
			if kept := len(after.Links) == len(w.Links); kept != (c.code != "") {
				t.Errorf("%d links before, %d after", len(w.Links), len(after.Links))
			}
		})
	}
	t.Run("the last passkey", func(t *testing.T) {
		d := newDoor(t, withPasskeys(t))
		got, err := d.arrive(mei)
		must(t, err)
		a := d.actor(got.Grant)
		d.put(market.Passkeys, market.PasskeyRow{ID: "k", Account: a.Account, At: d.now})
		w, err := d.Ways(t.Context(), a)
		must(t, err)
		must(t, d.Unlink(t.Context(), a, w.Links[0].ID, ""))
		d.refused("the passkey", d.RemovePasskey(t.Context(), a, "k", ""), fault.CodeLastWayIn)
		must(t, d.SetPassword(t.Context(), a, password))
		must(t, d.RemovePasskey(t.Context(), a, "k", ""))
	})
}

// TestWhatLinkedSitesAreCalled holds that people read the name of a site, offered or not, never how it is called in addresses.
func TestWhatLinkedSitesAreCalled(t *testing.T) {
	d := newDoor(t)
	ann := d.member("ann")
	d.put(market.Links, market.LinkRow{ID: "1", Account: ann.Account, Provider: "google", At: d.now})
	d.put(market.Links, market.LinkRow{ID: "2", Account: ann.Account, Provider: "line", Issuer: "https://access.line.me", At: d.now.Add(1)})
	d.put(market.Links, market.LinkRow{ID: "3", Account: ann.Account, Provider: "github", At: d.now.Add(time.Second)})
	var got []string
	for _, l := range d.ways(ann).Links {
		got = append(got, fmt.Sprint(l.Name, " ", l.Gone))
	}
	if want := []string{"Elsewhere false", "LINE true", "GitHub true"}; !slices.Equal(got, want) {
		t.Errorf("called %q, want %q", got, want)
	}
	must(t, d.Unlink(t.Context(), ann, "2", password))
	if all := d.wayMails(ann.Account); len(all) != 1 || all[0].Facts.Title != "LINE" {
		t.Errorf("told %+v", all)
	}
}

// Two ways removed at once: one stays.
func TestTwoWaysRemovedAtOnce(t *testing.T) {
	d := newDoor(t)
	got, err := d.arrive(mei)
	must(t, err)
	a := d.actor(got.Grant)
	d.put(market.Links, market.LinkRow{ID: "second", Account: a.Account, Provider: "google", At: d.now})
	w, err := d.Ways(t.Context(), a)
	must(t, err)
	errs := make([]error, len(w.Links))
	var all sync.WaitGroup
	for i, l := range w.Links {
		all.Go(func() { errs[i] = d.Unlink(t.Context(), a, l.ID, "") })
	}
	all.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("%v", errs)
	}
	if w, _ := d.Ways(t.Context(), a); len(w.Links) != 1 {
		t.Errorf("%d links are left", len(w.Links))
	}
}

// TestProof holds what changes of the ways in ask for.
func TestProof(t *testing.T) {
	d := newDoor(t, withPasskeys(t))
	ann := d.member("ann")
	got, err := d.arrive(mei)
	must(t, err)
	mei := d.actor(got.Grant)
	token, err := d.CreateToken(t.Context(), ann, market.TokenInput{Name: "t", Scopes: []string{market.ScopeRead, market.ScopeTrade, market.ScopeWallet}})
	must(t, err)
	byToken, err := d.Authenticate(t.Context(), token.Token)
	must(t, err)
	acts := map[string]func(a market.Actor, password string) error{
		"link": func(a market.Actor, p string) error {
			_, err := d.BeginLink(t.Context(), a, market.WithInput{Provider: "oidc", Browser: "b", Password: p})
			return err
		},
		"unlink":         func(a market.Actor, p string) error { return d.Unlink(t.Context(), a, "x", p) },
		"passkey":        func(a market.Actor, p string) error { _, err := d.BeginPasskey(t.Context(), a, p); return err },
		"remove passkey": func(a market.Actor, p string) error { return d.RemovePasskey(t.Context(), a, "x", p) },
		"two-factor":     func(a market.Actor, p string) error { return d.BeginTwoFactor(t.Context(), a, p) },
	}
	d.now = d.now.Add(16 * time.Minute)
	for name, act := range acts {
		d.refused(name+" without password", act(ann, ""), fault.CodeConfirmIdentity)
		d.refused(name+" with a wrong one", act(ann, "wrong horse battery"), fault.CodeInvalid)
		d.refused(name+" without any password", act(mei, password), fault.CodeInvalid)
		d.refused(name+" by token", act(byToken, password), fault.CodeForbidden)
		if err := act(ann, password); err != nil && !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("%s with the password: %v", name, err)
		}
	}
	d.refused("a first password, long after", d.SetPassword(t.Context(), mei, password), fault.CodeConfirmIdentity)
	if _, err := d.Enrolment(t.Context(), byToken); err != nil {
		t.Error(err)
	} else if v, _ := d.Enrolment(t.Context(), byToken); v.Secret != "" {
		t.Error("a token reads the secret of a second factor")
	}
}

// code is what a telephone shows now.
func (d *door) code(secret string) string {
	d.t.Helper()
	c, err := totp.GenerateCode(secret, d.now)
	must(d.t, err)
	return c
}

// enrolled turns the second factor of somebody on.
func (d *door) enrolled(a market.Actor) (secret string, codes []string) {
	d.t.Helper()
	must(d.t, d.BeginTwoFactor(d.t.Context(), a, password))
	v, err := d.Enrolment(d.t.Context(), a)
	must(d.t, err)
	codes, err = d.TurnOnTwoFactor(d.t.Context(), a, d.code(v.Secret))
	must(d.t, err)
	return v.Secret, codes
}

func (d *door) firstStep(email string) string {
	d.t.Helper()
	got, err := d.SignInStep(d.t.Context(), market.SignInInput{Email: email, Password: password}, "/my")
	must(d.t, err)
	if got.Second == "" || got.Grant.Token != "" {
		d.t.Fatalf("the password alone signs in: %+v", got)
	}
	return got.Second
}

func TestTheSecondStep(t *testing.T) {
	d := newDoor(t)
	ann := d.member("ann")
	g, err := d.SignIn(t.Context(), market.SignInInput{Email: "ann@door.example", Password: password})
	must(t, err)
	secret, codes := d.enrolled(ann)
	if _, err := d.Authenticate(t.Context(), g.Token); !fault.Is(err, fault.CodeUnauthenticated) {
		t.Errorf("another session outlives the second factor: %v", err)
	}
	_, err = d.SignIn(t.Context(), market.SignInInput{Email: "ann@door.example", Password: password})
	d.refused("the API with a password alone", err, fault.CodeSecondStep)
	if v, _ := d.Enrolment(t.Context(), ann); v.Secret != "" || !v.On {
		t.Errorf("the secret shows again: %+v", v)
	}
	_, err = d.EnrolmentPicture(t.Context(), ann)
	d.refused("the picture", err, fault.CodeNotFound)

	ticket := d.firstStep("ann@door.example")
	if _, err := d.Authenticate(t.Context(), ticket); !fault.Is(err, fault.CodeUnauthenticated) {
		t.Errorf("a ticket is a session: %v", err)
	}
	if _, err := d.Authenticate(t.Context(), identity.TokenPrefix+ticket); !fault.Is(err, fault.CodeUnauthenticated) {
		t.Errorf("a ticket is a session: %v", err)
	}
	steps := []struct {
		name  string
		after time.Duration
		code  func() string
		want  fault.Code
	}{
		{"the code that turned it on", 0, func() string { return d.code(secret) }, fault.CodeWrongCode},
		{"a wrong code", 0, func() string { return "000000" }, fault.CodeWrongCode},
		{"the next code", 30 * time.Second, func() string { return d.code(secret) }, ""},
		{"it again", 0, func() string { return d.code(secret) }, fault.CodeWrongCode},
		{"a recovery code", 0, func() string { return codes[4] }, ""},
		{"it again", 0, func() string { return codes[4] }, fault.CodeWrongCode},
		{"another, as it is read aloud", 0, func() string { return strings.ToUpper(strings.ReplaceAll(codes[5], "-", " ")) }, ""},
	}
	for _, s := range steps {
		d.now = d.now.Add(s.after)
		ticket := d.firstStep("ann@door.example")
		got, err := d.SecondStep(t.Context(), ticket, s.code(), "")
		if s.want != "" {
			d.refused(s.name, err, s.want)
			if got.Grant.Token != "" {
				t.Errorf("%s signs in", s.name)
			}
			continue
		}
		if err != nil || got.Next != "/my" || d.actor(got.Grant).Account != ann.Account {
			t.Errorf("%s: %+v, %v", s.name, got, err)
		}
		_, err = d.SecondStep(t.Context(), ticket, codes[9], "")
		d.refused(s.name+": its ticket again", err, fault.CodeSignInFailed)
	}
	if w, _ := d.Ways(t.Context(), ann); w.Recovery != 8 || !w.TwoFactor {
		t.Errorf("%+v", w)
	}
}

// After five wrong codes in a row nobody gets on, not with a right one, until ten minutes are over: whatever the ticket.
func TestWrongCodesAreCounted(t *testing.T) {
	d := newDoor(t)
	secret, codes := d.enrolled(d.member("ann"))
	d.now = d.now.Add(time.Minute)
	var all sync.WaitGroup
	ticket := d.firstStep("ann@door.example")
	for range 5 {
		all.Go(func() {
			_, err := d.SecondStep(t.Context(), ticket, "000000", "")
			d.refused("a wrong code", err, fault.CodeWrongCode)
		})
	}
	all.Wait()
	for name, code := range map[string]string{"a right code": d.code(secret), "a recovery code": codes[0], "a wrong one": "000000"} {
		_, err := d.SecondStep(t.Context(), d.firstStep("ann@door.example"), code, "")
		d.refused(name, err, fault.CodeRateLimited)
		if wait, _ := fault.From(err).Params["retryAfter"].(int64); wait != 600 {
			t.Errorf("wait %d s", wait)
		}
	}
	d.now = d.now.Add(10 * time.Minute)
	if _, err := d.SecondStep(t.Context(), d.firstStep("ann@door.example"), d.code(secret), ""); err != nil {
		t.Errorf("ten minutes later: %v", err)
	}
}

func TestTurningTheSecondStepOff(t *testing.T) {
	d := newDoor(t)
	ann := d.member("ann")
	secret, codes := d.enrolled(ann)
	d.refused("beginning again", d.BeginTwoFactor(t.Context(), ann, password), fault.CodeConflict)
	d.now = d.now.Add(time.Minute)
	fresh, err := d.NewRecoveryCodes(t.Context(), ann, d.code(secret))
	must(t, err)
	d.now = d.now.Add(time.Minute)
	for name, c := range map[string]struct {
		password, code string
		want           fault.Code
	}{
		"without password": {"", d.code(secret), fault.CodeInvalid}, "with a wrong password": {"wrong horse battery", d.code(secret), fault.CodeInvalid},
		"without code": {password, "", fault.CodeWrongCode}, "with a recovery code that was replaced": {password, codes[0], fault.CodeWrongCode},
	} {
		d.refused(name, d.TurnOffTwoFactor(t.Context(), ann, c.password, c.code), c.want)
	}
	must(t, d.TurnOffTwoFactor(t.Context(), ann, password, fresh[0]))
	if _, err := d.SignIn(t.Context(), market.SignInInput{Email: "ann@door.example", Password: password}); err != nil {
		t.Errorf("off: %v", err)
	}
	if v, _ := d.Enrolment(t.Context(), ann); v.Begun || v.On {
		t.Errorf("%+v", v)
	}
}

// A sign-in with another site asks for the second step, too.
func TestElsewhereAsksForTheSecondStepToo(t *testing.T) {
	d := newDoor(t)
	ann := d.member("ann")
	must(t, d.link(ann, mei))
	d.enrolled(ann)
	got, err := d.arrive(mei)
	if err != nil || got.Second == "" || got.Grant.Token != "" {
		t.Errorf("%+v, %v", got, err)
	}
}

// What is stored of a second factor is neither its secret nor a recovery code, and the log knows none of them.
func TestSecondFactorsAreSealed(t *testing.T) {
	d := newDoor(t)
	ann := d.member("ann")
	secret, codes := d.enrolled(ann)
	state := d.begin("the-browser-s-own-value")
	for _, coll := range []string{market.Factors, market.Flows} {
		raw := d.raw(coll)
		for _, s := range append([]string{secret, state, d.other.flow.Nonce, d.other.flow.Verifier, "the-browser-s-own-value"}, codes...) {
			if strings.Contains(raw, s) || strings.Contains(raw, strings.ReplaceAll(s, "-", "")) || strings.Contains(d.log.String(), s) {
				t.Errorf("%s or the log holds %q", coll, s)
			}
		}
		if len(raw) < 100 {
			t.Errorf("%s holds %q", coll, raw)
		}
	}
}
