// Package letter writes mails out in their readers' languages: subject, plain text and a small page that say the same.
//
// Most callers need one function: [Writer].Write.
package letter

import (
	"bytes"
	_ "embed"
	"html/template"
	"slices"
	"strings"
	"time"
	"unicode"

	"haggle/internal/mail"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/web/locale"
)

//go:embed letter.html
var pageText string

var page = template.Must(template.New("letter").Parse(pageText))

// Writer writes the letters of one site.
type Writer struct {
	Site     string // its name
	URL      string // what people type, without a slash at the end
	Currency money.Currency
	Zone     *time.Location
}

// Write writes a letter out. It cannot be sent where mail.Message.Check says so.
func (w Writer) Write(l market.Letter, now time.Time) (mail.Message, error) {
	lang, _ := locale.Parse(l.Locale)
	p := locale.New(lang, w.Currency, w.Zone, now)
	args := w.args(p, l)
	kind := l.Kind
	if kind == "" {
		kind = "always"
	}
	path, label := target(l)
	s := sheet{
		Lang: string(lang), Subject: p.N("mail."+l.What+".subject", l.Quantity, args...), Text: p.N("mail."+l.What+".text", l.Quantity, args...),
		Items: w.items(p, l.Items), More: w.alarmed(p, l),
		Do: p.T("mail.do." + label), Link: w.URL + path, Site: w.Site, Why: p.T("mail.why."+kind, args...),
	}
	if l.Off != "" {
		s.OffLabel, s.Off = p.T("mail.off"), w.URL+l.Off
		s.SettingsLabel, s.Settings = p.T("mail.settings"), w.URL+"/settings/mail"
	}
	var html bytes.Buffer
	if err := page.Execute(&html, s); err != nil {
		return mail.Message{}, err
	}
	return mail.Message{ID: l.ID, To: l.To, Subject: s.Subject, Text: s.plain(), HTML: html.String(), Locale: string(lang), Unsubscribe: s.Off}, nil
}

// sheet is what stands in a letter.
type sheet struct {
	Lang, Subject, Text, Do, Link string
	Items                         []line   // of a digest
	More                          []string // further paragraphs
	Site, Why                     string
	OffLabel, Off                 string // empty where the letter may not be turned off
	SettingsLabel, Settings       string
}

// plain is the letter as text.
func (s sheet) plain() string {
	var b strings.Builder
	text := s.Text
	for _, x := range s.Items {
		text += "\n- " + x.Text + "\n  " + x.Link
	}
	for _, part := range slices.Concat([]string{text}, s.More, []string{s.Do + ": " + s.Link, "-- \n" + s.Why}) {
		b.WriteString(part + "\n\n")
	}
	text = strings.TrimRight(b.String(), "\n") + "\n"
	if s.Off != "" {
		text += s.OffLabel + ": " + s.Off + "\n" + s.SettingsLabel + ": " + s.Settings + "\n"
	}
	return text
}

// line is one piece of news in a digest, and where it leads.
type line struct{ Text, Link string }

func (w Writer) items(p locale.Printer, all []market.Item) (out []line) {
	for _, x := range all {
		out = append(out, line{Line(p, w.Site, x.What, x.Facts), w.URL + Target(x.What, x.Facts)})
	}
	return out
}

// args are the placeholders that words may use.
func (w Writer) args(p locale.Printer, l market.Letter) []any {
	args := []any{"site", w.Site, "title", oneLine(l.Title), "name", oneLine(l.Name), "amount", l.Amount, "price", l.Price, "minimum", l.Minimum,
		"fee", l.Fee, "tracking", oneLine(l.Tracking), "who", oneLine(l.Who)}
	if l.DueAt != nil {
		args = append(args, "due", p.Time(*l.DueAt))
	}
	return args
}

// maxTitle is how many characters of what people wrote stand in a letter.
const maxTitle = 80

// oneLine makes one harmless line of what people wrote: no line ends, which could begin a header, and no marks that hide or
// turn the words around them.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxTitle {
		s = string(r[:maxTitle-1]) + "…"
	}
	return s
}

// target is where a letter leads, and the word for it.
func target(l market.Letter) (path, label string) {
	if a, ok := alarms[l.What]; ok {
		return a.path, a.label
	}
	switch l.What {
	case "confirm", "confirm_new":
		return l.Link, "confirm"
	case "reset":
		return l.Link, "reset"
	case "address_changed":
		return "/forgot", "forgot"
	case "deposit_failed", "payment_failed":
		return "/wallet", "wallet"
	case "won", "won_next", "award_due", "pay", "pay_soon":
		return "/orders/" + l.Order, "pay"
	case "outbid":
		return "/deals/" + l.Deal, "bid"
	case "second_chance":
		return "/deals/" + l.Deal, "chance"
	case "message":
		return "/messages/" + l.Thread, "thread"
	case "saved":
		return "/saved-searches/" + l.Search, "finds"
	case "digest":
		return "/notifications", "notices"
	}
	if l.Order != "" {
		return "/orders/" + l.Order, "order"
	}
	return "/deals/" + l.Deal, "deal"
}
