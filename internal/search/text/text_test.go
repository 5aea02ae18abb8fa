package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"haggle/internal/search/text"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"ＩＰｈｏｎｅ　１５":    "iphone 15",
		"Crème BRÛLÉE": "creme brulee",
		"Łódź ß":       "lodz s",
		"筆記型電腦":        "笔记型电脑",
		"笔记型电脑":        "笔记型电脑",
		"藍芽":           "蓝牙",
		"豆芽":           "豆芽",
		"\xff":         "\uFFFD",
	} {
		if got := text.Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFoldKeepsPositions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		once := text.Fold(s)
		if utf8.RuneCountInString(once) != utf8.RuneCountInString(s) {
			t.Fatalf("Fold(%q) = %q has another number of runes", s, once)
		}
	})
}

func TestTokens(t *testing.T) {
	for in, want := range map[string]string{
		"Running Shoes": "running run shoes shoe",
		"WH-1000XM4":    "wh 1000xm4 wh1000xm4",
		"iPhone14":      "iphone14 iphone 14",
		"20000mAh":      "20000mah 20000 mah",
		"don't":         "dont",
		"1 - 2":         "1 2",
		"二手相機":          "二 二手 手 手相 相 相机 机",
		"鞋":             "鞋",
		"sony相機":        "sony soni 相 相机 机",
		"a/b/c/d/e":     "a b c d e", // a path is no word
		"":              "",
		"?!":            "",
	} {
		if got := strings.Join(terms(text.Tokens(in, text.Indexed)), " "); got != want {
			t.Errorf("Tokens(%q) = %q, want %q", in, got, want)
		}
	}
}

func terms(tokens []text.Token) []string {
	out := []string{}
	for _, t := range tokens {
		out = append(out, t.Term)
	}
	return out
}

func TestAskedTokens(t *testing.T) {
	for in, want := range map[string]string{"二手相機 鞋": "二手 手相 相机 鞋", "running-shoes": "running shoes"} {
		if got := strings.Join(terms(text.Tokens(in, text.Asked)), " "); got != want {
			t.Errorf("Tokens(%q) = %q, want %q", in, got, want)
		}
	}
}

// Whatever comes in, tokens lie within the text on borders of characters, and every term is folded already.
func TestTokensOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "bytes")) + rapid.String().Draw(t, "s")
		for _, tok := range text.Tokens(s, text.Indexed) {
			if tok.Start < 0 || tok.Start >= tok.End || tok.End > len(s) || tok.Term == "" {
				t.Fatalf("%q: token %+v", s, tok)
			}
		}
	})
}

func TestRewrites(t *testing.T) {
	for in, want := range map[string][]string{
		"腳踏車":              {"自行车", "单车", "bicycle", "bike"},
		"power bank 20000": {"行动电源 20000", "充电宝 20000"},
		"手機吊飾":             nil, // no whole word is known
		"藍芽耳機":             {"bluetooth 耳机", "蓝牙 headphones", "蓝牙 headphone", "蓝牙 earphones"},
		"":                 nil,
	} {
		if got := text.Rewrites(in); !slices.Equal(got, want) {
			t.Errorf("Rewrites(%q) = %q, want %q", in, got, want)
		}
	}
	for _, w := range text.Rewrites("手機殼") {
		if strings.Contains(w, "smartphone") {
			t.Errorf("a case for a phone became %q", w)
		}
	}
	if n := len(text.Rewrites("camera laptop bike phone case sofa")); n != 8 {
		t.Errorf("%d rewrites, want the bound of 8", n)
	}
}

func TestGroupsAreUnambiguous(t *testing.T) {
	seen := map[string]bool{}
	for _, group := range text.Groups() {
		if len(group) < 2 {
			t.Errorf("the group %q has one word", group)
		}
		for _, word := range group {
			if word == "" || seen[word] {
				t.Errorf("%q is empty or in two places", word)
			}
			seen[word] = true
		}
	}
}

func TestNames(t *testing.T) {
	got := text.Names("sony 相機")
	for _, want := range []string{"sony 相机", "相机", "照相机", "camera"} {
		if !slices.Contains(got, want) {
			t.Errorf("Names = %q, want also %q", got, want)
		}
	}
	if got := text.Names("red bikes"); !slices.Contains(got, "bike") {
		t.Errorf("Names = %q, want also the singular", got)
	}
}

func TestMark(t *testing.T) {
	for _, c := range []struct{ query, title, want string }{
		{"相机", "二手相機 附鏡頭", "二手[相機] 附鏡頭"},
		{"headphnes", "Sony Headphones", "Sony [Headphones]"},
		{"shoe", "Running Shoes", "Running [Shoes]"},
		{"wh1000xm4", "Sony WH-1000XM4!", "Sony [WH-1000XM4]!"},
		{"wh-1000xm4", "Sony WH-1000XM4", "Sony [WH-1000XM4]"},
		{"son", "Sony", "[Sony]"},
		{"son ", "Sony", "Sony"}, // a space ends the word
		{"creme", "Crème", "[Crème]"},
		{"機", "相機", "相[機]"},
		{"<b>", "a <b> c", "a <[b]> c"},
		{"", "anything", "anything"},
		{"x", "", ""},
	} {
		var got strings.Builder
		for _, s := range text.NewMarker(c.query).Mark(c.title) {
			if s.Match {
				got.WriteString("[" + s.Text + "]")
			} else {
				got.WriteString(s.Text)
			}
		}
		if got.String() != c.want {
			t.Errorf("%q marks %s, want %s", c.query, got.String(), c.want)
		}
	}
}

// The segments of a title, put together, are the title, and no two neighbours are of one kind.
func TestMarkKeepsTheTitle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.StringMatching(`([a-c]{1,3}[-. 1車相機é\x{0301}]?){0,8}`).Draw(t, "title")
		query := rapid.StringMatching(`([a-c]{1,3}[- 1車相]?){0,3}`).Draw(t, "query")
		var all strings.Builder
		last := -1
		for _, s := range text.NewMarker(query).Mark(title) {
			kind := 0
			if s.Match {
				kind = 1
			}
			if s.Text == "" || kind == last {
				t.Fatalf("%q in %q: segment %+v after one of its kind", query, title, s)
			}
			last = kind
			all.WriteString(s.Text)
		}
		if all.String() != title {
			t.Fatalf("%q in %q gives %q", query, title, all.String())
		}
	})
}

func TestTypos(t *testing.T) {
	for word, want := range map[string]int{"lamp": 0, "chair": 1, "keyboard": 1, "headphone": 2, "rtx4070ti": 0, "相機相機相機": 0} {
		if got := text.Typos(word); got != want {
			t.Errorf("Typos(%q) = %d, want %d", word, got, want)
		}
	}
}
