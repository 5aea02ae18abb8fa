package searchtest

import (
	"slices"
	"strings"
	"testing"

	"haggle/internal/search"
	"haggle/internal/search/text"
)

func scripts(_ *testing.T, b *bench) {
	b.put(deal(1, "二手數位相機 附鏡頭"), deal(2, "機械鍵盤 青軸"), deal(3, "登山鞋 九成新"))
	b.finds("相機", "d001")
	b.finds("相机", "d001")
	b.finds("數位相机", "d001")
	b.finds("键盘", "d002")
	b.finds("鞋", "d003")
	b.finds("冰箱")
}

func synonyms(_ *testing.T, b *bench) {
	b.put(deal(1, "捷安特 腳踏車"), deal(2, "藍芽耳機"), deal(3, "手機殼 透明"), deal(4, "單速自行車"))
	b.finds("腳踏車", "d001", "d004")
	b.finds("自行車", "d001", "d004")
	b.finds("自行车", "d001", "d004")
	b.finds("藍牙", "d002")
	b.finds("蓝牙耳机", "d002")
}

func latin(_ *testing.T, b *bench) {
	b.put(deal(1, "Sony WH-1000XM4 Headphones"), deal(2, "GeForce RTX 4070"), deal(3, "Crème brûlée torch"), deal(4, "Camera bag"))
	b.finds("headphone", "d001")
	b.finds("HEADPHONES", "d001")
	b.finds("ＳＯＮＹ", "d001")
	b.finds("wh-1000xm4", "d001")
	b.finds("creme brulee", "d003")
	b.finds("cameras", "d004")
	b.finds("headp", "d001") // still typing
}

func misspelt(_ *testing.T, b *bench) {
	b.put(deal(1, "Nintendo Switch"), deal(2, "Espresso machine"))
	b.finds("nintedo", "d001")
	b.finds("espreso", "d002")
	b.finds("switsh", "d001")
	b.finds("swich", "d001")
}

func mixed(_ *testing.T, b *bench) {
	b.put(deal(1, "Sony 相機 A7"), deal(2, "Canon 相機"), deal(3, "Sony 電視"))
	b.leads("sony相機", "d001")
	b.leads("sony 相機", "d001")
}

// whole: who asks for the whole text finds nothing rather than what shares a word with it, in any order.
func whole(t *testing.T, b *bench) {
	b.put(deal(1, "Red lamp"), deal(2, "Wooden chair"))
	for _, sort := range []search.Sort{search.Relevance, search.Newest} {
		for asked, want := range map[string][]string{"lamp zebra quartz": {}, "red lamp": {"d001"}, "": {"d001", "d002"}} {
			got := ids(b.search(search.Query{Text: asked, Sort: sort, Whole: true}))
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Errorf("%q by %s: %v, want %v", asked, sort, got, want)
			}
		}
	}
}

func titleFirst(_ *testing.T, b *bench) {
	mention, thing, exact := deal(3, "Bag for travel"), deal(2, "Tripod"), deal(1, "Tripods")
	mention.Description = "holds a tripod"
	thing.CategoryNames = []string{"Photo"}
	b.put(mention, thing, exact)
	got := ids(b.search(search.Query{Text: "tripod"}))
	if len(got) != 3 || got[0] != "d002" || got[2] != "d003" {
		b.t.Errorf("tripod finds %v, want the exact title d002 first and the description d003 last", got)
	}
	b.finds("photo", "d002")
}

func operators(_ *testing.T, b *bench) {
	b.put(deal(1, "red chair"), deal(2, "blue chair"))
	b.leads("chair -blue", "d002") // a minus excludes nothing
	b.leads("NOT red", "d001")
	b.leads("red:title", "d001")
	b.leads(`"red`, "d001")
	b.leads("red~5^9 ", "d001")
}

func hostile(_ *testing.T, b *bench) {
	b.put(deal(1, "thing"))
	for _, text := range []string{
		`"`, `\`, `*`, `?`, `(`, `AND`, `NOT OR`, `+-&|!(){}[]^"~*?:\/`, `" OR status = draft OR "`, "\x00\x01", "\xff\xfe",
		strings.Repeat("a", 100_000), strings.Repeat("相機", 5_000), strings.Repeat("a b ", 5_000), "🚲", "\u202e\u200b", "%00'; --", "  ", "x\u0301\u0301\u0301",
	} {
		b.search(search.Query{Text: text})
		b.search(search.Query{Text: text, Sort: search.PriceUp})
	}
	for _, value := range []string{`"`, `\`, `x" OR kind = "fixed`, "a'b", "]", "\x00"} {
		b.matches(search.Query{Kind: value})
		b.matches(search.Query{Category: value})
		b.matches(search.Query{Condition: value})
		b.matches(search.Query{Owner: value})
		b.matches(search.Query{Status: []string{value}})
	}
	b.matches(search.Query{Text: " \t "}, "d001") // nothing asked: everything open
	b.matches(search.Query{Text: "?!"})           // nothing that could be found
}

func marked(t *testing.T, b *bench) {
	title := "Giant 腳踏車 <b>Road</b> Bikes"
	b.put(deal(1, title))
	for asked, want := range map[string]string{
		"":           "Giant 腳踏車 <b>Road</b> Bikes",
		"giant road": "[Giant] 腳踏車 <b>[Road]</b> Bikes",
		"自行车":        "Giant [腳踏車] <b>Road</b> [Bikes]",   // words of the same meaning, in the script of the title
		"腳踏車 gia":    "[Giant] [腳踏車] <b>Road</b> [Bikes]", // the word being typed marks what it begins
	} {
		r := b.search(search.Query{Text: asked})
		if len(r.Hits) != 1 {
			t.Fatalf("%q finds %d deals, want 1", asked, len(r.Hits))
		}
		got := bracketed(r.Hits[0].Title)
		if got != want {
			t.Errorf("%q marks %s, want %s", asked, got, want)
		}
	}
}

func bracketed(segments []text.Segment) string {
	var out strings.Builder
	for _, s := range segments {
		if s.Match {
			out.WriteString("[" + s.Text + "]")
		} else {
			out.WriteString(s.Text)
		}
	}
	return out.String()
}
