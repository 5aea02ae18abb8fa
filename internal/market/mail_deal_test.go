package market

import (
	"slices"
	"testing"
)

// TestWhatFitsInOneTransaction holds the bounds of what is told at once, by how many mails each deal has.
func TestWhatFitsInOneTransaction(t *testing.T) {
	for _, c := range []struct {
		mails []int
		want  int
	}{
		{[]int{0}, 1},
		{[]int{mailsAtOnce + 1, 0}, 1},
		{[]int{mailsAtOnce - 1, 1, 0}, 3},
		{[]int{mailsAtOnce - 1, 1, 1}, 2},
		{slices.Repeat([]int{1}, dealsAtOnce), dealsAtOnce},
		{slices.Repeat([]int{1}, dealsAtOnce+1), dealsAtOnce},
	} {
		var all []untold
		for _, n := range c.mails {
			all = append(all, untold{mails: make([]MailRow, n)})
		}
		if got := fitting(all); got != c.want {
			t.Errorf("of %v fit %d, want %d", c.mails, got, c.want)
		}
	}
}
