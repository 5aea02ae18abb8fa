package web

import (
	"net/http"
	"strings"
	"testing"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/internal/money"
)

func TestWatchingADeal(t *testing.T) {
	r := newRig(t)
	id := dealFixtures()[0].ID
	r.get(member, "/deals/"+id).says(t, http.StatusOK, `action="/deals/`+id+`/watch"`, "/messages/new?deal="+id)
	r.market.watched = []string{id}
	r.get(member, "/deals/"+id).says(t, http.StatusOK, `action="/deals/`+id+`/unwatch"`)
	r.post(member, "/deals/"+id+"/watch").leadsTo(t, "/deals/"+id)
	r.post(member, "/deals/"+id+"/unwatch").leadsTo(t, "/deals/"+id)
	if !r.market.called("watch "+id) || !r.market.called("unwatch "+id) {
		t.Errorf("asked %q", r.market.calls)
	}
	for _, lang := range []string{"en", "zh-TW"} {
		a := r.get(member.in(lang), "/watchlist")
		a.says(t, http.StatusOK, "/deals/"+id)
		checkPage(t, lang, a)
	}
	r.market.watched = nil
	r.get(member, "/watchlist").says(t, http.StatusOK, "You watch nothing yet.")
	r.get(guest, "/watchlist").leadsTo(t, "/sign-in?next=%2Fwatchlist")
	if a := r.get(guest, "/deals/"+id); strings.Contains(a.body, "/watch\"") {
		t.Error("a guest has a form to watch by")
	}
}

func TestSavingASearch(t *testing.T) {
	r := newRig(t)
	r.get(member, "/search?q=camera&kind=english&priceMax=3000").says(t, http.StatusOK, "/saved-searches/new?kind=english&priceMax=3000&q=camera")
	if a := r.get(member, "/search"); strings.Contains(a.body, "/saved-searches/new") {
		t.Error("a search for nothing can be saved")
	}
	a := r.get(member, "/saved-searches/new?q=camera&kind=english&priceMax=3000")
	a.says(t, http.StatusOK, `name="q" value="camera"`, `name="priceMax" value="3000"`)
	checkPage(t, "en", a)
	r.get(member, "/saved-searches/new").leadsTo(t, "/saved-searches")
	r.post(member, "/saved-searches", "name", "Cameras", "q", "camera", "kind", "english", "priceMax", "3,000").leadsTo(t, "/saved-searches")
	if in := r.market.save; in.Name != "Cameras" || in.Text != "camera" || in.Kind != "english" || in.PriceMax == nil || *in.PriceMax != 300_000 || in.PriceMin != nil {
		t.Errorf("saved %+v", in)
	}
	r.post(member, "/saved-searches", "name", "Cameras", "priceMax", "cheap").says(t, http.StatusUnprocessableEntity, `value="Cameras"`)
	r.market.refuse = fault.New(fault.CodeLimit, fault.Params{"limit": 50})
	r.post(member, "/saved-searches", "name", "Cameras", "q", "camera").says(t, http.StatusUnprocessableEntity, `value="Cameras"`)
	r.market.refuse = nil
	most := money.Amount(300_000)
	r.market.saved = []market.SavedView{{ID: "s1", SavedInput: market.SavedInput{Name: "Cameras", Text: "camera", PriceMax: &most}, URL: "/search?q=camera"}}
	for _, lang := range []string{"en", "zh-TW"} {
		a := r.get(member.in(lang), "/saved-searches")
		a.says(t, http.StatusOK, "Cameras", "/saved-searches/s1/remove")
		checkPage(t, lang, a)
	}
	r.get(member, "/saved-searches/s1").leadsTo(t, "/search?q=camera")
	r.get(member, "/saved-searches/s2").says(t, http.StatusNotFound)
	r.post(member, "/saved-searches/s1/remove").leadsTo(t, "/saved-searches")
	if !r.market.called("drop search s1") {
		t.Errorf("asked %q", r.market.calls)
	}
}
