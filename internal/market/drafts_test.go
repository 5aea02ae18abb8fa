package market_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"haggle/internal/blob/photo"
	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/internal/money"
)

func amount(n money.Amount) *money.Amount { return &n }

func seconds(n int64) *int64 { return &n }

// picture is a photo like no other.
func picture(t *testing.T, shade uint8) *bytes.Buffer {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 * 30 {
		img.Set(i%40, i/40, color.RGBA{R: shade, G: uint8(i), A: 255})
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return &b
}

func (d *door) upload(who market.Actor, shade uint8) string {
	d.t.Helper()
	p, err := d.UploadPhoto(d.t.Context(), who, picture(d.t, shade))
	must(d.t, err)
	return p.ID
}

func (d *door) draft(who market.Actor, in market.DraftInput) market.DraftView {
	d.t.Helper()
	in.Kind = "english"
	v, err := d.SaveDraft(d.t.Context(), who, in)
	must(d.t, err)
	return v
}

func TestDrafts(t *testing.T) {
	d := newDoor(t)
	ann, bob := d.member("ann"), d.member("bob")
	first := d.draft(ann, market.DraftInput{Fields: map[string][]string{"title": {"Bike"}, "delivery": {"meet", "parcel"}}})
	d.later(time.Minute)
	second := d.draft(ann, market.DraftInput{Fields: map[string][]string{"title": {"Lamp"}}})
	d.later(time.Minute)
	d.draft(ann, market.DraftInput{ID: first.ID, Fields: map[string][]string{"title": {"Red bike"}, "delivery": {"meet", "parcel"}}})
	list, err := d.Drafts(t.Context(), ann)
	must(t, err)
	if len(list) != 2 || list[0].ID != first.ID || list[0].Fields["title"][0] != "Red bike" || !slices.Equal(list[0].Fields["delivery"], []string{"meet", "parcel"}) {
		t.Errorf("drafts %+v", list)
	}
	if got, err := d.Drafts(t.Context(), bob); err != nil || len(got) > 0 {
		t.Errorf("bob has %+v, %v", got, err)
	}
	_, err = d.Draft(t.Context(), bob, first.ID)
	d.refused("another's draft", err, fault.CodeNotFound)
	_, err = d.SaveDraft(t.Context(), bob, market.DraftInput{ID: first.ID, Kind: "english"})
	d.refused("writing into another's draft", err, fault.CodeNotFound)
	d.refused("deleting another's draft", d.DeleteDraft(t.Context(), bob, first.ID), fault.CodeNotFound)
	_, err = d.SaveDraft(t.Context(), market.Actor{}, market.DraftInput{Kind: "english"})
	d.refused("a guest's draft", err, fault.CodeUnauthenticated)
	must(t, d.DeleteDraft(t.Context(), ann, second.ID))
	_, err = d.SaveDraft(t.Context(), ann, market.DraftInput{ID: second.ID, Kind: "english"})
	d.refused("a draft that is gone", err, fault.CodeNotFound)
	_, err = d.SaveDraft(t.Context(), ann, market.DraftInput{Kind: "english", Fields: map[string][]string{"description": {strings.Repeat("茶", 70_000)}}})
	d.refused("more than a draft holds", err, fault.CodeInvalid)
}

func TestTwentyDrafts(t *testing.T) {
	d := newDoor(t)
	ann := d.member("ann")
	for i := range 20 {
		d.draft(ann, market.DraftInput{Fields: map[string][]string{"title": {fmt.Sprint(i)}}})
	}
	_, err := d.SaveDraft(t.Context(), ann, market.DraftInput{Kind: "english"})
	d.refused("the twenty-first", err, fault.CodeLimit)
	if n := fault.From(err).Params["limit"]; n != 20 {
		t.Errorf("the refusal says %v", n)
	}
	list, err := d.Drafts(t.Context(), ann)
	must(t, err)
	d.draft(ann, market.DraftInput{ID: list[3].ID, Fields: map[string][]string{"title": {"changed"}}})
	d.later(89 * 24 * time.Hour)
	d.draft(ann, market.DraftInput{ID: list[5].ID})
	d.later(2 * 24 * time.Hour)
	_, err = d.SweepSessions(t.Context(), 100)
	must(t, err)
	if list, err = d.Drafts(t.Context(), ann); err != nil || len(list) != 1 {
		t.Errorf("after 90 days %d drafts are left, %v", len(list), err)
	}
}

func bike(photos ...string) market.ListingInput {
	return market.ListingInput{Format: "english", StartPrice: amount(100_000), Until: market.Until{DurationSeconds: seconds(86_400)},
		About: market.About{Title: "City bike", Category: "leisure-bicycles", Condition: "good", Photos: photos}}
}

// TestADraftEndsWithItsDeal, in the commit that opens it: one that is refused keeps it.
func TestADraftEndsWithItsDeal(t *testing.T) {
	d := newDoor(t, shelves(t))
	ann, bob := d.member("ann"), d.member("bob")
	photo := d.upload(ann, 1)
	v := d.draft(ann, market.DraftInput{Fields: map[string][]string{"title": {"City bike"}}, Photos: []string{photo}})
	other := d.draft(bob, market.DraftInput{Fields: map[string][]string{"title": {"Bob's"}}})
	in := bike(photo)
	in.About.Draft, in.StartPrice = v.ID, nil
	_, _, err := d.OpenListing(t.Context(), ann, market.Key{}, in)
	d.refused("an auction without a price", err, fault.CodeInvalid)
	if _, err := d.Draft(t.Context(), ann, v.ID); err != nil {
		t.Errorf("the refused opening took the draft: %v", err)
	}
	in.StartPrice = amount(100_000)
	_, _, err = d.OpenListing(t.Context(), ann, market.Key{}, in)
	must(t, err)
	_, err = d.Draft(t.Context(), ann, v.ID)
	d.refused("the draft of an open deal", err, fault.CodeNotFound)
	in.About.Draft = other.ID
	_, _, err = d.OpenListing(t.Context(), ann, market.Key{}, in)
	must(t, err)
	if _, err := d.Draft(t.Context(), bob, other.ID); err != nil {
		t.Errorf("ann's deal took bob's draft: %v", err)
	}
}

// TestLoosePhotosAreSwept: a photo of a deal stays, one of a draft as long as the draft, any other a week.
func TestLoosePhotosAreSwept(t *testing.T) {
	d := newDoor(t, shelves(t))
	ann, bob := d.member("ann"), d.member("bob")
	used, drafted, loose, both := d.upload(ann, 1), d.upload(ann, 2), d.upload(ann, 3), d.upload(ann, 4)
	v := d.draft(ann, market.DraftInput{Photos: []string{drafted}})
	_, _, err := d.OpenListing(t.Context(), ann, market.Key{}, bike(used, both))
	must(t, err)
	if d.upload(bob, 4) != both || d.upload(bob, 1) != used {
		t.Fatal("the same picture has two ids")
	}
	there := func(id string) bool {
		body, _, _, err := d.OpenPhoto(t.Context(), id, "full")
		if err == nil {
			must(t, body.Close())
		}
		return err == nil
	}
	swept := func(want int) {
		t.Helper()
		if n, err := d.SweepPhotos(t.Context(), 100); n != want || err != nil {
			t.Errorf("%d photos were swept, want %d: %v", n, want, err)
		}
	}
	d.later(6 * 24 * time.Hour)
	swept(0)
	d.later(2 * 24 * time.Hour)
	swept(1)
	if !there(used) || !there(both) || !there(drafted) || there(loose) {
		t.Errorf("used %v, of two people %v, of a draft %v, loose %v", there(used), there(both), there(drafted), there(loose))
	}
	_, _, err = d.OpenListing(t.Context(), ann, market.Key{}, bike(loose))
	d.refused("a deal with a photo that is gone", err, fault.CodeInvalid)
	must(t, d.DeleteDraft(t.Context(), ann, v.ID))
	d.later(120 * 24 * time.Hour)
	swept(1)
	if there(drafted) || !there(used) {
		t.Errorf("of the deleted draft %v, used %v", there(drafted), there(used))
	}
	if again := d.upload(ann, 3); again != loose || !there(again) {
		t.Error("a swept photo cannot be uploaded again")
	}
}

// TestPhotosOfEarlierVersions: they are JPEGs in every size; they are shown, and swept, all the same.
func TestPhotosOfEarlierVersions(t *testing.T) {
	d := newDoor(t, shelves(t))
	id := d.upload(d.member("ann"), 1)
	for _, size := range photo.Variants() {
		if size == photo.Full {
			continue
		}
		key := photo.Folder(id) + size
		must(t, d.cfg.Blobs.Delete(t.Context(), key+".webp"))
		must(t, d.cfg.Blobs.Put(t.Context(), key+".jpg", []byte("of "+size)))
		body, kind, _, err := d.OpenPhoto(t.Context(), id, size)
		must(t, err)
		data, err := io.ReadAll(body)
		must(t, err)
		must(t, body.Close())
		if string(data) != "of "+size || kind != "image/jpeg" {
			t.Errorf("%s is %q, %s", size, data, kind)
		}
	}
	d.later(8 * 24 * time.Hour)
	if n, err := d.SweepPhotos(t.Context(), 100); n != 1 || err != nil {
		t.Errorf("%d photos were swept: %v", n, err)
	}
	for _, size := range photo.Variants() {
		if _, _, _, err := d.OpenPhoto(t.Context(), id, size); !fault.Is(err, fault.CodeNotFound) {
			t.Errorf("%s is left: %v", size, err)
		}
	}
}

func TestKeptForms(t *testing.T) {
	d := newDoor(t)
	ann, bob := d.member("ann"), d.member("bob")
	f := market.KeptForm{Path: "/deals/x/bids", Values: map[string][]string{"max": {"very-own-words"}}}
	ticket, err := d.KeepForm(t.Context(), ann.Account, "ip", f)
	must(t, err)
	if raw := d.raw(market.KeptForms); strings.Contains(raw, "very-own-words") || strings.Contains(raw, "bids") || strings.Contains(raw, ticket) {
		t.Errorf("the row can be read: %s", raw)
	}
	for who, a := range map[string]market.Actor{"bob": bob, "a guest": {}} {
		if _, err := d.KeptForm(t.Context(), a, ticket); err == nil {
			t.Errorf("%s reads ann's form", who)
		}
	}
	must(t, d.DropForm(t.Context(), bob, ticket))
	if got, err := d.KeptForm(t.Context(), ann, ticket); err != nil || got.Path != f.Path || got.Values["max"][0] != "very-own-words" {
		t.Errorf("ann gets %+v, %v", got, err)
	}
	must(t, d.DropForm(t.Context(), ann, ticket))
	_, err = d.KeptForm(t.Context(), ann, ticket)
	d.refused("a form that was sent", err, fault.CodeNotFound)

	guests, err := d.KeepForm(t.Context(), "", "ip", f)
	must(t, err)
	if _, err := d.KeptForm(t.Context(), bob, guests); err != nil {
		t.Errorf("who signs in first does not get the guest's form: %v", err)
	}
	_, err = d.KeptForm(t.Context(), ann, guests)
	d.refused("a guest's form, to the second who signs in", err, fault.CodeNotFound)
	d.later(25 * time.Hour)
	_, err = d.KeptForm(t.Context(), bob, guests)
	d.refused("a form of yesterday", err, fault.CodeNotFound)
	_, err = d.SweepSessions(t.Context(), 100)
	must(t, err)
	if raw := d.raw(market.KeptForms); raw != "" {
		t.Errorf("after a day there is %s", raw)
	}
	_, err = d.KeepForm(t.Context(), ann.Account, "ip", market.KeptForm{Path: "/x", Values: map[string][]string{"text": {strings.Repeat("x", 300_000)}}})
	d.refused("a form as long as a book", err, fault.CodeTooLarge)
}

// TestTrying finds everything that is wrong, what the form asks and what its rule says of it together, and opens nothing.
func TestTrying(t *testing.T) {
	d := newDoor(t)
	ann := d.member("ann")
	names := func(err error) (out []string) {
		for _, f := range fault.From(err).Fields {
			if !slices.Contains(out, f.Name) {
				out = append(out, f.Name)
			}
		}
		slices.Sort(out)
		return out
	}
	bad := bike()
	bad.Title, bad.BuyNowPrice, bad.Until = "", amount(110_000), market.Until{}
	_, err := d.TryListing(t.Context(), ann, bad)
	if got := names(err); !slices.Equal(got, []string{"buyNowPrice", "closesAt", "title"}) {
		t.Errorf("an auction: wrong are %q", got)
	}
	group := market.GroupInput{About: market.About{Title: "Tea", Category: "food-tea"}, Tiers: []market.TierInput{{From: 5, UnitPrice: 80_000}, {From: 4, UnitPrice: 70_000}}}
	_, err = d.TryGroup(t.Context(), market.Actor{}, group)
	if got := names(err); !slices.Equal(got, []string{"closesAt", "tiers[1].from"}) {
		t.Errorf("a group: wrong are %q", got)
	}
	for who, a := range map[string]market.Actor{"ann": ann, "a guest": {}} {
		v, err := d.TryListing(t.Context(), a, bike())
		must(t, err)
		if v.Status != "open" || v.ID != "" || v.URL != "" || v.Title != "City bike" || v.Minimum == nil || *v.Minimum != 100_000 || v.ClosesAt == nil || !v.ClosesAt.Std().Equal(d.now.Add(24*time.Hour)) || v.Me != nil {
			t.Errorf("%s sees %+v", who, v)
		}
	}
	v, err := d.TryRequest(t.Context(), ann, market.RequestInput{About: market.About{Title: "Lamp", Category: "home-lighting"}, NamedPrice: 80_000, Rule: "first", Binding: true,
		Until: market.Until{DurationSeconds: seconds(86_400)}})
	if err != nil || v.Funded == nil || !*v.Funded { // her wallet is empty: that is asked when it opens
		t.Errorf("a request: %+v, %v", v, err)
	}
	if mine, err := d.Mine(t.Context(), ann, "selling", ""); err != nil || len(mine.Items) > 0 {
		t.Errorf("trying opened %+v, %v", mine.Items, err)
	}
}
