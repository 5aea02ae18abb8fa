package web

import (
	"net/http"
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
	r.post(member, "/request", append(slices.Clone(thing), "namedPrice", "8,000", "quantity", "2", "rule", "open", "minimumStep", "80", "minimumQuotes", "2", "hidden", "on", "binding", "on", "split", "on", "duration", "86400")...).leadsTo(t, "/deals/auction")
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

func TestHalfATierIsWrong(t *testing.T) {
	r := newRig(t)
	for _, rows := range [][]string{{"from", "5", "unitPrice", ""}, nil, {"from", "x", "unitPrice", "800"}} {
		a := r.post(member, "/group", append(slices.Clone(thing), rows...)...)
		a.says(t, http.StatusUnprocessableEntity, `value=" City bike "`)
		checkPage(t, "en", a)
	}
	if len(r.market.calls) > 0 {
		t.Errorf("asked %q", r.market.calls)
	}
}

func TestARefusedOpeningKeepsItsPhotosAndWords(t *testing.T) {
	r := newRig(t)
	r.market.refuse = &fault.Error{Code: fault.CodeInvalid, Fields: []fault.Field{
		{Name: "buyNowPrice", Code: "range"}, {Name: "tiers[1].unitPrice", Code: "invalid"}, {Name: "durationSeconds", Code: "range"}, {Name: "category", Code: "required"}}}
	a := r.upload(member, "/sell/auction", []string{"photo-1"}, append(slices.Clone(thing), "startPrice", "1,000", "buyNowPrice", "1,100", "duration", "3600", "photo", "photo-0")...)
	a.says(t, http.StatusUnprocessableEntity, "At least 130% of the start price", "Too short or too long", "Please fill this in.", "Pieces going up, prices going down", `value="1,100"`,
		`name="photo" value="photo-0"`, `name="photo" value="photo-1"`, "Kept dry.")
	checkPage(t, "en", a)
}

func TestPhotosMayComeInTurns(t *testing.T) {
	r := newRig(t)
	a := r.upload(member, "/sell/auction", []string{"photo-2"}, "step", "photos", "title", "Half a form", "photo", "photo-1", "startPrice", "x")
	a.says(t, http.StatusOK, `name="photo" value="photo-1"`, `name="photo" value="photo-2"`, `value="Half a form"`)
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
