package view

import (
	"github.com/a-h/templ"

	"haggle/internal/market"
)

// WelcomePage asks a new person from another site for what it did not tell.
type WelcomePage struct {
	Known market.WelcomeView
	Form  Form
}

// TwoFactorPage is the second factor: being turned on, or on.
type TwoFactorPage struct {
	Enrol market.EnrolView
	Ways  market.WaysView
	Codes []string // recovery codes just made: shown this once
	Act   string   // begin, on, codes, off
	Form  Form
}

func (m TwoFactorPage) form(act string) Form {
	if m.Act == act {
		return m.Form
	}
	return Form{}
}

// either is the form of whichever of two acts was sent.
func (m SettingsPage) either(a, b string) Form {
	if m.Act == a {
		return m.form(a)
	}
	return m.form(b)
}

func passwordAct(p *Page, w market.WaysView) string {
	if w.Password {
		return p.T("settings.changePassword")
	}
	return p.T("security.setPassword")
}

// chunks writes a secret in groups of four, as it is typed from a screen into a telephone.
func chunks(secret string) string {
	const size = 4
	out := ""
	for i, r := range secret {
		if i > 0 && i%size == 0 {
			out += " "
		}
		out += string(r)
	}
	return out
}

// linkAct is the address of an act of the settings on one thing.
func linkAct(what, id, act string) templ.SafeURL {
	return templ.URL("/settings/" + what + "/" + id + act)
}
