package web

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/identity"
	"haggle/internal/market"
	"haggle/web/view"
)

// signInWith sends the browser to another site to sign in there.
func signInWith(v *visit) error {
	in := v.form()
	address, err := "", v.slow("with")
	if err == nil {
		address, err = v.Market.BeginSignInWith(v.ctx, market.WithInput{Provider: v.c.Params("provider"), Browser: v.browser(), Next: local(in.text("next"), "")})
	}
	if err != nil {
		form, status, err := in.refuse(err, shape{})
		if err != nil {
			return err
		}
		return v.showSign(view.SignIn, in, form, status)
	}
	return v.away(address)
}

// browser is the random value that this browser alone holds while it signs in elsewhere.
func (v *visit) browser() string {
	value := v.ticket(withCookie)
	if value == "" {
		value = identity.NewTicket()
	}
	v.keepTicket(withCookie, value)
	return value
}

// away leads to another site by a page of ours: a form of this site may not lead to another one, so its answer does not.
func (v *visit) away(address string) error {
	v.c.Set("Refresh", "0; url="+address)
	return v.unkept(v.show(fiber.StatusOK, view.Away(v.page, v.providerName(v.c.Params("provider")), address)))
}

// unkept asks the browser to forget the page at once.
func (v *visit) unkept(err error) error {
	v.c.Set(fiber.HeaderCacheControl, "no-store")
	return err
}

func (v *visit) providerName(kind string) string {
	for _, p := range v.Market.Providers() {
		if p.Kind == kind {
			return p.Name
		}
	}
	return kind
}

// signInAnswer reads what the browser brings back from another site.
func signInAnswer(v *visit) error {
	answer, err := url.ParseQuery(string(v.c.Request().URI().QueryString()))
	if err != nil {
		return fault.New(fault.CodeSignInFailed, nil)
	}
	var got market.SignedIn
	if err = v.slow("answer"); err == nil {
		got, err = v.Market.FinishSignInWith(v.ctx, v.me, market.AnswerInput{Provider: v.c.Params("provider"), Browser: v.ticket(withCookie), Answer: answer,
			Locale: string(v.page.Lang), Agent: v.agent()})
	}
	if err != nil {
		return v.unkept(v.answerRefused(got.Next, answer.Get("error") == "access_denied", err))
	}
	return v.arrive(got)
}

// answerRefused says why somebody does not come in: a guest on the page where he signs in, a member in his settings.
func (v *visit) answerRefused(next string, declined bool, err error) error {
	in := v.query()
	f := refusalOf(err)
	form, status, err := in.refuse(err, shape{})
	if err != nil {
		return err
	}
	form.Values = nil // what came from elsewhere is not drawn
	switch {
	case declined:
		form.Refuse = v.page.T("signIn.declined", "provider", v.providerName(v.c.Params("provider")))
	case f.Code == fault.CodeEmailTaken:
		form.Refuse = v.page.T("signIn.emailTaken", "provider", v.providerName(v.c.Params("provider")))
	}
	if !v.me.Guest() {
		return v.settingsAgain("links", form, nil, status)
	}
	in.values = map[string][]string{"next": {next}}
	return v.showSign(view.SignIn, in, form, status)
}

// postedAnswer brings an answer that another site posts into an address: cookies of ours come along only there. Of what
// else it says, a name is kept.
func postedAnswer(v *visit) error {
	in := v.form()
	q := url.Values{}
	for _, name := range []string{"state", "code", "iss", "error"} {
		if value := in.raw(name); value != "" {
			q.Set(name, value)
		}
	}
	var user struct {
		Name struct{ FirstName, LastName string }
	}
	if err := json.Unmarshal([]byte(in.raw("user")), &user); err == nil {
		q.Set("name", strings.TrimSpace(user.Name.FirstName+" "+user.Name.LastName))
	}
	return v.c.Redirect("/sign-in/with/"+url.PathEscape(v.c.Params("provider"))+"/callback?"+q.Encode(), fiber.StatusSeeOther)
}
