package locale

import (
	"strings"

	"golang.org/x/text/language"
)

// Lang is a language of the site, as it stands in <html lang> and in the language cookie.
type Lang string

const (
	En   Lang = "en"
	ZhTW Lang = "zh-TW"
)

// Langs lists every language, the default first.
func Langs() []Lang { return []Lang{En, ZhTW} }

// Parse reads a language as cookies and accounts hold it.
func Parse(s string) (Lang, bool) {
	for _, l := range Langs() {
		if strings.EqualFold(s, string(l)) {
			return l, true
		}
	}
	return En, false
}

// Match chooses the reader's language: the cookie, else the account, else Accept-Language, else English.
// Every Chinese is answered in zh-TW, the only Chinese there is.
func Match(cookie, account, acceptLanguage string) Lang {
	for _, s := range []string{cookie, account} {
		if l, ok := Parse(s); ok {
			return l
		}
	}
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil {
		return En
	}
	for _, tag := range tags {
		switch base, _ := tag.Base(); base.String() {
		case "en":
			return En
		case "zh":
			return ZhTW
		}
	}
	return En
}
