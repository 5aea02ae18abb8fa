package social

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"regexp"
	"strconv"

	"golang.org/x/image/draw"

	"haggle/internal/deal"
	"haggle/web/static"
	"haggle/web/view"
)

// Size of a picture, the one that sites ask for.
const (
	Width  = 1200
	Height = 630
)

// Card is what is drawn.
type Card struct {
	Kind   deal.Kind
	Title  string
	Symbol string // of the currency
	Code   string // of the currency, where the font has no such symbol
	Price  string // without its currency; empty where none is public
	Ladder view.Ladder
	Photo  image.Image // nil: the shape of the kind in its place
}

// palette are the colours of a kind, those of the light pages.
type palette struct{ paper, ink, quiet, line, accent, tint color.RGBA }

// Draw draws a card as PNG.
func Draw(c Card) ([]byte, error) {
	ink := paletteOf(c.Kind)
	on := image.NewRGBA(image.Rect(0, 0, Width, Height))
	draw.Draw(on, on.Bounds(), image.NewUniform(ink.paper), image.Point{}, draw.Src)
	w := &writer{}
	square := image.Rect(0, 0, Height, Height)
	if c.Photo != nil {
		fit(on, square, c.Photo)
	} else {
		draw.Draw(on, square, image.NewUniform(ink.tint), image.Point{}, draw.Src)
		pen{on, 135, 135, 15}.shape(c.Kind, ink.accent)
	}
	const left, right = Height + 48, Width - 48
	pen{on, left, 44, 2.4}.shape(c.Kind, ink.accent)
	y := 150 // of the title; a price without one stands lower
	if w.knows(c.Title) {
		for _, line := range w.lines(c.Title, middle, right-left, 2) {
			w.text(on, line, middle, left, y+30, ink.ink)
			y += 52
		}
	}
	if c.Price != "" {
		w.text(on, w.shortened(w.price(c), large, right-left), large, left, y+80, ink.ink)
	}
	if c.Ladder.W > 0 {
		scale := float64(right-left) / float64(c.Ladder.W)
		pen{on, left, Height - 24 - float64(c.Ladder.H)*scale, scale}.ladder(c.Ladder, ink, w)
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, on); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (w *writer) price(c Card) string {
	if w.knows(c.Symbol) {
		return c.Symbol + " " + c.Price
	}
	return c.Code + " " + c.Price
}

// fit fills a part of a canvas with the middle of a photo.
func fit(on *image.RGBA, part image.Rectangle, photo image.Image) {
	b := photo.Bounds()
	side := min(b.Dx(), b.Dy())
	at := image.Pt(b.Min.X+(b.Dx()-side)/2, b.Min.Y+(b.Dy()-side)/2)
	draw.ApproxBiLinear.Scale(on, part, photo, image.Rectangle{at, at.Add(image.Pt(side, side))}, draw.Over, nil)
}

// shape draws the mark of a kind: rising stairs, a tag, a speech bubble, stacked discs.
func (p pen) shape(kind deal.Kind, c color.Color) {
	const thick = 2
	switch kind {
	case deal.English:
		p.stroke([]point{{3, 20}, {8, 20}, {8, 15}, {13, 15}, {13, 10}, {18, 10}, {18, 5}, {21, 5}}, thick, c)
	case deal.Request:
		p.stroke([]point{{4, 4}, {20, 4}, {20, 15}, {12, 15}, {7, 20}, {7, 15}, {4, 15}, {4, 4}}, thick, c)
		p.stroke([]point{{9, 9.5}, {15, 9.5}}, thick, c)
	case deal.Group:
		p.stroke(circle(point{12, 6}, 8, 3), thick, c)
		for _, y := range []float64{12, 18} {
			p.stroke(append([]point{{20, y - 6}}, append(arc(point{12, y}, 8, 3, 0, math.Pi), point{4, y - 6})...), thick, c)
		}
	default:
		p.stroke([]point{{3, 4}, {3, 12}, {12, 21}, {20.5, 12.5}, {11.5, 4}, {3, 4}}, thick, c)
		p.fill(circle(point{7.5, 8.5}, 1.4, 1.4), c)
	}
}

// tokens are the colours of the style sheet by name; of two the first, that of the light pages.
var tokens = readTokens()

var token = regexp.MustCompile(`--([a-z-]+):\s*#([0-9A-Fa-f]{6});`)

func readTokens() map[string]color.RGBA {
	sheet, _ := static.Find(static.URL("app.css"))
	all := map[string]color.RGBA{}
	for _, m := range token.FindAllSubmatch(sheet.Body, -1) {
		if n, err := strconv.ParseUint(string(m[2]), 16, 32); err == nil && all[string(m[1])].A == 0 {
			all[string(m[1])] = color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}
		}
	}
	return all
}

var accents = map[deal.Kind]string{deal.English: "auction", deal.Fixed: "fixed", deal.Request: "request", deal.Group: "group"}

func paletteOf(kind deal.Kind) palette {
	accent := accents[kind]
	if accent == "" {
		accent = "fixed"
	}
	return palette{tokens["paper"], tokens["ink"], tokens["quiet"], tokens["line"], tokens[accent], tokens[accent+"-tint"]}
}
