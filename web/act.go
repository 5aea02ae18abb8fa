package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/web/view"
)

// act is one form on a deal's page: what it is called, what a message can stand beside, what it would mean and what it
// does.
type act struct {
	name    string
	shape   shape
	preview *market.PreviewInput // nil: there is no preview, the button does it
	known   bool                 // the page itself knows what it would mean
	do      func(k market.Key) (market.EntryView, error)
	then    func(e market.EntryView) string // where it leads; nil: to the deal
}

// run takes an act through its steps: to look at what it would mean, to go back and change it, to do it.
func (v *visit) run(in *input, a act) error {
	key := in.key()
	step := in.raw("step")
	switch {
	case !in.ok():
		return v.again(a, a.shape.shown(in.shown()), fiber.StatusUnprocessableEntity)
	case step == "edit":
		return v.again(a, in.shown(), fiber.StatusOK)
	case step == "preview" && a.known:
		return v.showPreview(in, a, deal.Preview{})
	case step == "preview" && a.preview != nil:
		return v.preview(in, a)
	}
	entry, err := a.do(key)
	if err != nil {
		return v.refuseAct(in, a, err)
	}
	to, notice := "/deals/"+v.c.Params("id"), a.name
	if a.then != nil {
		to = a.then(entry)
	}
	if v.keepReceipt(entry.Receipt) {
		notice += "|" + receiptPath(entry.Receipt.Deal)
	}
	return v.done(to+"#main", notice) // the forms' own addresses end in #act
}

func (v *visit) refuseAct(in *input, a act, err error) error {
	form, status, err := in.refuse(err, a.shape)
	if err != nil {
		return err
	}
	return v.again(a, form, status)
}

// again draws the deal's page with the form as it was sent.
func (v *visit) again(a act, form view.Form, status int) error {
	m, err := v.dealPage(v.c.Params("id"))
	if err != nil {
		return err
	}
	m.Act, m.Form = a.name, form
	return v.show(status, view.Deal(v.page, m))
}

func (v *visit) preview(in *input, a act) error {
	answer, err := v.Market.Preview(v.ctx, v.me, v.c.Params("id"), *a.preview)
	if err != nil {
		return v.refuseAct(in, a, err)
	}
	return v.showPreview(in, a, answer)
}

func (v *visit) showPreview(in *input, a act, answer deal.Preview) error {
	m, err := v.dealPage(v.c.Params("id"))
	if err != nil {
		return err
	}
	m.Act, m.Form, m.Preview = a.name, in.shown(), &answer
	return v.show(fiber.StatusOK, view.Deal(v.page, m))
}
