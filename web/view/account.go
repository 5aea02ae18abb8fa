package view

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"haggle/internal/market"
	"haggle/web/letter"
)

func signUp(next string) templ.SafeURL { return withNext("/sign-up", next) }

func signInNext(next string) templ.SafeURL { return withNext("/sign-in", next) }

func withNext(address, next string) templ.SafeURL {
	if next == "" {
		return templ.SafeURL(address)
	}
	return templ.SafeURL(address + "?next=" + url.QueryEscape(next))
}

// addressText is the first address as its form shows it.
func addressText(me market.MeView) string {
	if len(me.Addresses) == 0 {
		return ""
	}
	return me.Addresses[0].Text
}

// agentName is a browser in a few words, with what it runs on.
func agentName(p *Page, agent string) string {
	browser, system := letter.Browser(agent), letter.System(agent)
	switch {
	case browser != "" && system != "":
		return p.T("settings.browserOn", "browser", browser, "system", system)
	case browser != "":
		return browser
	}
	if agent == "" {
		return p.T("settings.unknownDevice")
	}
	const most = 40
	if r := []rune(agent); len(r) > most {
		return string(r[:most]) + "…"
	}
	return agent
}

// signOutLabel says which device a button signs out.
func signOutLabel(p *Page, s market.SessionView) string {
	return p.T("settings.revokeThis", "browser", agentName(p, s.Agent), "when", p.Time(s.CreatedAt.Std()))
}

func scopeWords(p *Page, scopes []string) string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = p.Or("scope."+s, "scope.other")
	}
	return strings.Join(words, p.T("list.separator"))
}
