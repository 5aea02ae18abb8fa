package letter

import (
	"haggle/internal/market"
	"haggle/web/locale"
)

// Line is what a piece of news says in one line: the subject of its letter.
func Line(p locale.Printer, site, what string, f market.Facts) string {
	w := Writer{Site: site, Currency: p.Currency, Zone: p.Zone}
	return p.N("mail."+what+".subject", f.Quantity, w.args(p, market.Letter{What: what, Facts: f})...)
}

// Target is the page that a piece of news leads to.
func Target(what string, f market.Facts) string {
	if _, ok := alarms[what]; ok || what == "address_changed" {
		return "/settings"
	}
	path, _ := target(market.Letter{What: what, Facts: f})
	return path
}
