package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kinds is a set of kinds of tokens.
type Kinds uint8

const (
	Word    Kinds = 1 << iota // letters and digits: "headphones", "1000xm4"
	Stem                      // its English stem, where it differs: "headphon"
	Joined                    // words joined by - _ . or / as one: "wh-1000xm4" is also "wh1000xm4"
	Part                      // letters and digits of one word apart: "iphone14" is also "iphone" and "14"
	Unigram                   // one Chinese character
	Bigram                    // two neighbouring Chinese characters

	// Indexed is every kind: what a document is found by.
	Indexed = Word | Stem | Joined | Part | Unigram | Bigram
	// Asked is what a query asks for. A lone Chinese character is a Unigram in any set that has Bigram.
	Asked = Word | Bigram
	// Latin leaves Chinese out: the terms among which misspelt words are looked for.
	Latin = Word | Joined
)

// Token is a term and the bytes of the original text it came from. Words count positions from 1.
type Token struct {
	Term       string
	Start, End int
	Position   int
	Kind       Kinds
}

// maxWord is where a word without an end is cut, in bytes; no real one is longer.
const maxWord = 40

// Tokens cuts s into tokens of the wanted kinds, in order.
func Tokens(s string, want Kinds) []Token {
	c := cutter{want: want, position: 1, out: make([]Token, 0, len(s)/3+4)}
	folded := foldRunes(s)
	for i, at := 0, 0; at < len(s); i++ {
		_, size := utf8.DecodeRuneInString(s[at:])
		c.next(folded[i], at, at+size)
		at += size
	}
	c.end()
	return c.out
}

type glyph struct {
	r          rune
	start, end int
}

// cutter holds the word, the run of Chinese characters or the chain of joined words that is being read.
type cutter struct {
	want     Kinds
	out      []Token
	position int
	word     Token
	chain    []Token // finished words since the last space
	run      []glyph
}

func (c *cutter) next(r rune, start, end int) {
	switch {
	case isHan(r):
		c.endChain()
		c.run = append(c.run, glyph{r, start, end})
	case isGlue(r):
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		c.endRun()
		c.extend(r, start, end)
	case strings.ContainsRune("-_./", r) && c.word.Term != "":
		c.endWord()
	default:
		c.end()
	}
}

func (c *cutter) end() {
	c.endRun()
	c.endChain()
}

func (c *cutter) extend(r rune, start, end int) {
	if c.word.Term == "" {
		c.word.Start = start
	}
	c.word.Term += string(r)
	c.word.End = end
	if len(c.word.Term) >= maxWord {
		c.endWord()
	}
}

func (c *cutter) emit(kind Kinds, term string, start, end int) {
	if c.want&kind != 0 {
		c.out = append(c.out, Token{term, start, end, c.position, kind})
	}
}

func (c *cutter) endWord() {
	w := c.word
	c.word = Token{}
	if w.Term == "" {
		return
	}
	c.emit(Word, w.Term, w.Start, w.End)
	if s := stem(w.Term); c.want&Stem != 0 && s != w.Term {
		c.emit(Stem, s, w.Start, w.End)
	}
	if k := split(w.Term); k > 0 {
		c.emit(Part, w.Term[:k], w.Start, w.End)
		c.emit(Part, w.Term[k:], w.Start, w.End)
	}
	w.Position = c.position
	c.chain = append(c.chain, w)
	c.position++
}

// maxChain is how many words may be joined into one; longer chains are paths and addresses.
const maxChain = 4

func (c *cutter) endChain() {
	c.endWord()
	n := len(c.chain)
	if n > 1 && n <= maxChain && c.want&Joined != 0 {
		var all strings.Builder
		for _, w := range c.chain {
			all.WriteString(w.Term)
		}
		first, last := c.chain[0], c.chain[n-1]
		if n == 2 || hasDigit(all.String()) {
			c.out = append(c.out, Token{all.String(), first.Start, last.End, first.Position, Joined})
		}
	}
	c.chain = c.chain[:0]
}

func (c *cutter) endRun() {
	for i, g := range c.run {
		if c.want&Unigram != 0 || len(c.run) == 1 && c.want&Bigram != 0 {
			c.out = append(c.out, Token{string(g.r), g.start, g.end, c.position, Unigram})
		}
		if i+1 < len(c.run) {
			next := c.run[i+1]
			c.emit(Bigram, string([]rune{g.r, next.r}), g.start, next.end)
		}
		c.position++
	}
	c.run = c.run[:0]
}
