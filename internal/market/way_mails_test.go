package market_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/internal/store"
)

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// reader signs in with Firefox.
func (d *door) reader(name string) market.Actor {
	d.t.Helper()
	d.member(name)
	g, err := d.SignIn(d.t.Context(), market.SignInInput{Email: name + "@door.example", Password: password, Agent: firefox})
	must(d.t, err)
	return d.actor(g)
}

// wayMails are the mails to somebody about his ways to sign in, in order of their ids.
func (d *door) wayMails(account string) (all []market.MailRow) {
	d.t.Helper()
	must(d.t, d.store.Scan(d.t.Context(), market.Mails, func(raw bson.Raw) error {
		var r market.MailRow
		err := bson.Unmarshal(raw, &r)
		if r.Account == account && !strings.HasPrefix(r.What, "confirm") && r.What != "reset" {
			all = append(all, r)
		}
		return err
	}))
	return all
}

func (d *door) newPasskey(a market.Actor, name string) error {
	d.t.Helper()
	c, err := d.BeginPasskey(d.t.Context(), a, password)
	must(d.t, err)
	return d.AddPasskey(d.t.Context(), a, c.Ticket, madePasskey(d.t, c.Options), name)
}

func (d *door) ways(a market.Actor) market.WaysView {
	d.t.Helper()
	w, err := d.Ways(d.t.Context(), a)
	must(d.t, err)
	return w
}

// wayChange is one change of how somebody signs in. before prepares it and answers what the change needs, refused are tries
// of it that must leave no mail.
type wayChange struct {
	what, title string
	before      func(d *door, a market.Actor) string
	act         func(d *door, a market.Actor, with string) error
	refused     func(d *door, a market.Actor, with string) error
	code        fault.Code
	foreign     bool // it is done by somebody who is not signed in, with curl
}

func wayChanges() []wayChange {
	nothing := func(*door, market.Actor) string { return "" }
	enrol := func(d *door, a market.Actor) string { s, _ := d.enrolled(a); d.later(time.Minute); return s }
	setPassword := func(d *door, a market.Actor, old, fresh string) error {
		_, err := d.UpdateMe(d.t.Context(), a, market.MePatch{OldPassword: &old, Password: &fresh})
		return err
	}
	reset := func(d *door, token string) error {
		return d.ResetPassword(d.t.Context(), market.NewPasswordInput{Token: token, Password: "another horse battery", Agent: "curl/8.5.0"})
	}
	return []wayChange{
		{what: "password_changed", before: nothing, code: fault.CodeInvalid,
			act: func(d *door, a market.Actor, _ string) error {
				return setPassword(d, a, password, "another horse battery")
			},
			refused: func(d *door, a market.Actor, _ string) error {
				return setPassword(d, a, "wrong horse battery", "another horse battery")
			}},
		{what: "password_changed", foreign: true, code: fault.CodeInvalid,
			before:  func(d *door, _ market.Actor) string { return d.resetToken("ann@door.example") },
			act:     func(d *door, _ market.Actor, token string) error { return reset(d, token) },
			refused: func(d *door, _ market.Actor, _ string) error { return reset(d, "hg_x") }},
		{what: "ways_cleared", foreign: true, code: fault.CodeInvalid,
			before: func(d *door, a market.Actor) string {
				must(d.t, d.newPasskey(a, "Telephone"))
				return d.resetToken("ann@door.example")
			},
			act:     func(d *door, _ market.Actor, token string) error { return reset(d, token) },
			refused: func(d *door, _ market.Actor, _ string) error { return reset(d, "hg_x") }},
		{what: "passkey_added", title: "Telephone", before: nothing, code: fault.CodePasskeyFailed,
			act: func(d *door, a market.Actor, _ string) error { return d.newPasskey(a, "Telephone") },
			refused: func(d *door, a market.Actor, _ string) error {
				c, err := d.BeginPasskey(d.t.Context(), a, password)
				must(d.t, err)
				other, err := d.BeginPasskey(d.t.Context(), a, password)
				must(d.t, err)
				return d.AddPasskey(d.t.Context(), a, c.Ticket, madePasskey(d.t, other.Options), "Telephone")
			}},
		{what: "passkey_removed", title: "Telephone", code: fault.CodeNotFound,
			before: func(d *door, a market.Actor) string {
				must(d.t, d.newPasskey(a, "Telephone"))
				return d.ways(a).Passkeys[0].ID
			},
			act:     func(d *door, a market.Actor, id string) error { return d.RemovePasskey(d.t.Context(), a, id, password) },
			refused: func(d *door, a market.Actor, _ string) error { return d.RemovePasskey(d.t.Context(), a, "x", password) }},
		{what: "linked", title: "Elsewhere", code: fault.CodeLinkTaken,
			before: func(d *door, _ market.Actor) string {
				taken := mei
				taken.Subject, taken.Email = "bob", "bob@elsewhere.example"
				must(d.t, d.link(d.member("bob"), taken))
				return ""
			},
			act: func(d *door, a market.Actor, _ string) error { return d.link(a, mei) },
			refused: func(d *door, a market.Actor, _ string) error {
				taken := mei
				taken.Subject = "bob"
				return d.link(a, taken)
			}},
		{what: "unlinked", title: "Elsewhere", code: fault.CodeNotFound,
			before:  func(d *door, a market.Actor) string { must(d.t, d.link(a, mei)); return d.ways(a).Links[0].ID },
			act:     func(d *door, a market.Actor, id string) error { return d.Unlink(d.t.Context(), a, id, password) },
			refused: func(d *door, a market.Actor, _ string) error { return d.Unlink(d.t.Context(), a, "x", password) }},
		{what: "token_added", title: "Robot", before: nothing, code: fault.CodeInvalid,
			act: func(d *door, a market.Actor, _ string) error {
				_, err := d.CreateToken(d.t.Context(), a, market.TokenInput{Name: "Robot", Scopes: []string{market.ScopeRead}})
				return err
			},
			refused: func(d *door, a market.Actor, _ string) error {
				_, err := d.CreateToken(d.t.Context(), a, market.TokenInput{Name: "Robot"})
				return err
			}},
		{what: "token_removed", title: "Robot", code: fault.CodeNotFound,
			before:  func(d *door, a market.Actor) string { v, _ := d.robot(a); return v.ID },
			act:     func(d *door, a market.Actor, id string) error { return d.RevokeToken(d.t.Context(), a, id) },
			refused: func(d *door, a market.Actor, _ string) error { return d.RevokeToken(d.t.Context(), a, "x") }},
		{what: "two_factor_on", code: fault.CodeWrongCode,
			before: func(d *door, a market.Actor) string {
				must(d.t, d.BeginTwoFactor(d.t.Context(), a, password))
				v, err := d.Enrolment(d.t.Context(), a)
				must(d.t, err)
				return v.Secret
			},
			act: func(d *door, a market.Actor, secret string) error {
				_, err := d.TurnOnTwoFactor(d.t.Context(), a, d.code(secret))
				return err
			},
			refused: func(d *door, a market.Actor, _ string) error {
				_, err := d.TurnOnTwoFactor(d.t.Context(), a, "000000")
				return err
			}},
		{what: "recovery_codes", before: enrol, code: fault.CodeWrongCode,
			act: func(d *door, a market.Actor, secret string) error {
				_, err := d.NewRecoveryCodes(d.t.Context(), a, d.code(secret))
				return err
			},
			refused: func(d *door, a market.Actor, _ string) error {
				_, err := d.NewRecoveryCodes(d.t.Context(), a, "000000")
				return err
			}},
		{what: "two_factor_off", before: enrol, code: fault.CodeWrongCode,
			act: func(d *door, a market.Actor, secret string) error {
				return d.TurnOffTwoFactor(d.t.Context(), a, password, d.code(secret))
			},
			refused: func(d *door, a market.Actor, _ string) error {
				return d.TurnOffTwoFactor(d.t.Context(), a, password, "000000")
			}},
	}
}

// fresh are the mails to somebody that were not there before.
func (d *door) fresh(account string, before []market.MailRow) []market.MailRow {
	d.t.Helper()
	return slices.DeleteFunc(d.wayMails(account), func(r market.MailRow) bool {
		return slices.ContainsFunc(before, func(old market.MailRow) bool { return old.ID == r.ID })
	})
}

// TestWhoseWaysChangeIsTold holds that every change of the ways to sign in writes one mail and one notice to its account, and
// to nobody else, that a refused one writes none, and that the mail goes out whatever its reader chose.
func TestWhoseWaysChangeIsTold(t *testing.T) {
	for _, c := range wayChanges() {
		t.Run(c.what, func(t *testing.T) {
			d := newDoor(t, withPasskeys(t))
			ann := d.reader("ann")
			d.muted(ann)
			with := c.before(d, ann)
			before := d.wayMails(ann.Account)
			d.refused("a wrong try", c.refused(d, ann, with), c.code)
			if got := d.fresh(ann.Account, before); len(got) > 0 {
				t.Errorf("a refused try is told: %+v", got)
			}
			others := strings.Count(d.raw(market.Mails), `"what"`) - len(before)
			must(t, c.act(d, ann, with))
			got := d.fresh(ann.Account, before)
			if len(got) != 1 || strings.Count(d.raw(market.Mails), `"what"`)-len(before) != others+1 {
				t.Fatalf("%d mails to her: %+v", len(got), got)
			}
			agent := firefox
			if c.foreign {
				agent = "curl/8.5.0"
			}
			if r := got[0]; r.What != c.what || r.State != market.MailWaiting || r.Facts != (market.Facts{Title: c.title, Agent: agent}) || !r.At.Equal(d.now) {
				t.Errorf("the mail is %+v", r)
			}
			taken, err := d.TakeMails(t.Context(), got[0].ID)
			if must(t, err); len(taken) != 1 {
				t.Fatalf("it goes out as %+v", taken)
			}
			if l := taken[0]; l.What != c.what || l.To != "ann@door.example" || l.Off != "" || l.Link != "" || !l.At.Equal(d.now) {
				t.Errorf("it goes out as %+v", l)
			}
			if n := strings.Count(d.raw(market.Notices), `"`+got[0].ID+`"`); n != 1 {
				t.Errorf("%d notices of it", n)
			}
		})
	}
}

// muted turns off all that can be turned off, and sets quiet hours that never end for long.
func (d *door) muted(a market.Actor) {
	d.t.Helper()
	kinds := map[string]market.Choice{}
	for _, k := range market.MailKinds() {
		kinds[k] = market.Choice{Mail: market.MailNever}
	}
	n := market.Notify{Choices: &market.Choices{Kinds: kinds, Quiet: &market.Quiet{On: true, From: "00:00", To: "23:59"}, Zone: "UTC"}}
	_, err := d.UpdateMe(d.t.Context(), a, market.MePatch{Notify: &n})
	must(d.t, err)
}

// TestAFirstPasswordIsTold is for an account that has none.
func TestAFirstPasswordIsTold(t *testing.T) {
	d := newDoor(t)
	got, err := d.arrive(mei)
	must(t, err)
	a := d.actor(got.Grant)
	if mails := d.wayMails(a.Account); len(mails) > 0 {
		t.Errorf("opening an account is told: %+v", mails)
	}
	must(t, d.SetPassword(t.Context(), a, password))
	d.refused("again", d.SetPassword(t.Context(), a, password), fault.CodeConflict)
	if mails := d.wayMails(a.Account); len(mails) != 1 || mails[0].What != "password_changed" {
		t.Errorf("told %+v", mails)
	}
}

// TestTheLastWayInIsNotTold is for what is found only after it was removed: the transaction takes its mail back.
func TestTheLastWayInIsNotTold(t *testing.T) {
	d := newDoor(t)
	got, err := d.arrive(mei)
	must(t, err)
	a := d.actor(got.Grant)
	d.refused("the last way", d.Unlink(t.Context(), a, d.ways(a).Links[0].ID, ""), fault.CodeLastWayIn)
	if mails := d.wayMails(a.Account); len(mails) > 0 {
		t.Errorf("told %+v", mails)
	}
}

// TestWhatWasLinkedAlreadyIsNotTold links the same twice, and again after it was unlinked: what changed nothing is no mail, and
// the same change at another time is one more.
func TestWhatWasLinkedAlreadyIsNotTold(t *testing.T) {
	d := newDoor(t)
	ann := d.reader("ann")
	must(t, d.link(ann, mei))
	must(t, d.link(ann, mei))
	must(t, d.Unlink(t.Context(), ann, d.ways(ann).Links[0].ID, password))
	must(t, d.link(ann, mei))
	tally := map[string]int{}
	for _, r := range d.wayMails(ann.Account) {
		tally[r.What]++
	}
	if tally["linked"] != 2 || tally["unlinked"] != 1 || len(tally) != 2 {
		t.Errorf("told %v", tally)
	}
}

var errFull = errors.New("no room for mails")

// fullStore is a store in which no mail can be written while it is full.
type fullStore struct {
	store.Engine
	full bool
}

func (s *fullStore) Insert(ctx context.Context, coll string, docs ...bson.Raw) error {
	if s.full && coll == market.Mails {
		return errFull
	}
	return s.Engine.Insert(ctx, coll, docs...)
}

// TestNoWayChangesWithoutItsMail holds that change and mail are one transaction: where the mail cannot be written, nothing
// changes.
func TestNoWayChangesWithoutItsMail(t *testing.T) {
	for _, c := range wayChanges() {
		t.Run(c.what, func(t *testing.T) {
			s := &fullStore{}
			d := newDoor(t, withPasskeys(t), func(cfg *market.Config) { s.Engine, cfg.Store = cfg.Store, s })
			ann := d.reader("ann")
			with := c.before(d, ann)
			state := func() string {
				var b strings.Builder
				for _, coll := range []string{market.Accounts, market.Links, market.Passkeys, market.Factors, market.Sessions, market.Mails, market.Notices} {
					b.WriteString(d.raw(coll))
				}
				return b.String()
			}
			before := state()
			s.full = true
			if err := c.act(d, ann, with); !errors.Is(err, errFull) {
				t.Errorf("without its mail: %v", err)
			}
			s.full = false
			if after := state(); after != before {
				t.Errorf("changed without its mail\nbefore %s\nafter  %s", before, after)
			}
		})
	}
}
