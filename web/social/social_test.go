package social

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"reflect"
	"strings"
	"testing"

	"haggle/internal/deal"
	"haggle/web/view"
)

func TestEveryColourIsAToken(t *testing.T) {
	for _, name := range []string{"paper", "ink", "quiet", "line", "auction", "auction-tint", "fixed", "fixed-tint", "request", "request-tint", "group", "group-tint"} {
		if tokens[name].A == 0 {
			t.Errorf("the style sheet has no --%s", name)
		}
	}
	if paper, ink := tokens["paper"], tokens["ink"]; int(paper.R)-int(ink.R) < 100 {
		t.Errorf("these are not the colours of the light pages: %v on %v", ink, paper)
	}
}

func TestOutlines(t *testing.T) {
	for path, want := range map[string][][]point{
		"":                  nil,
		"M6 168H354":        {{{6, 168}, {354, 168}}},
		"M6 20H40V10H80":    {{{6, 20}, {40, 20}, {40, 10}, {80, 10}}},
		"M6 20V10H80V20Z":   {{{6, 20}, {6, 10}, {80, 10}, {80, 20}}},
		"M6 20H40M50 60V70": {{{6, 20}, {40, 20}}, {{50, 60}, {50, 70}}},
		"M6 Hx V":           nil,
		"nothing of a path": nil,
	} {
		if got := outlines(path); !reflect.DeepEqual(got, want) {
			t.Errorf("%q: %v, want %v", path, got, want)
		}
	}
}

// TestATitleThatCannotBeWritten draws the same card with a Chinese title and with none.
func TestATitleThatCannotBeWritten(t *testing.T) {
	c := Card{Kind: deal.English, Symbol: "NT$", Code: "TWD", Price: "2,600"}
	plain := mustDraw(t, c)
	c.Title = "登山背包 45L"
	if !bytes.Equal(mustDraw(t, c), plain) {
		t.Error("boxes stand for the Chinese")
	}
	c.Title = "Backpack 45L"
	if bytes.Equal(mustDraw(t, c), plain) {
		t.Error("the title is not written")
	}
	c.Title, c.Symbol = "", "∰"
	if bytes.Equal(mustDraw(t, c), plain) {
		t.Error("a symbol that the font does not have is written")
	}
}

func TestEveryKindIsDrawn(t *testing.T) {
	seen := map[string]deal.Kind{}
	for _, kind := range []deal.Kind{deal.English, deal.Fixed, deal.Request, deal.Group} {
		raw := mustDraw(t, Card{Kind: kind, Symbol: "$", Code: "USD", Price: "1"})
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil || img.Bounds() != image.Rect(0, 0, Width, Height) {
			t.Fatal(kind, err)
		}
		if other, ok := seen[string(raw)]; ok {
			t.Errorf("%s looks like %s", kind, other)
		}
		seen[string(raw)] = kind
		accent := 0
		for y := range Height {
			for x := range Height {
				if color.RGBAModel.Convert(img.At(x, y)) == paletteOf(kind).accent {
					accent++
				}
			}
		}
		if accent < 2000 {
			t.Errorf("%s: the shape has %d points of its colour", kind, accent)
		}
	}
}

// TestLongTitlesFit breaks and cuts titles of every sort.
func TestLongTitlesFit(t *testing.T) {
	w := &writer{}
	for _, title := range []string{"", "short", strings.Repeat("word ", 40), strings.Repeat("x", 200), "a " + strings.Repeat("y", 300) + " b"} {
		lines := w.lines(title, middle, 500, 2)
		if len(lines) > 2 {
			t.Errorf("%d lines of %.20q", len(lines), title)
		}
		for _, line := range lines {
			if w.width(line, middle) > 500 {
				t.Errorf("%q is too wide", line)
			}
		}
	}
	raw := mustDraw(t, Card{Kind: deal.Group, Title: strings.Repeat("long ", 60), Symbol: "NT$", Price: "9,000,000,000,000", Ladder: view.Ladder{}})
	if len(raw) > 200_000 {
		t.Errorf("a card without a photo has %d bytes", len(raw))
	}
}

func mustDraw(t *testing.T, c Card) []byte {
	t.Helper()
	raw, err := Draw(c)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func BenchmarkDraw(b *testing.B) {
	photo := image.NewRGBA(image.Rect(0, 0, 1200, 900))
	for b.Loop() {
		if _, err := Draw(Card{Kind: deal.English, Title: "A city bike", Symbol: "NT$", Price: "2,600", Photo: photo}); err != nil {
			b.Fatal(err)
		}
	}
}
