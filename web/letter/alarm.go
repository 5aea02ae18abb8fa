package letter

import (
	"strings"

	"haggle/internal/market"
	"haggle/web/locale"
)

// alarm is what a letter about a way to sign in tells a reader who did not change it himself. Its page asks for a sign-in,
// or for an address to mail a link to: following it changes nothing.
type alarm struct{ word, path, label string }

var (
	passwordAlarm = alarm{"password", "/forgot", "forgot"}
	addedAlarm    = alarm{"added", "/settings", "ways"}
	removedAlarm  = alarm{"removed", "/settings", "ways"}
)

// alarms are the letters about ways to sign in. Where the reader may be shut out they lead to a new password.
var alarms = map[string]alarm{
	"password_changed": passwordAlarm, "ways_cleared": passwordAlarm, "two_factor_on": {"second", "/forgot", "forgot"},
	"passkey_added": addedAlarm, "linked": addedAlarm,
	"passkey_removed": removedAlarm, "unlinked": removedAlarm, "two_factor_off": removedAlarm,
	"token_added": addedAlarm, "token_removed": removedAlarm,
	"recovery_codes": {"codes", "/settings", "ways"},
}

// alarmed says when a way to sign in was changed and in which browser, and what to do where that was somebody else; nothing
// in other letters.
func (w Writer) alarmed(p locale.Printer, l market.Letter) []string {
	a, ok := alarms[l.What]
	if !ok {
		return nil
	}
	args := []any{"when", p.Time(l.At), "zone", zoneName(p), "browser", Browser(l.Agent)}
	when := p.T("mail.when", args...)
	if Browser(l.Agent) != "" {
		when = p.T("mail.whenWith", args...)
	}
	return []string{when, p.T("mail.alarm."+a.word, "site", w.Site)}
}

// zoneName is how the site's zone is called: after its city where there is a word for it.
func zoneName(p locale.Printer) string {
	name := p.Zone.String()
	if city := "zone." + name[strings.LastIndexByte(name, '/')+1:]; p.Has(city) {
		return p.T(city)
	}
	return name
}
