package view

import (
	"strings"

	"github.com/a-h/templ"

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
	Unread     int64           // notices that the reader has not read
	Fragments  *Fragments      // parts that are the same for many readers; nil: everything is drawn anew
	Inner      bool            // it is drawn inside another page: without the frame
	Head       templ.Component // what this page alone says in its head; nil: nothing
	Canonical  string          // absolute address of the page, for search engines; empty where it should not be found
}

// unreadText is the number beside the bell, or what stands for it in a mould.
func (p *Page) unreadText() string {
	if p.Unread < 0 {
		return unreadMark
	}
	return UnreadText(p.Unread)
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

// Alternate is the address of this page in one language, whatever the reader prefers; "" is the one that asks him.
func (p *Page) Alternate(l locale.Lang) string {
	plain, _, _ := strings.Cut(p.Canonical, "?lang=")
	if l == "" {
		return plain
	}
	return plain + "?lang=" + string(l)
}
