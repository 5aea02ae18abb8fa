package view

import (
	"haggle/internal/market"
	"haggle/web/locale"
)

// Page is what every page knows of its reader and its request.
type Page struct {
	locale.Printer
	Site       string       // the site's name
	Me         market.Actor // the zero Actor is a guest
	Path       string       // local address of this page, where forms about the reader come back to
	CSRF       string       // the token every form carries; empty where the page has no form of its own
	Key        string       // idempotency key of this rendering's forms
	Notice     string       // key of a message about what was just done
	Receipt    string       // address of the receipt of what was just done
	Categories []market.CategoryView
	Fragments  *Fragments // parts that are the same for many readers; nil: everything is drawn anew
	Canonical  string     // absolute address of the page, for search engines; empty where it should not be found
}

// Guest says that nobody is signed in.
func (p *Page) Guest() bool { return p.Me.Guest() }

// Name is a text of the market in the reader's language.
func (p *Page) Name(n market.Named) string {
	if p.Lang == locale.ZhTW && n.ZhTW != "" {
		return n.ZhTW
	}
	return n.En
}

// CategoryName is the name of a category by its id; an unknown id is shown as it is.
func (p *Page) CategoryName(id string) string {
	if c, ok := findCategory(p.Categories, id); ok {
		return p.Name(c.Name)
	}
	return id
}

func findCategory(tree []market.CategoryView, id string) (market.CategoryView, bool) {
	for _, c := range tree {
		if c.ID == id {
			return c, true
		}
		if found, ok := findCategory(c.Children, id); ok {
			return found, true
		}
	}
	return market.CategoryView{}, false
}

// OtherLangs lists the languages the reader may switch to.
func (p *Page) OtherLangs() []locale.Lang {
	var others []locale.Lang
	for _, l := range locale.Langs() {
		if l != p.Lang {
			others = append(others, l)
		}
	}
	return others
}

// langName is a language as its own readers call it.
var langName = map[locale.Lang]string{locale.En: "English", locale.ZhTW: "繁體中文"}
