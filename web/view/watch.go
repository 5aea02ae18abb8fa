package view

import "haggle/internal/market"

// WatchlistPage is the deals that a reader watches.
type WatchlistPage struct {
	Items []market.DealView
	More  string
}

// SavedPage is a reader's saved searches.
type SavedPage struct {
	Items []SavedItem
}

// SavedItem is one saved search, in words.
type SavedItem struct {
	market.SavedView
	What string
}

// SavePage is the form that saves a search.
type SavePage struct {
	Form Form
	What string // the search in words
}

// SavedFields lists the filters of a list that can be saved: all of them.
func SavedFields() []string { return filterNames }

// saveHref is the address of the form that saves a list's search; "" where nothing of it can be saved.
func saveHref(form Form) string {
	q := filtersOf(form, filterNames)
	if len(q) == 0 {
		return ""
	}
	return "/saved-searches/new?" + q.Encode()
}

// SearchWords is a search in words, as its filters are labelled.
func SearchWords(p *Page, form Form) (words string) {
	add := func(s string) {
		if words != "" {
			words += " · "
		}
		words += s
	}
	for _, name := range filterNames {
		switch value := form.Get(name); {
		case value == "":
		case name == "kind":
			add(p.Or("kind."+value, value))
		default:
			add(chipLabel(p, name, value))
		}
	}
	return words
}
