package text

import (
	"strings"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// stem is the Porter2 stem of an English word; words with anything but a-z, and short ones, are their own.
func stem(w string) string {
	if len(w) < 4 || prefixLen(w, isLower) < len(w) {
		return w
	}
	env := snowballstem.NewEnv(w)
	english.Stem(env)
	return env.Current()
}

// split is where a word falls into letters and digits that people also write apart: "iphone14" after 6,
// "20000mah" after 5. It is 0 where the parts are too short to mean anything alone.
func split(w string) int {
	if k := prefixLen(w, isLower); k >= 3 && k < len(w) && isDigit(w[k]) {
		return k
	}
	k := prefixLen(w, isDigit)
	if unit := len(w) - k; k >= 2 && unit >= 1 && unit <= 3 && prefixLen(w[k:], isLower) == unit {
		return k
	}
	return 0
}

func prefixLen(w string, is func(byte) bool) int {
	for i := range len(w) {
		if !is(w[i]) {
			return i
		}
	}
	return len(w)
}

func isLower(b byte) bool { return b >= 'a' && b <= 'z' }
func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func hasDigit(w string) bool { return strings.ContainsAny(w, "0123456789") }

// Typos is how many slips of the finger a word forgives: none below five letters, one below nine, else two.
// Words with digits (models, sizes) and words of other scripts forgive none.
func Typos(w string) int {
	switch {
	case len(w) < 5 || prefixLen(w, isLower) < len(w):
		return 0
	case len(w) < 9:
		return 1
	default:
		return 2
	}
}

// within says whether a becomes b by at most limit insertions, deletions, replacements or swaps of neighbours
// (the restricted Damerau-Levenshtein distance). Both are ASCII words.
func within(a, b string, limit int) bool {
	if d := len(a) - len(b); d > limit || -d > limit {
		return false
	}
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)] <= limit
}
