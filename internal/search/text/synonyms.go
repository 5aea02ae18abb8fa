package text

import (
	_ "embed"
	"slices"
	"strings"
)

//go:embed synonyms.txt
var synonymList string

// groups are the folded words that mean the same; synonyms finds a group by any of its words.
var groups, synonyms = func() ([][]string, map[string][]string) {
	var list [][]string
	byWord := map[string][]string{}
	for line := range strings.Lines(synonymList) {
		if strings.HasPrefix(line, "#") || strings.TrimSpace(line) == "" {
			continue
		}
		var group []string
		for word := range strings.SplitSeq(line, ",") {
			group = append(group, Words(word))
		}
		list = append(list, group)
		for _, word := range group {
			byWord[word] = group
		}
	}
	return list, byWord
}()

// Groups lists the folded words that mean the same.
func Groups() [][]string { return groups }

// Words is the folded text with single spaces between its words and nothing else: the form in which names of
// categories and synonyms are compared.
func Words(s string) string { return strings.Join(pieces(s), " ") }

// pieces cuts s into folded Latin words and unbroken runs of Chinese characters.
func pieces(s string) []string {
	var out []string
	end, wasHan := -1, false
	for _, t := range Tokens(s, Word|Unigram) {
		isChar := t.Kind == Unigram
		if isChar && wasHan && t.Start == end {
			out[len(out)-1] += t.Term
		} else {
			out = append(out, t.Term)
		}
		end, wasHan = t.End, isChar
	}
	return out
}

const (
	maxRewrites = 8 // rewrites of one query
	maxPhrase   = 3 // words of the longest Latin synonym
)

// Rewrites gives the query with one of its words replaced by each word of the same meaning, folded; at most eight.
// A Chinese run is rewritten only if known words cover all of it: in 手機殼 (a case for a phone) the word 手機 (phone)
// must not become "smartphone".
func Rewrites(query string) []string {
	words := segments(query)
	var out []string
	for i := range words {
		for n := min(maxPhrase, len(words)-i); n >= 1; n-- {
			asked := strings.Join(words[i:i+n], " ")
			group := synonyms[asked]
			for _, word := range group {
				if word != asked {
					out = append(out, strings.Join(slices.Concat(words[:i], []string{word}, words[i+n:]), " "))
				}
			}
			if group != nil {
				break
			}
		}
	}
	return out[:min(len(out), maxRewrites)]
}

// Names gives the names of things a query may be: the whole of it, and its last three, two or one words, for both
// English and Chinese put the thing last; each also without a plural s and with its synonyms.
func Names(query string) []string {
	words := segments(query)
	var out []string
	for n := min(maxPhrase, len(words)); n >= 1; n-- {
		name := strings.Join(words[len(words)-n:], " ")
		out = append(out, name)
		if one, plural := strings.CutSuffix(name, "s"); plural && len(one) > 2 {
			out = append(out, one)
		} else if isASCII(name) {
			out = append(out, name+"s")
		}
		out = append(out, synonyms[name]...)
	}
	return out
}

func isASCII(s string) bool { return strings.IndexFunc(s, func(r rune) bool { return r > 127 }) < 0 }

func segments(query string) []string {
	var out []string
	for _, piece := range pieces(query) {
		out = append(out, cover(piece)...)
	}
	return out
}

// cover cuts a run into the fewest known words that cover all of it, or leaves it whole.
func cover(run string) []string {
	chars := []rune(run)
	best := make([][]string, len(chars)+1)
	best[0] = []string{}
	for i := range chars {
		if best[i] == nil {
			continue
		}
		for j := i + 1; j <= len(chars); j++ {
			word := string(chars[i:j])
			if synonyms[word] != nil && (best[j] == nil || len(best[i])+1 < len(best[j])) {
				best[j] = append(slices.Clone(best[i]), word)
			}
		}
	}
	if last := best[len(chars)]; len(last) > 0 && isHan(chars[0]) {
		return last
	}
	return []string{run}
}
