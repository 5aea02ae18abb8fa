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
	return v.showSign(view.SignIn, v.query(), view.Form{}, fiber.StatusOK)
}

// signIn opens a session and leads back to where the reader was going.
func signIn(v *visit) error {
	in := v.form()
	return v.sign(in, view.SignIn, shape{fields: []string{"email", "password"}}, "", func() (market.Grant, error) {
		return v.Market.SignIn(v.ctx, market.SignInInput{Email: in.text("email"), Password: in.raw("password"), Agent: v.agent()})
	})
}

// showSign draws a sign-in or sign-up form; the password is never sent back.
func (v *visit) showSign(draw func(*view.Page, view.SignPage) templ.Component, in *input, form view.Form, status int) error {
	v.bindGuest()
	delete(form.Values, "password")
	return v.show(status, draw(v.page, view.SignPage{Form: form, Next: local(in.text("next"), "")}))
}

// sign opens a session by sign-in or sign-up.
func (v *visit) sign(in *input, draw func(*view.Page, view.SignPage) templ.Component, s shape, notice string, open func() (market.Grant, error)) error {
	grant, err := market.Grant{}, allow(v.ctx, v.Limiter, "sign:"+v.c.IP(), signsPerMinute, time.Minute)
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
	to := local(in.text("next"), "/")
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
