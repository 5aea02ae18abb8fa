package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/unicode/norm"

	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/web/view"
)

// input is what a reader typed into a form, and what of it could not be read.
type input struct {
	v      *visit
	values map[string][]string
	wrong  map[string]string // key of the message by field
}

// form reads the form of a request.
func (v *visit) form() *input {
	in := &input{v: v, values: map[string][]string{}, wrong: map[string]string{}}
	if v.recalled != nil {
		maps.Copy(in.values, v.recalled.values)
		return in
	}
	if m, err := v.c.MultipartForm(); err == nil {
		for k, list := range m.Value {
			in.values[k] = slices.Clone(list)
		}
		return in
	}
	for k, value := range v.c.Request().PostArgs().All() {
		in.values[string(k)] = append(in.values[string(k)], string(value))
	}
	return in
}

// query reads the form of a page that is asked for: its address.
func (v *visit) query() *input {
	in := &input{v: v, values: map[string][]string{}, wrong: map[string]string{}}
	for k, value := range v.c.Context().QueryArgs().All() {
		in.values[string(k)] = append(in.values[string(k)], string(value))
	}
	return in
}

func (in *input) raw(name string) string {
	if list := in.values[name]; len(list) > 0 {
		return list[0]
	}
	return ""
}

// put is as if this had been typed.
func (in *input) put(name, value string) { in.values[name] = []string{value} }

// text is a field without the blanks around it.
func (in *input) text(name string) string { return strings.TrimSpace(in.raw(name)) }

func (in *input) on(name string) bool { return in.raw(name) != "" }

// list is every value of a repeated field that is not empty.
func (in *input) list(name string) []string {
	var out []string
	for _, s := range in.values[name] {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// ok says that everything read so far could be read.
func (in *input) ok() bool { return len(in.wrong) == 0 }

// amount reads an amount in major units; an empty field is wrong.
func (in *input) amount(name string) money.Amount {
	if a := in.optionalAmount(name); a != nil {
		return *a
	}
	if in.wrong[name] == "" {
		in.wrong[name] = "field.required"
	}
	return 0
}

// optionalAmount reads an amount in major units; nil where the field is empty.
func (in *input) optionalAmount(name string) *money.Amount {
	return in.parseAmount(name, in.text(name))
}

func (in *input) parseAmount(name, typed string) *money.Amount {
	if typed == "" {
		return nil
	}
	a, err := in.v.Currency.Parse(bare(typed, in.v.Currency))
	if err != nil {
		in.wrong[name] = "field.amount"
		return nil
	}
	return &a
}

// bare takes the currency off what was typed: "NT$ 2,600" is 2,600, in whatever width the keyboard wrote it.
func bare(typed string, c money.Currency) string {
	s := strings.TrimSpace(norm.NFKC.String(typed))
	for _, mark := range []string{c.Symbol, c.Code, "元"} {
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(s, mark), mark))
	}
	return s
}

// count reads a whole number; nil where the field is empty.
func (in *input) count(name string) *int64 { return in.parseCount(name, in.text(name)) }

func (in *input) parseCount(name, typed string) *int64 {
	if typed == "" {
		return nil
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(norm.NFKC.String(typed), ",", ""), 10, 64)
	if err != nil {
		in.wrong[name] = "field.number"
		return nil
	}
	return &n
}

// must is a count that may not be empty.
func (in *input) must(name string) int64 {
	if n := in.count(name); n != nil {
		return *n
	}
	if in.wrong[name] == "" {
		in.wrong[name] = "field.required"
	}
	return 0
}

// moment reads a datetime-local field in the site's zone; nil where it is empty.
func (in *input) moment(name string) *market.Time {
	typed := in.text(name)
	if typed == "" {
		return nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, typed, in.v.Zone); err == nil {
			return market.AtOrNil(t.UTC())
		}
	}
	in.wrong[name] = "field.time"
	return nil
}

// shown is the form as the page draws it again.
func (in *input) shown() view.Form {
	f := view.Form{Values: in.values, Wrong: map[string]string{}}
	for name, key := range in.wrong {
		f.Wrong[name] = in.v.page.T(key)
	}
	return f
}

// key is the idempotency key of a sent form: it stands for the path and everything typed.
func (in *input) key() market.Key {
	value := in.raw("key")
	if value == "" || len(value) > 100 {
		return market.Key{}
	}
	in.v.page.Key = value
	h := sha256.New()
	fmt.Fprintf(h, "%s %s\n", fiber.MethodPost, in.v.c.Path())
	for _, name := range sortedFields(in.values) {
		fmt.Fprintf(h, "%q %q\n", name, in.values[name])
	}
	return market.Key{Value: "page:" + value, Hash: hex.EncodeToString(h.Sum(nil))}
}

// sortedFields are the names of the fields that say what is asked for.
func sortedFields(values map[string][]string) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		if name != "csrf" && name != "key" && name != "step" && name != "next" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// newKey is a fresh random key.
func newKey() string {
	b := make([]byte, 18)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

// row is one row of a repeated field, without the blanks around it.
func (in *input) row(name string, i int) string {
	if list := in.values[name]; i < len(list) {
		return strings.TrimSpace(list[i])
	}
	return ""
}

// linesOf are the lines of a text that are not empty.
func linesOf(text string) []string {
	var out []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}
