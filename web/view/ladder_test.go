package view

import (
	"regexp"
	"strconv"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/web/locale"
)

func page(t *testing.T) *Page {
	t.Helper()
	twd, err := money.Lookup("TWD")
	if err != nil {
		t.Fatal(err)
	}
	return &Page{Printer: locale.New(locale.En, twd, time.UTC, time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)), Site: "haggle"}
}

func ptr[T any](v T) *T { return &v }

func auctionOf(entries int64, standing money.Amount) market.DealView {
	d := market.DealView{Kind: deal.English, Status: deal.Open}
	d.Entries, d.Minimum = entries, ptr(standing+5000)
	if entries > 0 {
		d.Standing = &standing
	}
	return d
}

func groupOf(tiers int, pieces int64) market.DealView {
	d := market.DealView{Kind: deal.Group, Status: deal.Open}
	d.Pieces, d.Tier = &pieces, ptr(int64(0))
	for i := range tiers {
		t := deal.TierState{From: int64(i+1) * 5, UnitPrice: money.Amount(100-i) * 1000, Pieces: pieces}
		d.Tiers = append(d.Tiers, t)
		if pieces >= t.From {
			d.Tier, d.UnitPrice = ptr(int64(i+1)), ptr(t.UnitPrice)
		}
	}
	return d
}

func requestOf(entries int64, best *money.Amount) market.DealView {
	d := market.DealView{Kind: deal.Request, Status: deal.Open}
	d.Entries, d.NamedPrice, d.Best, d.Rule = entries, ptr(money.Amount(800000)), best, "open"
	return d
}

func fixedOf(total, left int64) market.DealView {
	d := market.DealView{Kind: deal.Fixed, Status: deal.Open}
	d.Quantity, d.Left, d.Price = &total, &left, ptr(money.Amount(50000))
	return d
}

// every is one deal of every shape the ladder must bear, also ones that cannot be.
func every() []market.DealView {
	var all []market.DealView
	for _, n := range []int64{0, 1, 2, 3, 50} {
		all = append(all, auctionOf(n, 260000), requestOf(n, ptr(money.Amount(640000))), requestOf(n, nil), fixedOf(12, n), fixedOf(n, n))
		for tiers := range 11 {
			all = append(all, groupOf(tiers, n))
		}
	}
	sealed := requestOf(3, nil)
	sealed.NamedPrice, sealed.Rule = nil, "sealed"
	led := auctionOf(3, 260000)
	led.Me = &market.MeInDeal{Active: true, Maximum: ptr(money.Amount(300000))}
	odd := groupOf(3, 14)
	odd.Tier = ptr(int64(99))
	return append(all, sealed, led, odd, market.DealView{Kind: deal.English}, market.DealView{Kind: deal.Request}, market.DealView{Kind: deal.Group}, market.DealView{Kind: deal.Fixed})
}

var step = regexp.MustCompile(`([MHV])(-?\d+)(?: (-?\d+))?`)

// corners follows a path of the ladder and gives the places it touches.
func corners(path string) []Point {
	var at Point
	var all []Point
	for _, m := range step.FindAllStringSubmatch(path, -1) {
		n, _ := strconv.Atoi(m[2])
		switch m[1] {
		case "M":
			y, _ := strconv.Atoi(m[3])
			at = Point{n, y}
		case "H":
			at.X = n
		case "V":
			at.Y = n
		}
		all = append(all, at)
	}
	return all
}

func TestTheLadderStaysInItsFrame(t *testing.T) {
	p := page(t)
	for i, d := range every() {
		for _, l := range []Ladder{CardLadder(p, d), PageLadder(p, d)} {
			for _, path := range []string{l.Reached, l.Climbed, l.Ahead, l.Limit} {
				for _, at := range corners(path) {
					if at.X < 0 || at.X > l.W || at.Y < 0 || at.Y > l.H {
						t.Errorf("%d %s: %+v of %q is outside %d×%d", i, d.Kind, at, path, l.W, l.H)
					}
				}
			}
			if m := l.Marker; m != nil && (m.X < l.Radius() || m.X > l.W-l.Radius() || m.Y < l.Radius() || m.Y > l.H-l.Radius()) {
				t.Errorf("%d %s: the marker stands outside: %+v", i, d.Kind, m)
			}
			if l.Text == "" && len(d.Tiers) > 0 {
				t.Errorf("%d %s: the ladder has no words", i, d.Kind)
			}
		}
	}
}

func TestAnAuctionClimbsAndOthersDescend(t *testing.T) {
	p := page(t)
	for name, c := range map[string]struct {
		d      market.DealView
		rising bool
	}{"auction": {auctionOf(5, 260000), true}, "request": {requestOf(3, ptr(money.Amount(640000))), false}, "group": {groupOf(4, 17), false}} {
		line := corners(PageLadder(p, c.d).Climbed)
		first, last := line[0], line[len(line)-1]
		if first.X >= last.X || (last.Y < first.Y) != c.rising {
			t.Errorf("%s goes from %+v to %+v", name, first, last)
		}
	}
}

func TestTheMarkerMovesWithTheGroup(t *testing.T) {
	p, last := page(t), -1
	for _, pieces := range []int64{5, 6, 8, 10, 12, 15} {
		m := PageLadder(p, groupOf(3, pieces)).Marker
		if m == nil || m.X <= last {
			t.Fatalf("%d pieces: the marker is at %+v, before it was at %d", pieces, m, last)
		}
		last = m.X
	}
	if PageLadder(p, groupOf(3, 4)).Marker != nil {
		t.Error("below the first threshold there is no price to mark")
	}
}

func TestTheNextStepOfAGroup(t *testing.T) {
	cases := groupOf(3, 14)
	cases.CaseSize = ptr(int64(4))
	filled := groupOf(3, 13) // twelve fill three cases, and who would take more fills the fourth: two more reach 15
	filled.CaseSize, filled.Tiers[2].Tolerance = ptr(int64(4)), 2
	minimum := groupOf(3, 2)
	minimum.GroupMinimum = ptr(int64(10))
	for name, c := range map[string]struct {
		d    market.DealView
		want int64
		ok   bool
	}{
		"plain": {groupOf(3, 14), 1, true}, "whole cases": {cases, 2, true}, "members fill up": {filled, 1, true}, "the minimum": {minimum, 8, true}, "the cheapest": {groupOf(3, 15), 0, false}, "no tiers": {groupOf(0, 3), 0, false},
	} {
		if _, missing, ok := nextTier(c.d); missing != c.want || ok != c.ok {
			t.Errorf("%s: %d missing, %v", name, missing, ok)
		}
	}
}

func TestASealedRequestDrawsNoPrice(t *testing.T) {
	p := page(t)
	d := requestOf(3, nil)
	d.NamedPrice, d.Rule = nil, "sealed"
	for _, l := range []Ladder{CardLadder(p, d), PageLadder(p, d)} {
		if l.Climbed+l.Reached+l.Ahead != "" || l.Marker != nil || l.Step != "3 sealed quotes" || l.Large() != (len(l.Labels) == 1) {
			t.Errorf("%+v", l)
		}
	}
}

func TestOnlyTheLargeDrawingHasText(t *testing.T) {
	p := page(t)
	for name, d := range map[string]market.DealView{"auction": auctionOf(3, 35_000), "request": requestOf(3, nil), "group": groupOf(3, 14)} {
		if small := CardLadder(p, d); len(small.Labels) > 0 || small.Step == "" {
			t.Errorf("%s: the small one says %v, and beneath it %q", name, small.Labels, small.Step)
		}
		if large := PageLadder(p, d); len(large.Labels) == 0 {
			t.Errorf("%s: the large one says nothing", name)
		}
	}
}

func TestStockIsCounted(t *testing.T) {
	p := page(t)
	for _, c := range [][3]int64{{10, 4, 4}, {10, 0, 0}, {10, 10, 10}, {1000, 1, 1}, {1000, 999, 12}, {1, 1, 1}} {
		full := int64(0)
		for _, d := range CardLadder(p, fixedOf(c[0], c[1])).Dots {
			if d.Full {
				full++
			}
		}
		if full != c[2] {
			t.Errorf("%d of %d left: %d boxes are full, want %d", c[1], c[0], full, c[2])
		}
	}
}

func TestTermsAreReadWhateverTheirType(t *testing.T) {
	type mechanism struct {
		StartPrice money.Amount     `json:"startPrice"`
		SoftClose  market.SoftClose `json:"softClose"`
	}
	for _, terms := range []any{mechanism{1000, market.SoftClose{WindowSeconds: 300}}, &mechanism{1000, market.SoftClose{WindowSeconds: 300}},
		map[string]any{"startPrice": 1000, "softClose": map[string]any{"windowSeconds": 300}}} {
		d := market.DealView{}
		d.Terms = terms
		if got := TermsOf(d); got.StartPrice != 1000 || got.SoftClose == nil || got.SoftClose.WindowSeconds != 300 {
			t.Errorf("%T: %+v", terms, got)
		}
	}
	if got := TermsOf(market.DealView{}); got.StartPrice != 0 || got.SoftClose != nil {
		t.Errorf("no terms: %+v", got)
	}
}

func TestStepsOfTheTable(t *testing.T) {
	table := [][2]money.Amount{{10000, 500}, {50000, 1000}, {0, 2000}}
	for price, want := range map[money.Amount]money.Amount{0: 500, 9900: 500, 10000: 1000, 49900: 1000, 50000: 2000, 1 << 40: 2000} {
		if got := stepAt(table, price); got != want {
			t.Errorf("at %d: %d, want %d", price, got, want)
		}
	}
}
