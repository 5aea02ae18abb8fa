package text

import (
	_ "embed"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:embed han.txt
var hanTable string

// han maps a Traditional character to the Simplified one it is compared as.
var han = func() map[rune]rune {
	m := map[rune]rune{}
	for line := range strings.Lines(hanTable) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, pair := range strings.Fields(line) {
			from, n := utf8.DecodeRuneInString(pair)
			to, _ := utf8.DecodeRuneInString(pair[n:])
			m[from] = to
		}
	}
	return m
}()

// base maps accented Latin letters to the letter below the accent.
var base = func() map[rune]rune {
	m := map[rune]rune{'ø': 'o', 'đ': 'd', 'ł': 'l', 'ß': 's', 'ı': 'i'}
	for _, block := range [][2]rune{{0xC0, 0x24F}, {0x1E00, 0x1EFF}} {
		for r := block[0]; r <= block[1]; r++ {
			plain, n := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
			if n > 0 && plain != r && plain < utf8.RuneSelf {
				m[r] = unicode.ToLower(plain)
			}
		}
	}
	return m
}()

// spellings are two-character words that are written in two ways; both count as the second.
var spellings = map[[2]rune][2]rune{
	{'蓝', '芽'}: {'蓝', '牙'},
	{'萤', '幕'}: {'荧', '幕'},
	{'脚', '蹋'}: {'脚', '踏'},
	{'记', '亿'}: {'记', '忆'},
}

// Fold gives the form in which two texts are compared: lower case, half width, no accents, Simplified characters,
// one spelling. It keeps the number of runes, so that positions in the folded text are positions in the original.
func Fold(s string) string { return string(foldRunes(s)) }

func foldRunes(s string) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		out = append(out, foldRune(r))
	}
	for i := 1; i < len(out); i++ {
		if to, ok := spellings[[2]rune{out[i-1], out[i]}]; ok {
			out[i-1], out[i] = to[0], to[1]
		}
	}
	return out
}

const (
	fullWidthFirst = 0xFF01 // full-width '!'
	fullWidthLast  = 0xFF5E // full-width '~'
	fullWidthGap   = 0xFF01 - '!'
	wideSpace      = 0x3000
)

func foldRune(r rune) rune {
	switch {
	case r == wideSpace:
		return ' '
	case r >= fullWidthFirst && r <= fullWidthLast:
		r -= fullWidthGap
	}
	if to, ok := han[r]; ok {
		return to
	}
	r = unicode.ToLower(r)
	if to, ok := base[r]; ok {
		return to
	}
	return r
}

// isHan says whether r belongs to a script written without spaces (or, like Hangul, searched best by pairs).
func isHan(r rune) bool {
	return r >= 0x2E80 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo)
}

// isGlue says whether r only joins or decorates what stands before it.
func isGlue(r rune) bool {
	return r == '\u200b' || r == '\u200d' || r == '\'' || r == '’' || unicode.Is(unicode.Mn, r)
}
