package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/market"
)

var thing = []string{"title", " City bike ", "category", "leisure-bicycles", "condition", "good", "description", "Kept dry.\r\nTwo summers.",
	"attributes", "Brand: Giant\n尺寸：M\nnonsense", "delivery", "parcel", "delivery", "meet"}

func TestOpeningAnAuction(t *testing.T) {
	r := newRig(t)
	form := append(slices.Clone(thing), "startPrice", "1,000", "reservePrice", "2,800", "buyNowPrice", "", "duration", "604800", "hardClose", "on")
	r.upload(member, "/sell/auction", []string{"photo-1", "photo-2"}, form...).leadsTo(t, "/deals/auction")
	in := r.market.list
	if in.Format != "english" || *in.StartPrice != 100000 || *in.ReservePrice != 280000 || in.BuyNowPrice != nil || *in.DurationSeconds != 604800 || in.ClosesAt != nil {
		t.Errorf("listing %+v", in)
	}
	if in.SoftClose == nil || in.SoftClose.WindowSeconds != 0 {
		t.Error("the hard close is lost")
	}
	if in.Title != "City bike" || in.Description != "Kept dry.\nTwo summers." || in.Attributes["尺寸"] != "M" || len(in.Attributes) != 2 || !slices.Equal(in.Delivery, []string{"parcel", "meet"}) {
		t.Errorf("about %+v", in.About)
	}
	if !slices.Equal(in.Photos, []string{"photo-1", "photo-2"}) {
		t.Errorf("photos %q", in.Photos)
	}
}

func TestAMomentGoesBeforeALength(t *testing.T) {
	r := newRig(t)
	r.post(member, "/sell/fixed", append(slices.Clone(thing), "price", "500", "quantity", "10", "duration", "86400", "closesAt", "2026-12-03T14:05")...)
	in := r.market.list
	if in.DurationSeconds != nil || in.ClosesAt == nil || !in.ClosesAt.Std().Equal(time.Date(2026, 12, 3, 6, 5, 0, 0, time.UTC)) || *in.Price != 50000 || *in.Quantity != 10 {
		t.Errorf("listing %+v", in)
	}
	r.post(member, "/sell/fixed", append(slices.Clone(thing), "price", "500", "duration", "")...)
	if in := r.market.list; in.DurationSeconds != nil || in.ClosesAt != nil {
		t.Errorf("an open-ended listing ends: %+v", in.Until)
	}
}

func TestOpeningARequest(t *testing.T) {
	r := newRig(t)
	r.post(member, "/request", append(slices.Clone(thing), "step", "publish", "namedPrice", "8,000", "quantity", "2", "rule", "open", "minimumStep", "80", "minimumQuotes", "2", "hidden", "on", "binding", "on", "split", "on", "duration", "86400")...).leadsTo(t, "/deals/auction")
	in := r.market.ask
	if in.NamedPrice != 800000 || *in.PriceVisible || *in.Quantity != 2 || in.Rule != "open" || *in.MinimumStep != 8000 || *in.MinimumQuotes != 2 || !in.Binding || !in.Split {
		t.Errorf("request %+v", in)
	}
}

func TestOpeningAGroup(t *testing.T) {
	r := newRig(t)
	form := append(slices.Clone(thing), "from", "5", "unitPrice", "800", "from", "12", "unitPrice", "720", "from", "", "unitPrice", "",
		"minimum", "", "cap", "40", "perPerson", "10", "caseSize", "4", "tolerance", "on", "allocation", "even", "dropOut", "waitlist",
		"perMember", "20", "pickup", "Gate 1\n\nGate 2\n", "duration", "86400")
	r.post(member, "/group", form...).leadsTo(t, "/deals/auction")
	in := r.market.group
	if want := []market.TierInput{{From: 5, UnitPrice: 80000}, {From: 12, UnitPrice: 72000}}; !slices.Equal(in.Tiers, want) {
		t.Errorf("tiers %+v", in.Tiers)
	}
	if in.Minimum != nil || *in.Cap != 40 || *in.PerPerson != 10 || *in.CaseSize != 4 || !in.Tolerance || in.Allocation != "even" || in.DropOut != "waitlist" {
		t.Errorf("group %+v", in)
	}
	if in.Fees == nil || in.Fees.PerMember != 2000 || in.Fees.Bill != 0 || !slices.Equal(in.Pickup, []string{"Gate 1", "Gate 2"}) {
		t.Errorf("fees %+v, pickup %q", in.Fees, in.Pickup)
	}
}

// steps is a walk through a form, one step after the other.
type steps struct {
	r    *rig
	who  reader
	path string // of the form, with its draft once there is one
}

// take sends a step and, where it leads to another address, looks there.
func (s *steps) take(pairs ...string) answer {
	s.r.t.Helper()
	form, _, _ := strings.Cut(s.path, "?")
	if _, query, ok := strings.Cut(s.path, "?"); ok {
		q, _ := url.ParseQuery(query)
		pairs = append(pairs, "draft", q.Get("draft"))
	}
	a := s.r.post(s.who, form, pairs...)
	if to := a.Header.Get("Location"); a.StatusCode == http.StatusSeeOther && strings.HasPrefix(to, form) {
		s.path = to
		return s.r.get(s.who, to)
	}
	return a
}

func TestAnAuctionInSteps(t *testing.T) {
	r := newRig(t)
	s := &steps{r, member, "/sell/auction"}
	a := s.take("at", "1", "title", "City bike", "category", "leisure-bicycles", "condition", "fair", "description", "Kept dry.", "attributes", "Brand: Giant")
	a.says(t, http.StatusOK, "Start price", `aria-current="step"`, "At NT$ 1,000 you get NT$ 950; the site keeps NT$ 50.")
	checkPage(t, "en", a)
	a = s.take("at", "2", "step", "next", "startPrice", "2,000", "reservePrice", "", "buyNowPrice", "")
	a.says(t, http.StatusOK, "When it ends", "Delivery")
	a = s.take("at", "3", "step", "back", "duration", "86400", "delivery", "meet")
	a.says(t, http.StatusOK, `value="2,000"`, "At NT$ 2,000 you get NT$ 1,900; the site keeps NT$ 100.")
	a = s.take("at", "2", "step", "go-3", "startPrice", "2,500", "reservePrice", "", "buyNowPrice", "")
	a.says(t, http.StatusOK, `value="86400" selected`, `value="meet" checked`)
	a = s.take("at", "3", "duration", "86400")
	a.says(t, http.StatusOK, "In a list", "Its page", "Open the auction", "City bike")
	checkPage(t, "en", a)
	r.get(member, strings.Replace(s.path, "at=4", "at=1", 1)).says(t, http.StatusOK, `value="City bike"`, "Kept dry.", `value="fair" selected`)
	s.take("at", "4", "step", "publish").leadsTo(t, "/deals/auction")
	in := r.market.list
	if in.Title != "City bike" || *in.StartPrice != 250000 || *in.DurationSeconds != 86400 || len(in.Delivery) != 0 || in.SoftClose != nil || in.About.Draft != "draft-1" {
		t.Errorf("listing %+v", in)
	}
}

// TestAStepRefusesItsOwnFields: what later steps ask is not wrong yet, and what is wrong here comes with the number that
// would be right.
func TestAStepRefusesItsOwnFields(t *testing.T) {
	r := newRig(t)
	long := strings.Repeat("x", 134)
	wrong := &fault.Error{Code: fault.CodeInvalid, Fields: []fault.Field{{Name: "title", Code: "length"}, {Name: "buyNowPrice", Code: "range"}, {Name: "reservePrice", Code: "range"},
		{Name: "closesAt", Code: "range"}, {Name: "category", Code: "required"}}}
	for _, c := range []struct {
		at         string
		says, lack []string
	}{
		{"1", []string{"1 to 120 characters. This has 134.", "Please fill this in."}, []string{"130% of the start price", "From Nov"}},
		{"2", []string{"NT$ 1,300 or more: at least 130% of the start price, and not below the reserve.", "NT$ 1,000 or more: not below the start price."}, []string{"This has 134"}},
	} {
		r.market.tried = wrong
		a := r.post(member, "/sell/auction", append(slices.Clone(thing[2:]), "at", c.at, "title", long, "startPrice", "1,000", "reservePrice", "500", "buyNowPrice", "1,100", "duration", "86400")...)
		a.says(t, http.StatusUnprocessableEntity, c.says...)
		for _, text := range c.lack {
			if strings.Contains(a.body, text) {
				t.Errorf("step %s says %q", c.at, text)
			}
		}
		checkPage(t, "en", a)
	}
	if d := r.market.drafts; len(d) != 2 || d[1].Fields["buyNowPrice"][0] != "1,100" {
		t.Errorf("what was refused is not kept: %+v", d)
	}
}

func TestHalfATierIsWrong(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct {
		rows []string
		says string
	}{
		{[]string{"from", "5", "unitPrice", ""}, "Step 1: fill in both, pieces and price."},
		{nil, "Pieces going up, prices going down, at least one full row."},
		{[]string{"from", "x", "unitPrice", "800"}, "A whole number, like 3."},
		{[]string{"from", "5", "unitPrice", "800", "from", "5", "unitPrice", "700"}, "Step 2: more than 5 pieces."},
		{[]string{"from", "5", "unitPrice", "800", "from", "9", "unitPrice", "800"}, "Step 2: less than NT$ 800."},
	} {
		r.market.tried = &fault.Error{Code: fault.CodeInvalid, Fields: []fault.Field{{Name: "tiers[0].from", Code: "invalid"}}}
		a := r.post(member, "/group", append(slices.Clone(thing), append(c.rows, "at", "2")...)...)
		a.says(t, http.StatusUnprocessableEntity, c.says)
		checkPage(t, "en", a)
	}
	if len(r.market.calls) > 0 {
		t.Errorf("asked %q", r.market.calls)
	}
}

func TestTiersComeAndGo(t *testing.T) {
	r := newRig(t)
	s := &steps{r, member, "/group"}
	rows := func(a answer) int { return strings.Count(a.body, `data-tier-drop`) }
	a := s.take("at", "2", "step", "tier", "from", "5", "unitPrice", "800", "from", "12", "unitPrice", "720")
	if a.says(t, http.StatusOK, `value="800"`, `<svg class="ladder`, "At NT$ 800 you get NT$ 760"); rows(a) != 3 {
		t.Errorf("%d rows", rows(a))
	}
	a = s.take("at", "2", "step", "untier-0", "from", "5", "unitPrice", "800", "from", "12", "unitPrice", "720", "from", "", "unitPrice", "")
	if a.says(t, http.StatusOK, `value="720"`); rows(a) != 2 || strings.Contains(a.body, `value="800"`) {
		t.Errorf("%d rows", rows(a))
	}
}

func TestARefusedOpeningKeepsItsPhotosAndWords(t *testing.T) {
	r := newRig(t)
	r.market.refuse = &fault.Error{Code: fault.CodeInvalid, Fields: []fault.Field{
		{Name: "buyNowPrice", Code: "range"}, {Name: "durationSeconds", Code: "range"}, {Name: "category", Code: "required"}}}
	a := r.post(member, "/sell/auction", append(slices.Clone(thing), "startPrice", "1,000", "buyNowPrice", "1,100", "duration", "3600", "photo", "photo-0", "photo", "photo-1")...)
	a.says(t, http.StatusUnprocessableEntity, "Please fill this in.", `name="photo" value="photo-0"`, `name="photo" value="photo-1"`, "Kept dry.")
	checkPage(t, "en", a)
	if d := r.market.drafts[0]; d.Fields["buyNowPrice"][0] != "1,100" || d.Fields["duration"][0] != "3600" || !slices.Equal(d.Photos, []string{"photo-0", "photo-1"}) {
		t.Errorf("draft %+v", d)
	}
}

func TestPhotosMayComeInTurns(t *testing.T) {
	r := newRig(t)
	s := &steps{r, member, "/sell/auction"}
	r.upload(member, "/sell/auction", []string{"photo-2"}, "at", "1", "step", "photos", "title", "Half a form", "photo", "photo-1").leadsTo(t, "/sell/auction?draft=draft-1")
	s.path = "/sell/auction?draft=draft-1"
	r.get(member, s.path).says(t, http.StatusOK, `name="photo" value="photo-1"`, `name="photo" value="photo-2"`, `value="Half a form"`)
	for _, c := range []struct {
		step string
		want []string
	}{
		{"first-1", []string{"photo-2", "photo-1"}}, {"down-0", []string{"photo-1", "photo-2"}}, {"up-1", []string{"photo-2", "photo-1"}}, {"drop-0", []string{"photo-1"}}, {"drop-9", []string{"photo-1"}},
	} {
		pairs := []string{"at", "1", "step", c.step, "title", "Half a form"}
		for _, id := range r.market.drafts[0].Photos {
			pairs = append(pairs, "photo", id)
		}
		s.take(pairs...).says(t, http.StatusOK)
		if got := r.market.drafts[0].Photos; !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.step, got, c.want)
		}
	}
	if r.market.called("open listing") {
		t.Error("adding photos opened the deal")
	}
}

func TestWhatIsNoPhotoIsRefused(t *testing.T) {
	r := newRig(t)
	a := r.upload(member, "/sell/auction", []string{"virus"}, append(slices.Clone(thing), "startPrice", "1,000")...)
	a.says(t, http.StatusUnprocessableEntity, "Up to 12 photos (JPEG, PNG, WebP, GIF)")
	if r.market.called("open listing") {
		t.Error("the deal opened without its photo")
	}
}

func TestAnEmptyFileFieldIsNoPhoto(t *testing.T) {
	r := newRig(t)
	r.upload(member, "/sell/auction", []string{""}, append(slices.Clone(thing), "startPrice", "1,000")...).leadsTo(t, "/deals/auction")
	if len(r.market.list.Photos) > 0 {
		t.Errorf("photos %q", r.market.list.Photos)
	}
}

// TestAGuestFillsTheStepsIn: everything rides in the page; what needs an account asks for it and keeps the form.
func TestAGuestFillsTheStepsIn(t *testing.T) {
	r := newRig(t)
	page := r.get(guest, "/sell/fixed")
	who := guest
	who.cookies = []*http.Cookie{page.cookie(r.site.guestCookie())}
	token := r.site.formToken("guest "+who.cookies[0].Value, "")
	send := func(pairs ...string) answer {
		form := url.Values{"csrf": {token}}
		for i := 0; i < len(pairs); i += 2 {
			form.Add(pairs[i], pairs[i+1])
		}
		return r.send(who, formRequest("/sell/fixed", form))
	}
	a := send("at", "1", "title", "Notebook", "category", "leisure-bicycles", "condition", "new")
	a.says(t, http.StatusOK, `type="hidden" name="title" value="Notebook"`, "Price for each")
	checkPage(t, "en", a)
	all := []string{"title", "Notebook", "category", "leisure-bicycles", "condition", "new", "price", "300", "quantity", "2", "duration", "", "sent", "1", "sent", "2", "sent", "3"}
	send(append(slices.Clone(all), "at", "3")...).says(t, http.StatusOK, "Its page", "List it")
	a = send(append(slices.Clone(all), "at", "4", "step", "publish")...)
	a.leadsTo(t, "/sign-in?next=/kept")
	ticket := a.cookie(r.site.hostCookie(keptCookie))
	if len(r.market.drafts) > 0 || r.market.called("open listing") || ticket == nil || !ticket.HttpOnly {
		t.Fatalf("calls %q, ticket %v", r.market.calls, ticket)
	}
	back := member
	back.cookies = []*http.Cookie{ticket}
	b := r.get(back, "/kept")
	b.says(t, http.StatusOK, "You were signed out before this was sent", "Its page", `type="hidden" name="title" value="Notebook"`)
	if r.market.called("open listing") {
		t.Error("it was sent by itself")
	}
	r.send(back, formRequest("/sell/fixed", url.Values{"csrf": {r.tokenOf(member)}, "at": {"4"}, "step": {"publish"}, "title": {"Notebook"}, "category": {"leisure-bicycles"},
		"condition": {"new"}, "price": {"300"}, "quantity": {"2"}, "duration": {""}})).leadsTo(t, "/deals/auction")
	if len(r.market.kept) > 0 {
		t.Error("what was sent is still kept")
	}
}

func TestFilesOfTheSite(t *testing.T) {
	r := newRig(t)
	page := r.get(guest, "/").body
	i := strings.Index(page, "/static/")
	sheet := page[i : i+strings.IndexByte(page[i:], '"')]
	if got := r.get(guest, sheet).Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
		t.Errorf("%s: %q", sheet, got)
	}
	if a := r.get(guest, "/photos/bike/640.jpg"); a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "image/jpeg" || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("a photo: %d %v", a.StatusCode, a.Header)
	}
	for _, path := range []string{"/static/000000000000/app.css", "/photos/none/640.jpg", "/photos/bike/640.exe"} {
		if a := r.get(guest, path); a.StatusCode != http.StatusNotFound || strings.Contains(a.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", path, a.StatusCode, a.Header)
		}
	}
}
