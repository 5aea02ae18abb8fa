package web

import (
	"errors"
	"mime/multipart"
	"strings"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/view"
)

// opening is a form that opens a deal: its page, where messages can stand, and what it opens.
type opening struct {
	page  func(p *view.Page, m view.OpenPage) pageComponent
	shape shape
	open  func(k market.Key, about market.About) (market.DealView, error)
}

var aboutFields = []string{"title", "category", "condition", "description", "attributes", "photos", "delivery", "duration", "closesAt"}

func openShape(amount string, fields ...string) shape {
	return shape{amount: amount, fields: append(fields, aboutFields...)}
}

func doors(v *visit) error { return v.show(fiber.StatusOK, view.Doors(v.page)) }

// openDeal shows the form of an opening, or opens what it says. Its step "photos" stores what was chosen so far and shows
// the form again, so that many photos need not come in one request.
func (v *visit) openDeal(in *input, o opening) error {
	if !in.posted() {
		return v.showOpening(o, view.Form{}, nil, fiber.StatusOK)
	}
	kept := in.list("photo")
	if !in.ok() && in.raw("step") != "photos" {
		return v.showOpening(o, o.shape.shown(in.shown()), kept, fiber.StatusUnprocessableEntity)
	}
	photos, err := v.uploads(kept)
	if err != nil {
		return v.refuseOpening(in, o, photos, err)
	}
	in.values["photo"] = photos
	if in.raw("step") == "photos" {
		return v.showOpening(o, in.shown(), photos, fiber.StatusOK)
	}
	about := aboutOf(in)
	about.Photos = photos
	d, err := o.open(in.key(), about)
	if err != nil {
		return v.refuseOpening(in, o, photos, err)
	}
	return v.done(d.URL, "open")
}

func (v *visit) refuseOpening(in *input, o opening, photos []string, err error) error {
	form, status, err := in.refuse(err, o.shape)
	if err != nil {
		return err
	}
	return v.showOpening(o, form, photos, status)
}

func (v *visit) showOpening(o opening, form view.Form, photos []string, status int) error {
	m := view.OpenPage{Form: form, Photos: photos, Fee: v.Market.Site().FeeBasisPoints}
	free, err := v.Market.Free(v.ctx, v.me)
	if err != nil {
		return err
	}
	m.Free = v.page.T("wallet.free", "amount", free)
	return v.show(status, o.page(v.page, m))
}

// aboutOf reads what every opening says of its thing.
func aboutOf(in *input) market.About {
	return market.About{
		Title: in.text("title"), Description: strings.ReplaceAll(in.text("description"), "\r\n", "\n"), Category: in.text("category"),
		Condition: in.text("condition"), Attributes: pairs(in.raw("attributes")), Delivery: in.list("delivery"),
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

// uploads stores the photos of a form behind those that an earlier try has stored.
func (v *visit) uploads(kept []string) ([]string, error) {
	form, err := v.c.MultipartForm()
	if err != nil {
		return kept, nil
	}
	for _, header := range form.File["photos"] {
		if header.Size == 0 {
			continue
		}
		id, err := v.upload(header)
		if err != nil {
			return kept, err
		}
		kept = append(kept, id)
	}
	return kept, nil
}

func (v *visit) upload(header *multipart.FileHeader) (string, error) {
	file, err := header.Open()
	if err != nil {
		return "", err
	}
	photo, err := v.Market.UploadPhoto(v.ctx, v.me, file)
	return photo.ID, errors.Join(asPhotoFault(err), file.Close())
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
