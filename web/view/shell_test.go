package view

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/web/locale"
)

// rendered renders a component, around a content where it is a frame.
func rendered(t testing.TB, c templ.Component) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(templ.WithChildren(t.Context(), templ.Raw("<p>the <b>content</b></p>")), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func clip(s string) string { return s[:min(len(s), 200)] }

// readers are pages of every kind of reader at every kind of address.
func readers(t *testing.T, f *Fragments) (all []*Page) {
	t.Helper()
	people := []market.Actor{{}, {Account: "u1", Name: "Mei", Session: "s1", Role: "admin", Locale: "en"}, {Account: "u2", Name: `<b>"Ann" & Söhne</b>`, Session: "s2"},
		{Account: "u3", Name: "美玲", Unconfirmed: true}, {Account: "u4", Name: letterMark + "x"}, {Account: "u5", Name: ""}}
	paths := []string{"", "/", "/search", "/search?q=%22%3E%3Cb&x=<'\"&>", "/deals/" + pathMark, "/" + strings.Repeat("a", 2000)}
	base := page(t)
	for i, me := range people {
		for j, path := range paths {
			for _, lang := range locale.Langs() {
				n := len(all)
				p := *base
				p.Printer = locale.New(lang, base.Currency, base.Zone, base.Now.Add(time.Duration(n)*time.Hour))
				p.Fragments, p.Me, p.Path, p.CSRF, p.Key = f, me, path, fmt.Sprintf("csrf-%d", n), fmt.Sprintf("key-%d<", n)
				if me.Account == "" && n%2 == 0 {
					p.CSRF = ""
				}
				if (i+j)%3 == 0 {
					p.Canonical = "https://haggle.test" + path
				}
				if n%11 == 0 {
					p.Notice, p.Receipt = "done.bid", fmt.Sprintf("/deals/%d/receipt", n)
				}
				all = append(all, &p)
			}
		}
	}
	return all
}

func TestAMouldIsPouredByteForByte(t *testing.T) {
	f := NewFragments(1 << 20)
	titles := []string{"", "A lamp", `<script>alert("1")</script> & more`, "a " + nameMark + " in it", "a " + tokenMark + keyMark, stamp(nowMark), strings.Repeat("long ", 300)}
	all := readers(t, f)
	for round := range 2 {
		for i, p := range all {
			for j, title := range titles {
				if got, want := rendered(t, layout(p, title)), rendered(t, shell(p, title)); got != want {
					n := 0
					for n < min(len(got), len(want)) && got[n] == want[n] {
						n++
					}
					t.Fatalf("round %d, reader %d, title %d: poured …%s, want …%s", round, i, j, clip(got[n:]), clip(want[n:]))
				}
			}
		}
	}
	if _, n := f.moulds.Weight(); n == 0 || n > 200 {
		t.Errorf("%d moulds for %d pages", n, len(all)*len(titles))
	}
}

func TestAMouldHoldsNothingOfItsReader(t *testing.T) {
	f := NewFragments(1 << 20)
	p := readers(t, f)[0]
	p.Me = market.Actor{Account: "account-1", Name: "Secretive Name", Session: "session-1", Role: "admin"}
	p.CSRF, p.Key, p.Path, p.Notice = "csrf-secret", "key-secret", "/search?q=private", ""
	pieces, err := mouldOf(t.Context(), p, "A lamp")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, part := range pieces {
		text.Write(part.text)
	}
	for _, secret := range []string{p.Me.Account, p.Me.Name, p.Me.Session, p.CSRF, p.Key, "private", "admin"} {
		if strings.Contains(text.String(), secret) {
			t.Errorf("the mould has %q", secret)
		}
	}
	if len(pieces) < 8 {
		t.Errorf("the mould has %d pieces only", len(pieces))
	}
}

func TestFragmentsAreBounded(t *testing.T) {
	const most = 256 << 10
	f := NewFragments(most)
	for i := range 3000 {
		p := *page(t)
		p.Fragments, p.Path = f, fmt.Sprintf("/search?q=%d", i)
		d := auctionOf(3, 260000)
		d.ID, d.Version, d.Title = fmt.Sprint(i), 1, strings.Repeat("x", i)
		m := SearchPage{Found: market.SearchView{Items: []market.DealView{d}, Answer: int64(i + 1), Listing: int64(i + 1)}}
		rendered(t, Search(&p, m))
		rendered(t, layout(&p, fmt.Sprint("title ", i)))
		rendered(t, cards(&p, []market.DealView{d}, true))
		if w := f.Weight(); w > most {
			t.Fatalf("after %d pages: %d bytes", i, w)
		}
		if _, n := f.sheets.Weight(); n > most/8/placeBytes {
			t.Fatalf("after %d pages: %d sheets", i, n)
		}
	}
	if w := f.Weight(); w < most/2 {
		t.Errorf("only %d bytes are kept", w)
	}
}

// TestAListAroundOnesOwnCards holds that what is around the cards is shared, and that nothing a reader asks for makes them
// stand elsewhere.
func TestAListAroundOnesOwnCards(t *testing.T) {
	f := NewFragments(1 << 20)
	d := auctionOf(3, 260000)
	d.ID, d.Version, d.Me = "d1", 1, &market.MeInDeal{Role: "owner", Active: true}
	other := d
	other.Me = &market.MeInDeal{Role: "member", Active: true, Leading: ptr(true)}
	for i, words := range []string{"", "lamp", "a " + mainMark + " lamp", mainMark} {
		for _, field := range []string{"q", "owner"} {
			m := SearchPage{Form: Form{Values: map[string][]string{field: {words}}}, Narrow: words != ""}
			for range 2 {
				for _, d := range []market.DealView{d, other} {
					p := *page(t)
					p.Path = fmt.Sprintf("/search?%s=%d", field, i)
					m.Found = market.SearchView{Items: []market.DealView{d}, Total: 1, Answer: int64(i + 1), Listing: int64(i + 1), Own: true}
					want := rendered(t, keptFinder(&p, m))
					p.Fragments = f
					if got := rendered(t, keptFinder(&p, m)); got != want {
						t.Fatalf("%q in %s: kept\n%s\nwant\n%s", words, field, got, want)
					}
				}
			}
		}
	}
	if _, ok := f.kept.Get(fragmentKey{what: framePart, of: "/search?q=1", lang: locale.En}); !ok {
		t.Error("what is around the cards is not kept")
	}
}

func TestACardIsDrawnAnewWhenItSaysSomethingElse(t *testing.T) {
	f := NewFragments(1 << 20)
	base := page(t)
	for _, lang := range locale.Langs() {
		for step := range 24 {
			p := *base
			p.Fragments = f
			p.Printer = locale.New(lang, base.Currency, base.Zone, base.Now.Add(time.Duration(step*step)*29*time.Second))
			for i, d := range every() {
				closes := market.At(base.Now.Add(time.Duration(i) * 17 * time.Minute))
				d.ID, d.Version, d.ClosesAt, d.Now = fmt.Sprint(i), int64(1+step/6), &closes, market.At(p.Now)
				if !p.Now.Before(closes.Std()) {
					d.Status = "settled"
				}
				for _, me := range []*market.MeInDeal{nil, {Role: "owner", Active: true}, {Role: "member", Active: true, Leading: ptr(step%2 == 0)}, {Role: "member"}} {
					d.Me = me
					for _, lane := range []bool{false, true} {
						want := rendered(t, cardItem(&p, d, lane))
						for _, where := range []string{"", "/search"} { // all of them at one place of one list, in turn
							if got := rendered(t, listed(&p, where, []market.DealView{d}, lane)); got != want {
								t.Fatalf("step %d, deal %d, list %q: kept\n%s\nwant\n%s", step, i, where, got, want)
							}
						}
					}
				}
			}
		}
	}
}

// TestASheetKeepsReadersApart draws lists of several readers, with more places and fewer, at one address.
func TestASheetKeepsReadersApart(t *testing.T) {
	f := NewFragments(8 << 20)
	own := []*market.MeInDeal{nil, {Role: "owner", Active: true}, {Role: "member", Active: true, Leading: ptr(true)},
		{Role: "member", Active: true, Leading: ptr(false)}, {Role: "member", Active: true}, {Role: "member"}}
	for round := range 60 {
		items := slices.Clone(every()[:3+round%20])
		for i := range items {
			items[i].ID, items[i].Version, items[i].Me = fmt.Sprint(i), int64(1+round/20), own[(i+round)%len(own)]
		}
		for _, lang := range locale.Langs() {
			p := *page(t)
			p.Printer = locale.New(lang, p.Currency, p.Zone, p.Now)
			want := rendered(t, listed(&p, "/search", items, false))
			p.Fragments = f
			if got := rendered(t, listed(&p, "/search", items, false)); got != want {
				t.Fatalf("round %d, %s: kept\n%s\nwant\n%s", round, lang, got, want)
			}
		}
	}
	if s := f.sheet(sheetKey{"/search", locale.En, false}, 22); s[0][leadingWord].Load() == nil {
		t.Error("the sheet keeps nothing")
	}
}

func TestADealsHeadIsDrawnAnewWhenItSaysSomethingElse(t *testing.T) {
	f := NewFragments(1 << 20)
	base := page(t)
	for _, lang := range locale.Langs() {
		for step := range 8 {
			p := *base
			p.Fragments = f
			p.Printer = locale.New(lang, base.Currency, base.Zone, base.Now.AddDate(0, step*3, 0)) // from one year into another
			for i, d := range every() {
				closes := market.At(base.Now.AddDate(0, 12, 0))
				d.ID, d.Version, d.Title, d.ClosesAt = fmt.Sprint(i), int64(1+step/4), fmt.Sprintf("A lamp <%d>", step/4), &closes
				if step%4 == 3 {
					d.Status = "clearing"
				}
				if step > 5 {
					d.Outcome = &market.OutcomeView{Result: "sold", UnitPrice: ptr(money.Amount(step * 100))}
				}
				if got, want := rendered(t, DealHead(&p, d, "https://haggle.test")), rendered(t, dealHead(&p, d, "https://haggle.test")); got != want {
					t.Fatalf("step %d, deal %d: kept\n%s\nwant\n%s", step, i, got, want)
				}
				for _, key := range []string{"a", "b"} {
					m := DealPage{Deal: d, Origin: "https://haggle.test", LogKey: fmt.Sprint(key, step)}
					if got, want := rendered(t, keptProof(&p, m)), rendered(t, proof(&p, m)); got != want {
						t.Fatalf("the proof: kept\n%s\nwant\n%s", got, want)
					}
				}
			}
		}
	}
}
