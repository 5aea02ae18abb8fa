package market_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/market"
	"haggle/internal/store"
)

// robot makes an access token and gives it with whoever comes with it.
func (d *door) robot(a market.Actor) (market.TokenView, market.Actor) {
	d.t.Helper()
	v, err := d.CreateToken(d.t.Context(), a, market.TokenInput{Name: "Robot", Scopes: []string{market.ScopeRead, market.ScopeTrade}})
	must(d.t, err)
	return v, d.actor(market.Grant{Token: v.Token})
}

// TestTheOrderOfSessions is this one, then the one seen last.
func TestTheOrderOfSessions(t *testing.T) {
	d := newDoor(t)
	d.member("ann")
	var grants []market.Grant
	for i := range 4 {
		d.later(time.Hour)
		g, err := d.SignIn(t.Context(), market.SignInInput{Email: "ann@door.example", Password: password, Agent: fmt.Sprint(i)})
		must(t, err)
		grants = append(grants, g)
	}
	d.later(time.Hour)
	d.actor(grants[2]) // seen last
	d.later(time.Hour)
	list, err := d.Sessions(t.Context(), d.actor(grants[1]))
	must(t, err)
	var order []string
	for _, s := range list {
		order = append(order, s.Agent)
	}
	if got := strings.Join(order, " "); got != "1 2 3 0 " || !list[0].Current || list[1].Current {
		t.Errorf("sessions in the order %q: %+v", got, list)
	}
}

// TestWhenATokenWasUsed follows a token from its making to its end.
func TestWhenATokenWasUsed(t *testing.T) {
	d := newDoor(t)
	ann := d.reader("ann")
	v, err := d.CreateToken(t.Context(), ann, market.TokenInput{Name: "Robot", Scopes: []string{market.ScopeRead}})
	must(t, err)
	made := d.now
	tokens := func() []market.TokenView {
		t.Helper()
		list, err := d.Tokens(t.Context(), ann)
		must(t, err)
		return list
	}
	if list := tokens(); len(list) != 1 || list[0].UsedAt != nil || !list[0].CreatedAt.Std().Equal(made) || !list[0].ExpiresAt.Std().Equal(made.AddDate(1, 0, 0)) || v.ExpiresAt != list[0].ExpiresAt {
		t.Errorf("unused: %+v", list)
	}
	use := func(by time.Duration, want time.Time) {
		t.Helper()
		d.later(by)
		d.actor(market.Grant{Token: v.Token})
		if list := tokens(); len(list) != 1 || list[0].UsedAt == nil || !list[0].UsedAt.Std().Equal(want) {
			t.Errorf("after %v: %+v", by, list)
		}
	}
	first := made.Add(time.Minute)
	use(time.Minute, first)
	use(9*time.Minute, first)
	use(2*time.Minute, first.Add(11*time.Minute))
	d.now = made.AddDate(1, 0, 0)
	if list := tokens(); len(list) != 0 {
		t.Errorf("over, and still listed: %+v", list)
	}
}

// TestATokenThatRemovesItselfIsTold ends a token by itself, in both ways that there are; again is nothing.
func TestATokenThatRemovesItselfIsTold(t *testing.T) {
	for name, remove := range map[string]func(d *door, by market.Actor, id string) error{
		"sign out": func(d *door, by market.Actor, _ string) error { return d.SignOut(d.t.Context(), by) },
		"revoke":   func(d *door, by market.Actor, id string) error { return d.RevokeToken(d.t.Context(), by, id) },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t)
			ann := d.reader("ann")
			v, robot := d.robot(ann)
			before := d.wayMails(ann.Account)
			must(t, remove(d, robot, v.ID))
			if _, err := d.Authenticate(t.Context(), v.Token); !fault.Is(err, fault.CodeUnauthenticated) {
				t.Errorf("the token still opens: %v", err)
			}
			if err := remove(d, robot, v.ID); err != nil && !fault.Is(err, fault.CodeNotFound) {
				t.Errorf("again: %v", err)
			}
			got := d.fresh(ann.Account, before)
			if len(got) != 1 || got[0].What != "token_removed" || got[0].Facts != (market.Facts{Title: "Robot"}) {
				t.Errorf("told %+v", got)
			}
			must(t, d.SignOut(t.Context(), ann))
			if more := d.fresh(ann.Account, append(before, got...)); len(more) > 0 {
				t.Errorf("signing out is told: %+v", more)
			}
		})
	}
}

// TestNoMailHoldsAToken looks for the token in everything that is stored of it.
func TestNoMailHoldsAToken(t *testing.T) {
	d := newDoor(t)
	ann := d.reader("ann")
	v, _ := d.robot(ann)
	must(t, d.RevokeToken(t.Context(), ann, v.ID))
	for _, coll := range []string{market.Mails, market.Notices} {
		if raw := d.raw(coll); !strings.Contains(raw, "Robot") || strings.Contains(raw, v.Token) || strings.Contains(raw, v.ID) {
			t.Errorf("%s holds %s", coll, raw)
		}
	}
}

// meanwhile is a store that does something once, after the next read of a session.
type meanwhile struct {
	store.Engine
	do func()
}

func (s *meanwhile) Get(ctx context.Context, coll, id string) (bson.Raw, error) {
	raw, err := s.Engine.Get(ctx, coll, id)
	if do := s.do; do != nil && coll == market.Sessions {
		s.do = nil
		do()
	}
	return raw, err
}

// TestWhatEndsWhileItIsUsedStaysOver removes a token between the read that lets it in and the note that it was used.
func TestWhatEndsWhileItIsUsedStaysOver(t *testing.T) {
	s := &meanwhile{}
	d := newDoor(t, func(cfg *market.Config) { s.Engine, cfg.Store = cfg.Store, s })
	ann := d.reader("ann")
	v, _ := d.robot(ann)
	d.later(time.Hour)
	s.do = func() { must(t, d.RevokeToken(t.Context(), ann, v.ID)) }
	if _, err := d.Authenticate(t.Context(), v.Token); err != nil {
		t.Errorf("let in before it ended: %v", err)
	}
	if list, err := d.Tokens(t.Context(), ann); err != nil || len(list) != 0 {
		t.Errorf("the token is back: %+v, %v", list, err)
	}
}

// session is one more of somebody's, as it is stored.
func (d *door) session(a market.Actor) market.Grant {
	d.t.Helper()
	token, hash := identity.NewToken()
	d.put(market.Sessions, market.SessionRow{ID: hash, Account: a.Account, Kind: "session", At: d.now, SeenAt: d.now, Expires: d.now.Add(time.Hour)})
	return market.Grant{Token: token}
}

// TestWhatSignsOthersOut holds which changes of the ways to sign in end a person's other sessions, and that tokens outlive all
// but one.
func TestWhatSignsOthersOut(t *testing.T) {
	stay := []string{"passkey_added", "linked", "token_added", "token_removed"}
	for _, c := range wayChanges() {
		t.Run(c.what, func(t *testing.T) {
			d := newDoor(t, withPasskeys(t))
			ann := d.reader("ann")
			if c.what == "password_changed" && c.foreign { // else all that an address had before it was confirmed goes
				must(t, d.ResetPassword(t.Context(), market.NewPasswordInput{Token: d.resetToken("ann@door.example"), Password: password}))
				ann = d.actor(d.session(ann))
			}
			with := c.before(d, ann)
			other := d.session(ann)
			v, _ := d.robot(ann)
			must(t, c.act(d, ann, with))
			_, err := d.Authenticate(t.Context(), other.Token)
			if alive := err == nil; alive != slices.Contains(stay, c.what) {
				t.Errorf("the other session lives: %v, %v", alive, err)
			}
			_, err = d.Authenticate(t.Context(), v.Token)
			if alive := err == nil; alive != (c.what != "ways_cleared") {
				t.Errorf("the token lives: %v, %v", alive, err)
			}
		})
	}
}
