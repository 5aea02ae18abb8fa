package web

import (
	"github.com/gofiber/fiber/v2"

	"haggle/internal/market"
	"haggle/web/view"
)

// listSaved lists the reader's saved searches.
func listSaved(v *visit) error {
	saved, err := v.Market.SavedSearches(v.ctx, v.me)
	if err != nil {
		return err
	}
	m := view.SavedPage{}
	for _, s := range saved {
		m.Items = append(m.Items, view.SavedItem{SavedView: s, What: v.savedWords(s)})
	}
	v.takeNotice()
	return v.show(fiber.StatusOK, view.SavedSearches(v.page, m))
}

// savedWords is a saved search in words.
func (v *visit) savedWords(s market.SavedView) string {
	form := view.Form{Values: map[string][]string{"q": {s.Text}, "kind": {s.Kind}, "category": {s.Category}, "condition": {s.Condition}}}
	if s.PriceMin != nil {
		form.Values["priceMin"] = []string{v.page.Number(*s.PriceMin)}
	}
	if s.PriceMax != nil {
		form.Values["priceMax"] = []string{v.page.Number(*s.PriceMax)}
	}
	return view.SearchWords(v.page, form)
}

// newSaved is the form that saves a search.
func newSaved(v *visit) error {
	form := v.query().shown()
	what := view.SearchWords(v.page, form)
	if what == "" {
		return v.c.Redirect("/saved-searches", fiber.StatusSeeOther)
	}
	if form.Get("name") == "" {
		form.Values["name"] = []string{nameOf(what)}
	}
	return v.show(fiber.StatusOK, view.SaveSearch(v.page, view.SavePage{Form: form, What: what}))
}

// nameOf is the name that is offered for a search.
func nameOf(what string) string {
	const most = 60
	if r := []rune(what); len(r) > most {
		return string(r[:most])
	}
	return what
}

func saveSearch(v *visit) error {
	in := v.form()
	input := market.SavedInput{Name: in.text("name"), Text: in.text("q"), Kind: in.text("kind"), Category: in.text("category"), Condition: in.text("condition"),
		PriceMin: in.optionalAmount("priceMin"), PriceMax: in.optionalAmount("priceMax")}
	s := shape{fields: append([]string{"name"}, view.SavedFields()...)}
	form, status := s.shown(in.shown()), fiber.StatusUnprocessableEntity
	if in.ok() {
		_, _, err := v.Market.SaveSearch(v.ctx, v.me, in.key(), input)
		if err == nil {
			return v.done("/saved-searches", "search_saved")
		}
		if form, status, err = in.refuse(err, s); err != nil {
			return err
		}
	}
	return v.show(status, view.SaveSearch(v.page, view.SavePage{Form: form, What: view.SearchWords(v.page, form)}))
}

// followSaved leads to what a saved search finds.
func followSaved(v *visit) error {
	s, err := v.Market.SavedSearch(v.ctx, v.me, v.c.Params("id"))
	if err != nil {
		return err
	}
	return v.c.Redirect(s.URL, fiber.StatusSeeOther)
}

func removeSaved(v *visit) error {
	if err := v.Market.DropSearch(v.ctx, v.me, v.c.Params("id")); err != nil {
		return err
	}
	return v.done("/saved-searches", "search_removed")
}
