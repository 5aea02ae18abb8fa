package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/view"
)

// Names of the fields of an opening that nobody types.
const (
	photoField = "photo" // ids of photos, the cover first
	sentField  = "sent"  // the steps that were sent once: their empty fields are empty, not new
	atField    = "at"    // the step that is sent; absent: all of them at once
	draftField = "draft"
)

// filling is an opening under way: everything typed so far, whichever step it was typed at.
type filling struct {
	v     *visit
	o     opening
	in    *input
	at    int    // the step that was sent or is asked for; 0: all at once
	draft string // where it is kept; empty: in the page alone
	full  bool   // there are too many drafts for one more
}

// names are the fields as they are called in the form.
func (o opening) names() []string {
	names := o.fields()
	names[slices.Index(names, "photos")] = photoField
	if i := slices.Index(names, "tiers"); i >= 0 {
		names = append(slices.Delete(names, i, i+1), "from", "unitPrice")
	}
	return names
}

// namesAt are those of one step.
func (o opening) namesAt(step int) []string {
	if step < 1 || step >= view.OpenSteps {
		return nil
	}
	return slices.DeleteFunc(o.names(), func(name string) bool { return o.stepOf(fieldOf(name)) != step })
}

// fieldOf is the field under which messages about an input stand.
func fieldOf(name string) string {
	switch name {
	case photoField:
		return "photos"
	case "from", "unitPrice":
		return "tiers"
	}
	return name
}

// filling reads an opening: from its draft, and over it what was sent. A draft that is gone is nil with no error.
func (v *visit) filling(o opening) (*filling, error) {
	sent := v.query()
	if v.c.Method() == fiber.MethodPost {
		sent = v.form()
	}
	f := &filling{v: v, o: o, in: &input{v: v, values: map[string][]string{}, wrong: map[string]string{}}}
	f.at, _ = strconv.Atoi(sent.raw(atField))
	if f.at < 0 || f.at > view.OpenSteps {
		f.at = 0
	}
	if id := sent.raw(draftField); id != "" {
		switch d, err := v.Market.Draft(v.ctx, v.me, id); {
		case fault.Is(err, fault.CodeNotFound) || err == nil && d.Kind != string(o.kind):
			if v.c.Method() != fiber.MethodPost || v.byScript() {
				return nil, nil
			}
		case fault.Is(err, fault.CodeUnauthenticated) && v.c.Method() == fiber.MethodPost: // what was typed is in the form
		case err != nil:
			return nil, err
		default:
			f.load(d)
		}
	}
	if v.c.Method() == fiber.MethodPost {
		f.overlay(sent)
	}
	return f, nil
}

func (f *filling) load(d market.DraftView) {
	f.draft = d.ID
	for name, list := range d.Fields {
		f.in.values[name] = list
	}
	f.in.values[photoField] = d.Photos
}

// overlay puts what was sent over what there is. Of the step that was sent everything is replaced: a box that is not
// ticked does not come.
func (f *filling) overlay(sent *input) {
	for _, name := range f.o.namesAt(f.at) {
		delete(f.in.values, name)
	}
	for _, name := range append(f.o.names(), sentField, "key", "step") {
		if list, ok := sent.values[name]; ok {
			f.in.values[name] = list
		}
	}
	steps := []int{f.at}
	if f.at == 0 {
		steps = []int{1, 2, 3}
	}
	for _, s := range steps {
		if n := strconv.Itoa(s); !slices.Contains(f.in.values[sentField], n) {
			f.in.values[sentField] = append(slices.Clone(f.in.values[sentField]), n)
		}
	}
}

// step splits what a button asks for into its name and, where it has one, its number: "next", "go-2", "first-0".
func (f *filling) step() (what string, n int) {
	what, number, _ := strings.Cut(f.in.raw("step"), "-")
	n, err := strconv.Atoi(number)
	if err != nil {
		n = -1
	}
	if what == "" && f.at > 0 && f.at < view.OpenSteps {
		what = "next"
	}
	return what, n
}
