package group

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"haggle/internal/deal"
	"haggle/internal/testenv"
)

// vectors are the numbers of a food co-op's software: {quantity, tolerance} pairs, packs and what came of them.
type vectors struct {
	Allocate []struct {
		Pack       int64
		Orders     [][2]int64
		Total      int64
		Distribute *int64
		Tolerance  *bool
		Result     []int64
	}
	Single []struct {
		Quantity, Tolerance, Available int64
		Result                         struct{ Quantity, Tolerance int64 }
	}
	MinOrder []struct {
		Min, Pack, Quantity, Tolerance, Units int64
		InPacks                               bool `json:"min_in_packs"`
	} `json:"min_order"`
	Boxfill []struct {
		Pack     int64
		From, To [2]int64
		OK       bool
	} `json:"boxfill_after_date"`
}

func readVectors(t *testing.T) vectors {
	raw, err := os.ReadFile(testenv.Shared(t, "data", "foodsoft_vectors.json"))
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	if len(v.Allocate) == 0 || len(v.Single) == 0 || len(v.MinOrder) == 0 || len(v.Boxfill) == 0 {
		t.Fatal("a set of vectors is missing")
	}
	return v
}

// packs are terms of goods in packs that clear from the first piece on.
func packs(size, minimum int64) *Terms {
	return (&Terms{Tiers: []Tier{{minimum, 10000}}, CaseSize: size, Tolerance: true}).withDefaults(0)
}

// claimsFor are claims with one lot each, in the order given.
func claimsFor(orders ...[2]int64) []claim {
	claims := make([]claim, len(orders))
	for i, o := range orders {
		claims[i] = claim{Standing: repledged(nil, o[0], o[1], 10000, int64(i+1)), seq: int64(i + 1)}
	}
	return claims
}

func TestFoodsoftAllocation(t *testing.T) {
	for i, v := range readVectors(t).Allocate {
		terms, claims := packs(v.Pack, 1), claimsFor(v.Orders...)
		if v.Tolerance != nil && !*v.Tolerance {
			for j := range claims {
				claims[j].Tolerance, claims[j].ToleranceLots = 0, nil
			}
		}
		pieces := terms.ordered(terms.sums(claims)[0])
		if v.Distribute != nil {
			pieces = *v.Distribute
		} else if pieces != v.Total {
			t.Errorf("vector %d: %d pieces are ordered, want %d", i, pieces, v.Total)
		}
		if got := terms.allot(claims, 1, pieces); !slices.Equal(got, v.Result) {
			t.Errorf("vector %d: %v, want %v", i, got, v.Result)
		}
	}
}

func TestFoodsoftSingleOrder(t *testing.T) {
	for i, v := range readVectors(t).Single {
		claims := claimsFor([2]int64{v.Quantity, v.Tolerance})
		got := packs(1, 1).allot(claims, 1, v.Available)[0]
		if want := v.Result.Quantity + v.Result.Tolerance; got != want || min(got, v.Quantity) != v.Result.Quantity {
			t.Errorf("vector %d: %d pieces, want %d + %d", i, got, v.Result.Quantity, v.Result.Tolerance)
		}
	}
}

func TestFoodsoftMinimumOrder(t *testing.T) {
	for i, v := range readVectors(t).MinOrder {
		minimum := v.Min
		if v.InPacks {
			minimum *= v.Pack
		}
		terms := packs(v.Pack, minimum)
		tiers := terms.sums(claimsFor([2]int64{v.Quantity, v.Tolerance}))
		units := int64(0)
		if terms.reached(tiers) > 0 {
			units = terms.ordered(tiers[0]) / v.Pack
		}
		if units != v.Units {
			t.Errorf("vector %d: %d units, want %d", i, units, v.Units)
		}
	}
}

// The rule of the last phase, through the mechanism: one member, the only one, changes his pledge.
func TestFoodsoftBoxfill(t *testing.T) {
	for i, v := range readVectors(t).Boxfill {
		k := opened(t, Terms{Tiers: []Tier{{1, 10000}}, CaseSize: v.Pack, Tolerance: true})
		k.pledge("anna", v.From[0], v.From[1], 0)
		k.now = k.terms().lockedFrom(k.frame.ClosesAt)
		_, err := k.tryPledge("anna", v.To[0], v.To[1], 0)
		if (err == nil) != v.OK {
			t.Errorf("vector %d: %v to %v: %v, want allowed: %v", i, v.From, v.To, err, v.OK)
		}
	}
}

// The documented table of a pack of four, and the cap that keeps the next case closed.
func TestCases(t *testing.T) {
	for _, v := range []struct{ q, t, cap, want int64 }{
		{0, 2, 0, 0}, {0, 5, 0, 0}, {2, 2, 0, 1}, {4, 2, 0, 1}, {4, 4, 0, 1}, {5, 3, 0, 2}, {5, 4, 0, 2},
		{5, 3, 8, 2}, {5, 3, 4, 1}, {3, 0, 0, 0}, {9, 9, 0, 3},
	} {
		terms := packs(4, 1)
		terms.Cap = v.cap
		if got := terms.cases(Sums{Pieces: v.q, Tolerance: v.t}); got != v.want {
			t.Errorf("%d wanted + %d tolerance, cap %d: %d cases, want %d", v.q, v.t, v.cap, got, v.want)
		}
	}
}

// A minimum between two cases needs the case above it, and wanted pieces and tolerance must cover all of that.
func TestMinimumInCases(t *testing.T) {
	for _, v := range []struct{ q, t, want int64 }{{0, 20, 0}, {1, 10, 1}, {1, 11, 2}, {11, 0, 1}, {11, 1, 2}, {12, 0, 2}, {6, 6, 2}} {
		if got := packs(6, 10).cases(Sums{Pieces: v.q, Tolerance: v.t}); got != v.want {
			t.Errorf("minimum 10 in cases of 6: %d wanted + %d tolerance: %d cases, want %d", v.q, v.t, got, v.want)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, v := range []struct{ q, t, want int64 }{{0, 0, 0}, {4, 1, 1}, {6, 0, 0}, {7, 0, 5}, {7, 9, 0}, {6, 2, 4}} {
		if got := packs(6, 1).missing(Sums{Pieces: v.q, Tolerance: v.t}); got != v.want {
			t.Errorf("%d wanted + %d tolerance: %d missing, want %d", v.q, v.t, got, v.want)
		}
	}
}

// A raise queues at the end: the co-op's own example of a pack of five.
func TestRaiseQueuesAtTheEnd(t *testing.T) {
	k := opened(t, Terms{Tiers: []Tier{{5, 10000}}, CaseSize: 5, Tolerance: true})
	k.pledge("anna", 2, 3, 0)
	k.pledge("ben", 2, 0, 0)
	k.pledge("anna", 4, 1, 0)
	k.close()
	if got := awarded(k.outcome); !slices.Equal(got, []string{"anna 3", "ben 2"}) {
		t.Errorf("awards %v, want anna 3, ben 2", got)
	}
	if err := k.verify(); err != nil {
		t.Error(err)
	}
	if k.decision.Result != deal.Sold || k.decision.Pieces != 5 {
		t.Errorf("decision %+v", *k.decision)
	}
}
