package view

import (
	"net/url"

	"haggle/internal/market"
)

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

// savedFields are the filters of a list that can be saved.
var savedFields = []string{"q", "kind", "category", "condition", "priceMin", "priceMax"}

// SavedFields lists the filters of a list that can be saved.
func SavedFields() []string { return savedFields }

// saveHref is the address of the form that saves a list's search; "" where nothing of it can be saved.
func saveHref(form Form) string {
	q := url.Values{}
	for _, name := range savedFields {
		if value := form.Get(name); value != "" {
			q.Set(name, value)
		}
	}
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
	for _, name := range savedFields {
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
