package text

import "strings"

// Segment is a piece of a text; Match says that the searcher asked for it.
// The segments of a text, put together, are that text, byte for byte.
type Segment struct {
	Text  string
	Match bool
}

// Marker finds what a query asked for in any text. It needs no index: the same title gets the same marks
// whichever engine found it.
type Marker struct {
	terms  map[string]bool
	words  []string // the query's own words, for misspellings
	prefix string   // the word that may still be being typed
}

// NewMarker reads a query.
func NewMarker(query string) *Marker {
	m := &Marker{terms: map[string]bool{}, prefix: LastWord(query)}
	for _, variant := range append([]string{query}, Rewrites(query)...) {
		for _, t := range Tokens(variant, marked) {
			m.terms[t.Term] = true
		}
	}
	for _, t := range Tokens(query, Word) {
		m.words = append(m.words, t.Term)
	}
	return m
}

// marked are the kinds that are compared when marking; single characters count only where they were asked alone.
const marked = Word | Stem | Joined | Bigram

// Mark cuts s into segments.
func (m *Marker) Mark(s string) []Segment {
	var out []Segment
	at := 0
	for _, span := range m.spans(s) {
		if span.start > at {
			out = append(out, Segment{Text: s[at:span.start]})
		}
		out = append(out, Segment{Text: s[span.start:span.end], Match: true})
		at = span.end
	}
	if at < len(s) {
		out = append(out, Segment{Text: s[at:]})
	}
	return out
}

type span struct{ start, end int }

func (m *Marker) spans(s string) []span {
	var out []span
	for _, t := range Tokens(s, marked|Unigram) {
		if !m.matches(t) {
			continue
		}
		out = join(out, span{t.Start, t.End})
	}
	return out
}

// join adds s to spans in order, taking in all that touch it. A joined word comes after its parts and covers them.
func join(spans []span, s span) []span {
	for n := len(spans); n > 0 && s.start <= spans[n-1].end; n = len(spans) {
		s = span{min(s.start, spans[n-1].start), max(s.end, spans[n-1].end)}
		spans = spans[:n-1]
	}
	return append(spans, s)
}

func (m *Marker) matches(t Token) bool {
	if m.terms[t.Term] {
		return true
	}
	if t.Kind != Word {
		return false
	}
	if m.prefix != "" && strings.HasPrefix(t.Term, m.prefix) {
		return true
	}
	for _, w := range m.words {
		if limit := Typos(w); limit > 0 && w[0] == t.Term[0] && within(w, t.Term, limit) {
			return true
		}
	}
	return false
}

// LastWord is the folded word at the very end of a query, which its writer may not have finished;
// empty where the query ends otherwise or the word has one letter.
func LastWord(query string) string {
	tokens := Tokens(query, Word)
	if len(tokens) == 0 {
		return ""
	}
	last := tokens[len(tokens)-1]
	if last.End != len(query) || len(last.Term) < 2 {
		return ""
	}
	return last.Term
}
