package social

import (
	"image"
	"image/color"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Sizes of letters, in pixels.
const (
	small  = 22
	middle = 40
	large  = 76
)

var bold = mustParse(gobold.TTF)

func mustParse(ttf []byte) *sfnt.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("social: " + err.Error())
	}
	return f
}

// writer writes in one picture; it is not for several at once.
type writer struct {
	buf   sfnt.Buffer
	faces map[int]font.Face
}

func (w *writer) face(size int) font.Face {
	if f, ok := w.faces[size]; ok {
		return f
	}
	f, err := opentype.NewFace(bold, &opentype.FaceOptions{Size: float64(size), DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic("social: " + err.Error()) // only sizes that are no sizes
	}
	if w.faces == nil {
		w.faces = map[int]font.Face{}
	}
	w.faces[size] = f
	return f
}

// knows says whether the font has every character of a text.
func (w *writer) knows(s string) bool {
	for _, r := range s {
		if i, err := bold.GlyphIndex(&w.buf, r); err != nil || i == 0 {
			return false
		}
	}
	return true
}

func (w *writer) width(s string, size int) int { return font.MeasureString(w.face(size), s).Ceil() }

func (w *writer) text(on *image.RGBA, s string, size, x, y int, c color.Color) {
	d := font.Drawer{Dst: on, Src: image.NewUniform(c), Face: w.face(size), Dot: fixed.P(x, y)}
	d.DrawString(s)
}

// lines breaks a text at its blanks into lines of a width, at most so many; what does not fit ends with an ellipsis.
func (w *writer) lines(s string, size, width, most int) (out []string) {
	line := ""
	for _, word := range strings.Fields(s) {
		longer := strings.TrimSpace(line + " " + word)
		if line == "" || w.width(longer, size) <= width {
			line = longer
			continue
		}
		if out = append(out, line); len(out) == most {
			out[most-1] = w.shortened(out[most-1]+"…", size, width)
			return out
		}
		line = word
	}
	if line != "" {
		out = append(out, w.shortened(line, size, width))
	}
	return out
}

// shortened cuts a line that is too wide.
func (w *writer) shortened(s string, size, width int) string {
	for runes := []rune(s); w.width(s, size) > width && len(runes) > 1; {
		runes = runes[:len(runes)-1]
		s = strings.TrimRight(string(runes), " …") + "…"
	}
	return s
}
