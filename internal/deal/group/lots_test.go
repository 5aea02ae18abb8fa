package group

import (
	"slices"
	"testing"
)

func TestResize(t *testing.T) {
	lots := Lots{{1, 2}, {5, 3}}
	for _, c := range []struct {
		name string
		to   int64
		want Lots
	}{
		{"the same keeps every place", 5, Lots{{1, 2}, {5, 3}}},
		{"a raise queues its difference", 9, Lots{{1, 2}, {5, 3}, {7, 4}}},
		{"a cut eats the newest", 3, Lots{{1, 2}, {5, 1}}},
		{"a deeper cut eats on", 1, Lots{{1, 1}}},
		{"a cut of a whole lot leaves none behind", 2, Lots{{1, 2}}},
		{"nothing", 0, Lots{}},
	} {
		if got := lots.resize(c.to, 7); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if !slices.Equal(lots, Lots{{1, 2}, {5, 3}}) {
		t.Errorf("the lots themselves became %v", lots)
	}
}

func TestLotsAreBounded(t *testing.T) {
	var lots Lots
	for n := int64(1); n <= maxLots+10; n++ {
		lots = lots.resize(n, n)
	}
	if len(lots) != maxLots || lots.total() != maxLots+10 {
		t.Fatalf("%d lots of %d pieces", len(lots), lots.total())
	}
	if newest := lots[maxLots-1]; newest != (Lot{Seq: maxLots + 10, Pieces: 11}) || lots.place() != 1 {
		t.Errorf("the newest lot is %v, the oldest stands at %d", newest, lots.place())
	}
}

func TestAllocationRules(t *testing.T) {
	wants := []Lots{{{1, 5}, {9, 5}}, {{2, 1}}, {{3, 4}}}
	for _, c := range []struct {
		rule   Allocation
		pieces int64
		want   []int64
	}{
		{FirstCome, 9, []int64{5, 1, 3}},
		{FirstCome, 11, []int64{6, 1, 4}},
		{FirstCome, 15, []int64{10, 1, 4}},
		{ProRata, 9, []int64{6, 1, 2}},  // 6, 0.6, 2.4
		{ProRata, 12, []int64{8, 1, 3}}, // 8, 0.8, 3.2
		{ProRata, 15, []int64{10, 1, 4}},
		{Even, 2, []int64{1, 1, 0}},
		{Even, 8, []int64{4, 1, 3}},
		{Even, 9, []int64{4, 1, 4}},
		{Even, 10, []int64{5, 1, 4}},
		{Even, 0, []int64{0, 0, 0}},
		{Even, 15, []int64{10, 1, 4}},
	} {
		if got := c.rule.serve(c.pieces, wants); !slices.Equal(got, c.want) {
			t.Errorf("%s of %d: %v, want %v", c.rule, c.pieces, got, c.want)
		}
	}
}

func TestProRataTiesGoToTheOlder(t *testing.T) {
	if got := proRata(2, []int64{1, 1, 1}); !slices.Equal(got, []int64{1, 1, 0}) {
		t.Errorf("two pieces among three equals: %v", got)
	}
}
