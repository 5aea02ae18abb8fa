package web

import (
	"errors"
	"mime/multipart"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/view"
)

// opening is a form that opens a deal, in steps: what it asks at each, and what comes of it.
type opening struct {
	kind    deal.Kind
	steps   [view.OpenSteps - 1][]string // the fields of each step; the last step asks nothing
	amounts []string                     // fields that are amounts, the one that a message about cash belongs to first
	page    func(p *view.Page, m view.OpenPage) templ.Component
	try     func(in *input, about market.About) (market.DealView, error)
	open    func(in *input, k market.Key, about market.About) (market.DealView, error)
}

// The fields that every opening has: what it is, and when it ends.
var (
	thingFields = []string{"photos", "title", "category", "condition", "description", "attributes"}
	endFields   = []string{"duration", "closesAt", "delivery"}
)

func openingOf(kind deal.Kind, priced []string, ending ...string) opening {
	return opening{kind: kind, steps: [...][]string{thingFields, priced, append(ending, endFields...)}}
}

// fields are all of them.
func (o opening) fields() []string {
	var all []string
	for _, s := range o.steps {
		all = append(all, s...)
	}
	return all
}

// stepOf is the step that asks for a field; the last one for what none asks for.
func (o opening) stepOf(field string) int {
	for i, fields := range o.steps {
		if slices.Contains(fields, field) {
			return i + 1
		}
	}
	return view.OpenSteps
}

func (o opening) shape() shape { return shape{amount: o.amounts[0], fields: o.fields()} }

// aboutOf reads what every opening says of its thing.
func aboutOf(in *input) market.About {
	return market.About{
		Title: in.text("title"), Description: strings.ReplaceAll(in.text("description"), "\r\n", "\n"), Category: in.text("category"),
		Condition: in.text("condition"), Attributes: pairs(in.raw("attributes")), Delivery: in.list("delivery"), Photos: in.list("photo"),
	}
}

// pairs reads lines of "name: value".
func pairs(text string) map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.Replace(line, "：", ":", 1), ":")
		if name = strings.TrimSpace(name); ok && name != "" {
			m[name] = strings.TrimSpace(value)
		}
	}
	if len(m) == 0 {
		return nil
	}
	return m
}

// untilOf reads when a deal closes: the moment where one was chosen, else the length.
func untilOf(in *input) market.Until {
	if at := in.moment("closesAt"); at != nil {
		return market.Until{ClosesAt: at}
	}
	return market.Until{DurationSeconds: in.count("duration")}
}

// uploads stores the photos that came with a form behind those that it has.
func (v *visit) uploads(in *input) error {
	form, err := v.c.MultipartForm()
	if err != nil {
		return nil
	}
	for _, header := range form.File["photos"] {
		if header.Size == 0 {
			continue
		}
		photo, err := v.upload(header)
		if err != nil {
			return err
		}
		in.addPhoto(photo.ID)
	}
	return nil
}

// addPhoto puts a photo behind the others; one that is there already stays where it is.
func (in *input) addPhoto(id string) {
	if !slices.Contains(in.values["photo"], id) {
		in.values["photo"] = append(in.values["photo"], id)
	}
}

func (v *visit) upload(header *multipart.FileHeader) (market.PhotoView, error) {
	file, err := header.Open()
	if err != nil {
		return market.PhotoView{}, err
	}
	photo, err := v.Market.UploadPhoto(v.ctx, v.me, file)
	return photo, errors.Join(asPhotoFault(err), file.Close())
}

// asPhotoFault says of a refused photo that the field of photos is wrong.
func asPhotoFault(err error) error {
	switch f := fault.From(err); {
	case err == nil:
		return nil
	case f.Class() == fault.Invalid:
		return fault.Invalidf("photos", "%v", err)
	}
	return err
}

// toDoors leads from the page of an act, loaded again, to the choice of what to open.
func toDoors(v *visit) error { return v.c.Redirect("/sell", fiber.StatusFound) }

// toKept is the same for a form that is shown again.
func toKept(v *visit) error { return v.c.Redirect(keptPath, fiber.StatusFound) }
