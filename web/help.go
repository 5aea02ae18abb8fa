package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/web/view"
)

// help is the list of what is explained.
func help(v *visit) error {
	m, err := v.helpPage()
	if err != nil {
		return err
	}
	v.takeNotice()
	v.found("/help")
	return v.show(fiber.StatusOK, view.Help(v.page, m))
}

// helpTopic explains one thing.
func helpTopic(v *visit) error {
	m, err := v.helpPage()
	if err != nil {
		return err
	}
	t, ok := view.FindTopic(v.c.Params("topic"))
	if !ok {
		return fault.New(fault.CodeNotFound, nil)
	}
	m.Topic = t
	if t.Law {
		m.Text = v.Texts.find(t.ID, v.page.Lang)
	}
	v.takeNotice()
	v.found("/help/" + t.ID)
	return v.show(fiber.StatusOK, view.HelpTopic(v.page, m))
}

// helpPage is what all pages of help know. The examples are played once.
func (v *visit) helpPage() (view.HelpPage, error) {
	site := v.Market.Site()
	played, err := v.played()
	return view.HelpPage{Played: played, Fee: site.FeeBasisPoints, LogKey: site.LogKey, Origin: v.URL, Operator: v.Operator, Contact: v.Contact}, err
}
