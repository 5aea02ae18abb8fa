package web

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/view"
)

// signsPerMinute is how often one address may try to sign in or up in a minute.
const signsPerMinute = 30

func showSignIn(v *visit) error {
	v.takeNotice()
	return v.showSign(view.SignIn, v.query(), view.Form{}, fiber.StatusOK)
}

func toSignInPage(v *visit) error { return v.c.Redirect("/sign-in", fiber.StatusFound) }

// signIn takes the first step: a session opens, or the second step is asked for.
func signIn(v *visit) error {
	in := v.form()
	got, err := market.SignedIn{}, v.slow("sign")
	if err == nil {
		got, err = v.Market.SignInStep(v.ctx, market.SignInInput{Email: in.text("email"), Password: in.raw("password"), Agent: v.agent()}, local(in.text("next"), ""))
	}
	if err != nil {
		form, status, err := in.refuse(err, shape{fields: []string{"email", "password"}})
		if err != nil {
			return err
		}
		return v.showSign(view.SignIn, in, form, status)
	}
	return v.arrive(got)
}

// slow limits tries by address.
func (v *visit) slow(what string) error {
	return allow(v.ctx, v.Limiter, what+":"+v.c.IP(), signsPerMinute, time.Minute)
}

// arrive leads on who signed in, to where he was going, or to what is still asked of him.
func (v *visit) arrive(got market.SignedIn) error {
	switch {
	case got.Second != "":
		v.keepTicket(stepCookie, got.Second)
		return v.c.Redirect("/sign-in/code", fiber.StatusSeeOther)
	case got.Welcome != "":
		v.keepTicket(welcomeCookie, got.Welcome)
		return v.c.Redirect("/sign-in/welcome", fiber.StatusSeeOther)
	case got.Linked:
		return v.done("/settings", "link")
	}
	v.startSession(got.Grant)
	to := v.landing(got.Grant.ID, local(got.Next, "/"))
	if got.New {
		return v.done(to, "sign_up")
	}
	return v.c.Redirect(to, fiber.StatusSeeOther)
}

// showSign draws a sign-in or sign-up form; the password is never sent back.
func (v *visit) showSign(draw func(*view.Page, view.SignPage) templ.Component, in *input, form view.Form, status int) error {
	v.bindGuest()
	if local(in.text("next"), "") == keptPath && v.page.Notice == "" {
		v.page.Notice = "kept.signIn"
	}
	delete(form.Values, "password")
	return v.show(status, draw(v.page, view.SignPage{Form: form, Next: local(in.text("next"), ""), Others: v.Market.Providers(), PasskeyHost: v.Market.PasskeyHost()}))
}

// sign opens a session by sign-in or sign-up.
func (v *visit) sign(in *input, draw func(*view.Page, view.SignPage) templ.Component, s shape, notice string, open func() (market.Grant, error)) error {
	grant, err := market.Grant{}, v.slow("sign")
	if err == nil {
		grant, err = open()
	}
	if err != nil {
		form, status, err := in.refuse(err, s)
		if err != nil {
			return err
		}
		return v.showSign(draw, in, form, status)
	}
	v.startSession(grant)
	to := v.landing(grant.ID, local(in.text("next"), "/"))
	if notice != "" {
		return v.done(to, notice)
	}
	return v.c.Redirect(to, fiber.StatusSeeOther)
}

// agent is the browser's name, for the list of sessions.
func (v *visit) agent() string {
	const most = 200
	agent := v.c.Get(fiber.HeaderUserAgent)
	return strings.ToValidUTF8(agent[:min(len(agent), most)], "")
}

func allow(ctx context.Context, l Limiter, key string, n int, per time.Duration) error {
	if l == nil {
		return nil
	}
	ok, wait := l.Allow(ctx, key, n, per)
	if ok {
		return nil
	}
	return fault.New(fault.CodeRateLimited, fault.Params{"retryAfter": int64((wait + time.Second - 1) / time.Second)})
}
