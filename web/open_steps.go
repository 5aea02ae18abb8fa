package web

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/view"
)

// openDeal takes an opening one step on. Each button says what it wants in `step`; a form without one, and without the
// number of a step, is sent by a program that says everything at once, and opens the deal.
//
// What is typed is carried in the page, and kept as a draft of whoever is signed in: then each step has an address, so
// that loading it again, going back, or another process shows the same.
func (v *visit) openDeal(o opening) error {
	f, err := v.filling(o)
	switch {
	case err != nil:
		return err
	case f == nil && v.byScript():
		return v.c.SendStatus(fiber.StatusGone)
	case f == nil:
		return toDoors(v)
	case v.c.Method() != fiber.MethodPost:
		return f.show(max(1, f.at), view.Form{}, fiber.StatusOK)
	case v.recalled != nil:
		return f.show(f.shownAt(), view.Form{}, fiber.StatusOK)
	}
	what, n := f.step()
	if v.byScript() {
		return f.answerScript(what)
	}
	if err := f.takePhotos(); err != nil {
		return f.refuse(err)
	}
	return f.take(what, n)
}

// shownAt is the step that a reader was at.
func (f *filling) shownAt() int {
	if f.at == 0 {
		return view.OpenSteps
	}
	return f.at
}

// take does what a button asks for.
func (f *filling) take(what string, n int) error {
	switch what {
	case "next":
		return f.next()
	case "back":
		return f.lead(max(1, f.shownAt()-1))
	case "go":
		return f.lead(min(max(1, n), view.OpenSteps))
	case "save":
		return f.putAside()
	case "account":
		return f.v.toSignIn()
	case "first", "up", "down", "drop":
		f.in.values[photoField] = moved(f.in.list(photoField), what, n)
		return f.lead(1)
	case "photos":
		return f.lead(1)
	case "tier":
		f.addTier()
		return f.lead(2)
	case "untier":
		f.dropTier(n)
		return f.lead(2)
	case "draw":
		return f.lead(f.shownAt())
	}
	return f.publish()
}

// takePhotos stores the files that came along. A guest has nowhere to put them: he signs in first, and chooses them then.
func (f *filling) takePhotos() error {
	form, err := f.v.c.MultipartForm()
	if err != nil || f.v.me.Guest() && !hasFiles(form) {
		return nil
	}
	return f.v.uploads(f.in)
}

// next goes on where everything of this step is right; what is wrong at other steps is said there.
func (f *filling) next() error {
	form, err := f.wrong()
	if err != nil {
		return err
	}
	for name := range form.Wrong {
		if f.o.stepOf(name) != f.at && f.at < view.OpenSteps-1 {
			delete(form.Wrong, name)
		}
	}
	if len(form.Wrong) > 0 {
		return f.again(form, fiber.StatusUnprocessableEntity)
	}
	return f.lead(f.at + 1)
}

// wrong is the form with everything that is wrong in it.
func (f *filling) wrong() (view.Form, error) {
	_, err := f.o.try(f.in, aboutOf(f.in))
	if err == nil {
		return f.o.shape().shown(f.in.shown()), nil
	}
	return f.worded(err)
}

// worded is the form with a refusal beside its fields, with the numbers that would have been right.
func (f *filling) worded(err error) (view.Form, error) {
	form, _, err := f.in.refuse(err, f.o.shape())
	if err != nil {
		return form, err
	}
	for name, key := range f.in.wrong { // what could not be read goes before what follows from it
		form.Wrong[name] = f.v.page.T(key)
	}
	right := f.rightNumbers()
	for name := range form.Wrong {
		if text := right[name]; text != "" && (f.in.wrong[name] == "" || f.in.wrong[name] == "field."+name) {
			form.Wrong[name] = text
		}
	}
	if form.Code == string(fault.CodeNotCash) {
		f.blameCash(&form)
	}
	return f.o.shape().shown(form), nil
}

// lead goes to a step: by its address, where there is one, so that loading the page again sends nothing.
func (f *filling) lead(step int) error {
	if err := f.saveDraft(); err != nil {
		return err
	}
	if f.draft == "" {
		return f.show(step, f.in.shown(), fiber.StatusOK)
	}
	return f.v.c.Redirect(f.address(step), fiber.StatusSeeOther)
}

func (f *filling) address(step int) string {
	q := url.Values{draftField: {f.draft}}
	if step > 1 {
		q.Set(atField, strconv.Itoa(step))
	}
	return f.v.c.Path() + "?" + q.Encode()
}

// putAside keeps the draft and leads to where it is listed.
func (f *filling) putAside() error {
	if f.v.me.Guest() {
		return f.v.toSignIn()
	}
	if err := f.saveDraft(); err != nil {
		return err
	}
	if f.full {
		return f.show(f.shownAt(), f.in.shown(), fiber.StatusUnprocessableEntity)
	}
	return f.v.done("/sell", "draft_kept")
}

// publish opens the deal. What is refused is shown at the first step that can mend it.
func (f *filling) publish() error {
	if f.v.me.Guest() {
		return f.v.toSignIn()
	}
	about := aboutOf(f.in)
	about.Draft = f.draft
	key := f.in.key()
	if form, err := f.wrong(); err != nil || len(form.Wrong) > 0 {
		if err != nil {
			return err
		}
		return f.again(form, fiber.StatusUnprocessableEntity)
	}
	d, err := f.o.open(f.in, key, about)
	if err != nil {
		return f.refuse(err)
	}
	return f.v.done(d.URL, "open")
}

func (f *filling) refuse(err error) error {
	status := fault.From(err).Code.Status()
	form, err := f.worded(err)
	if err != nil {
		return err
	}
	return f.again(form, status)
}

// again shows the first step that has something wrong; typed values are kept as they are.
func (f *filling) again(form view.Form, status int) error {
	if err := f.saveDraft(); err != nil {
		return err
	}
	return f.show(f.o.mends(form), form, status)
}

// mends is the first step that asks for something wrong; the last one where it is nothing that is asked for.
func (o opening) mends(form view.Form) int {
	step := view.OpenSteps
	for name := range form.Wrong {
		step = min(step, o.stepOf(name))
	}
	return step
}

// moved is a list with one of its photos in another place, or without it.
func moved(list []string, what string, n int) []string {
	if n < 0 || n >= len(list) {
		return list
	}
	id := list[n]
	rest := slices.Delete(slices.Clone(list), n, n+1)
	switch what {
	case "first":
		return slices.Insert(rest, 0, id)
	case "up":
		return slices.Insert(rest, max(0, n-1), id)
	case "down":
		return slices.Insert(rest, min(len(rest), n+1), id)
	}
	return rest
}

// show draws a step.
func (f *filling) show(step int, form view.Form, status int) error {
	m, err := f.openPage(step)
	if err != nil {
		return err
	}
	form.Values = f.in.values
	m.Form = form
	if step == view.OpenSteps {
		d, err := f.o.try(f.in, aboutOf(f.in))
		if err == nil {
			m.Preview = f.preview(d)
		} else if form.Refuse == "" {
			return f.mend(err)
		}
	}
	if f.v.me.Guest() {
		f.v.bindGuest()
	}
	return f.v.show(status, f.o.page(f.v.page, m))
}

// mend shows the first step that cannot stay as it is, in place of a preview that cannot be drawn.
func (f *filling) mend(refused error) error {
	form, err := f.worded(refused)
	if err != nil {
		return err
	}
	step := f.o.mends(form)
	if step == view.OpenSteps {
		return refused
	}
	return f.show(step, form, fiber.StatusUnprocessableEntity)
}

func (f *filling) openPage(step int) (m view.OpenPage, err error) {
	site := f.v.Market.Site()
	m = view.OpenPage{Kind: f.o.kind, Step: step, Draft: f.draft, Full: f.full, Fee: site.FeeBasisPoints, CashUnit: site.CashUnit}
	if f.draft == "" {
		for _, name := range append(f.o.names(), sentField) {
			if name == sentField || f.o.stepOf(fieldOf(name)) != step {
				m.Carry = append(m.Carry, name)
			}
		}
	}
	if step == 1 {
		if m.Photos, err = f.v.Market.Photos(f.v.ctx, f.in.list(photoField)); err != nil {
			return m, err
		}
	}
	if step == 2 && !f.v.me.Guest() {
		free, err := f.v.Market.Free(f.v.ctx, f.v.me)
		if err != nil {
			return m, err
		}
		m.Free = f.v.page.T("wallet.free", "amount", free)
	}
	if step == 2 {
		m.Tiers = f.typedTiers()
	}
	return m, nil
}

// preview is the page of the deal as others will see it.
func (f *filling) preview(d market.DealView) *view.DealPage {
	if f.v.me.Guest() {
		d.Owner.Name = f.v.page.T("who.you")
	}
	return &view.DealPage{Deal: d, Terms: view.TermsOf(d), Origin: f.v.URL, Draft: true}
}
