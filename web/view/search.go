package view

import "net/url"

// way is a link that changes one filter of a list.
type way struct {
	Label, Href, Tone string
	Here              bool
}

// filterNames are the filters of a list, in the order their chips stand.
var filterNames = []string{"q", "kind", "category", "condition", "priceMin", "priceMax"}

// kindTabs are the ways to trade as links that keep every other filter.
func kindTabs(p *Page, m SearchPage) []way {
	now := m.Form.Get("kind")
	tabs := []way{{Label: p.T("search.allKinds"), Href: listWith(m.Form, "kind", ""), Here: now == ""}}
	for _, k := range Kinds() {
		tabs = append(tabs, way{Label: p.T("lane." + string(k)), Href: listWith(m.Form, "kind", string(k)), Tone: tone(k), Here: now == string(k)})
	}
	return tabs
}

// chips are the filters that are set, each a link to the list without it. The kind has its tab.
func chips(p *Page, m SearchPage) []way {
	var list []way
	for _, name := range filterNames {
		value := m.Form.Get(name)
		if value == "" || name == "kind" {
			continue
		}
		list = append(list, way{Label: chipLabel(p, name, value), Href: listWith(m.Form, name, "")})
	}
	return list
}

func chipLabel(p *Page, name, value string) string {
	switch name {
	case "q":
		return p.T("search.for", "words", value)
	case "category":
		return p.CategoryName(value)
	case "condition":
		return p.Or("condition."+value, "condition.other")
	case "priceMin":
		return p.T("search.chipFrom", "amount", p.Symbol()+"\u00a0"+value)
	default:
		return p.T("search.chipTo", "amount", p.Symbol()+"\u00a0"+value)
	}
}

// filtersOf are those of a form's fields that are filled in, as a query.
func filtersOf(f Form, names []string) url.Values {
	q := url.Values{}
	for _, name := range names {
		if value := f.Get(name); value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// listWith is the address of the list with one filter changed, or dropped where the value is empty.
func listWith(f Form, name, value string) string {
	q := filtersOf(f, append([]string{"sort", "owner", "status"}, filterNames...))
	if q.Del(name); value != "" {
		q.Set(name, value)
	}
	if len(q) == 0 {
		return "/search"
	}
	return "/search?" + q.Encode()
}
