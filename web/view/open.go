package view

import "haggle/internal/deal"

// TierRows is how many tiers the form of a group buy has room for.
const TierRows = 5

// openAddress is where a kind of deal is opened.
var openAddress = map[deal.Kind]string{
	deal.English: "/sell/auction", deal.Fixed: "/sell/fixed", deal.Request: "/request", deal.Group: "/group",
}

// nth is the value of one row of a repeated field.
func nth(f Form, name string, i int) string {
	if v := f.Values[name]; i < len(v) {
		return v[i]
	}
	return ""
}

func categoryChoice(p *Page) []Option {
	return append([]Option{{Label: p.T("open.choose")}}, categoryOptions(p, p.Categories, nil, "")...)
}

func ruleOptions(p *Page) []Option {
	options := make([]Option, 0, len(Rules()))
	for _, r := range Rules() {
		options = append(options, Option{Value: r, Label: p.T("rule." + r), Hint: p.T("terms.rule." + r)})
	}
	return options
}

// Allocations lists the ways a group shares pieces that do not suffice.
func Allocations() []string { return []string{"first_come", "pro_rata", "even"} }

// DropOuts lists what may happen when members drop out after the close.
func DropOuts() []string { return []string{"organiser", "waitlist", "reclear"} }

func allocationOptions(p *Page) []Option { return named(p, "allocation.", Allocations()) }

func dropOutOptions(p *Page) []Option { return named(p, "dropOut.", DropOuts()) }

func named(p *Page, prefix string, values []string) []Option {
	options := make([]Option, len(values))
	for i, v := range values {
		options[i] = Option{Value: v, Label: p.T(prefix + v)}
	}
	return options
}
