package view

import (
	"net/url"
	"unicode"

	"github.com/a-h/templ"
)

// signIn is the address of the sign-in page that leads back here.
func signIn(p *Page) templ.SafeURL {
	if p.Path == "" || p.Path == "/" {
		return "/sign-in"
	}
	return templ.SafeURL("/sign-in?next=" + url.QueryEscape(p.Path))
}

// initial is the first letter of a name.
func initial(name string) string {
	for _, r := range name {
		return string(unicode.ToUpper(r))
	}
	return ""
}

func pageTitle(p *Page, title string) string {
	if title == "" {
		return p.Site
	}
	return title + " · " + p.Site
}
