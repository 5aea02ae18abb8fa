package view

import (
	"slices"
	"strings"
)

// Form is what a reader typed and what was wrong with it. The zero Form is an empty one.
type Form struct {
	Values map[string][]string
	Wrong  map[string]string // message by field name
	Refuse string            // message about the whole form
	Code   string            // the refusal's code, where a page offers more than words
	Short  string            // insufficient_funds: the missing amount as it is typed
	Focus  string            // the first wrong field, where the reader goes on
}

// says that some field has a text in its value.
func (f Form) says(text string) bool {
	for _, values := range f.Values {
		if slices.ContainsFunc(values, func(v string) bool { return strings.Contains(v, text) }) {
			return true
		}
	}
	return false
}

// Get is the first value of a field.
func (f Form) Get(name string) string {
	if v := f.Values[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// Or is the first value of a field, or a default where the form was not sent yet.
func (f Form) Or(name, other string) string {
	if _, ok := f.Values[name]; ok || len(f.Values) > 0 {
		return f.Get(name)
	}
	return other
}

// Has says whether a field has this value among its values.
func (f Form) Has(name, value string) bool { return slices.Contains(f.Values[name], value) }

// wrong says that something of it was refused.
func (f Form) wrong() bool { return f.Refuse != "" || len(f.Wrong) > 0 }

// Sent says that the reader has sent this form already.
func (f Form) Sent() bool { return len(f.Values) > 0 }

// Field is one labelled input.
type Field struct {
	Name     string
	Label    string
	Hint     string
	Value    string
	Type     string // text where empty
	Mode     string // inputmode
	Complete string // autocomplete; on where empty
	Unit     string // stands before the input
	After    string // stands after the input
	Max      int    // maxlength; 0 is none
	Required bool
	Optional bool   // says so beside the label
	Row      string // tells the rows of a repeated field apart
	Live     bool   // the hint is kept up to date
}

func (f Field) kind() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

// complete is how the browser may fill it in. Not "off" where nothing else is said: such a field is empty again on the way
// back to its page.
func (f Field) complete() string {
	if f.Complete == "" {
		return "on"
	}
	return f.Complete
}

func (f Field) id() string { return "f-" + f.Name + f.Row }

// about names the elements that describe the input: hint and message.
func (f Field) about(form Form) string {
	ids := ""
	if f.Hint != "" {
		ids = f.id() + "-hint"
	}
	if form.Wrong[f.Name] != "" {
		ids += " " + f.id() + "-wrong"
	}
	return ids
}

// Option is one choice of a select or of radio buttons.
type Option struct {
	Value, Label, Hint string
}
