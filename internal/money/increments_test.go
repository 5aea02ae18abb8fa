package money

import (
	"slices"
	"testing"
)

func TestIncrementsOfTheRules(t *testing.T) {
	for code, want := range map[string][][2]Amount{
		"USD": {{100, 5}, {500, 25}, {2_500, 50}, {10_000, 100}, {25_000, 250}, {50_000, 500}, {100_000, 1_000}, {250_000, 2_500},
			{500_000, 5_000}, {0, 10_000}},
		"TWD": {{10_000, 500}, {50_000, 1_000}, {100_000, 2_000}, {500_000, 5_000}, {1_000_000, 10_000}, {5_000_000, 50_000}, {0, 100_000}},
		"JPY": {{100, 5}, {500, 25}, {2_500, 50}, {10_000, 100}, {25_000, 250}, {50_000, 500}, {100_000, 1_000}, {250_000, 2_500},
			{500_000, 5_000}, {0, 10_000}},
	} {
		if got := mustLookup(t, code).Increments(); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}

// TestIncrementsRise holds every currency's table: bounds and steps rise, all of it is cash, the last row is open.
func TestIncrementsRise(t *testing.T) {
	for _, code := range codes() {
		c := mustLookup(t, code)
		table := c.Increments()
		for i, row := range table {
			if !c.IsCash(row[0]) || !c.IsCash(row[1]) || row[1] <= 0 {
				t.Errorf("%s row %v is no cash", code, row)
			}
			if last := i == len(table)-1; last != (row[0] == 0) {
				t.Errorf("%s row %d is %v: only the last one is open", code, i, row)
			} else if i > 0 && (row[1] <= table[i-1][1] || !last && row[0] <= table[i-1][0]) {
				t.Errorf("%s row %v does not rise above %v", code, row, table[i-1])
			}
		}
	}
}

func TestIncrementsAreTheCallersOwn(t *testing.T) {
	c := mustLookup(t, "USD")
	c.Increments()[0][1] = 7
	if c.Increments()[0][1] != 5 {
		t.Error("a caller changed the table of all")
	}
}
