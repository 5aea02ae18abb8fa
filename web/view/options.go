package view

import (
	"strconv"

	"haggle/internal/market"
)

// Conditions lists the conditions of a thing, best first.
func Conditions() []string { return []string{"new", "like_new", "good", "fair", "parts"} }

// Sorts lists the orders of a list of deals.
func Sorts() []string { return []string{"relevance", "newest", "ending", "price", "-price", "popular"} }

// Deliveries lists the ways a thing gets to its buyer.
func Deliveries() []string { return []string{"parcel", "store_pickup", "meet", "pickup_point"} }

// Scopes lists what a personal access token may be allowed.
func Scopes() []string { return []string{"read", "trade", "wallet"} }

func searchTitle(p *Page, m SearchPage) string {
	if q := m.Form.Get("q"); q != "" {
		return p.T("search.for", "words", q)
	}
	if k := m.Form.Get("kind"); k != "" {
		return p.Or("lane."+k, "search.title")
	}
	if c := m.Form.Get("category"); c != "" {
		return p.CategoryName(c)
	}
	return p.T("search.title")
}

func kindOptions(p *Page, counts map[string]int64) []Option {
	options := []Option{{Label: p.T("search.any")}}
	for _, k := range Kinds() {
		options = append(options, Option{Value: string(k), Label: counted(p.T("kind."+string(k)), counts[string(k)])})
	}
	return options
}

func conditionFilter(p *Page, counts map[string]int64) []Option {
	options := []Option{{Label: p.T("search.any")}}
	for _, c := range Conditions() {
		options = append(options, Option{Value: c, Label: counted(p.T("condition."+c), counts[c])})
	}
	return options
}

func conditionOptions(p *Page) []Option {
	options := make([]Option, 0, len(Conditions()))
	for _, c := range Conditions() {
		options = append(options, Option{Value: c, Label: p.T("condition." + c)})
	}
	return options
}

func categoryFilter(p *Page, counts map[string]int64) []Option {
	return append([]Option{{Label: p.T("search.any")}}, categoryOptions(p, p.Categories, counts, "")...)
}

// categoryOptions lists the tree in order; children stand behind the name of their parent.
func categoryOptions(p *Page, tree []market.CategoryView, counts map[string]int64, under string) []Option {
	var options []Option
	for _, c := range tree {
		label := under + p.Name(c.Name)
		options = append(options, Option{Value: c.ID, Label: counted(label, counts[c.ID])})
		options = append(options, categoryOptions(p, c.Children, counts, label+" › ")...)
	}
	return options
}

func sortOptions(p *Page) []Option {
	options := make([]Option, 0, len(Sorts()))
	for _, s := range Sorts() {
		options = append(options, Option{Value: s, Label: p.T("sort." + s)})
	}
	return options
}

// durations are the lengths a new deal may choose from, in seconds.
var durations = []int64{3600, 6 * 3600, 86400, 3 * 86400, 5 * 86400, 7 * 86400, 10 * 86400, 14 * 86400}

func durationOptions(p *Page, openEnded bool) []Option {
	var options []Option
	if openEnded {
		options = append(options, Option{Value: "", Label: p.T("open.noEnd")})
	}
	for _, s := range durations {
		label := p.N("open.hours", s/3600)
		if s >= 86400 {
			label = p.N("open.days", s/86400)
		}
		options = append(options, Option{Value: strconv.FormatInt(s, 10), Label: label})
	}
	return options
}
