package social

import (
	"image/color"
	"strconv"
	"strings"
	"unicode"

	"haggle/web/view"
)

// ladder draws a deal's ladder as its page does, with those labels that are numbers alone.
func (p pen) ladder(l view.Ladder, ink palette, w *writer) {
	for _, area := range outlines(l.Reached) {
		p.fill(area, ink.tint)
	}
	for _, line := range outlines(l.Ahead) {
		p.stroke(line, 3, ink.line)
	}
	for _, line := range outlines(l.Climbed) {
		p.stroke(line, 4, ink.accent)
	}
	for _, d := range l.Dots {
		at, half := point{float64(d.X), float64(d.Y)}, float64(l.Size)/2
		box := []point{{at.x - half, at.y - half}, {at.x + half, at.y - half}, {at.x + half, at.y + half}, {at.x - half, at.y + half}}
		if d.Full {
			p.fill(box, ink.accent)
		} else {
			p.stroke(append(box, box[0]), 2, ink.line)
		}
	}
	if l.Marker != nil {
		p.fill(circle(point{float64(l.Marker.X), float64(l.Marker.Y)}, float64(l.Radius()), float64(l.Radius())), ink.accent)
	}
	p.labels(l, ink, w)
}

func (p pen) labels(l view.Ladder, ink palette, w *writer) {
	for _, t := range l.Labels {
		if strings.ContainsFunc(t.Text, unicode.IsLetter) || t.Class == "own" {
			continue
		}
		c := color.Color(ink.quiet)
		if t.Class == "now" {
			c = ink.accent
		}
		x, y := p.at(point{float64(t.X), float64(t.Y)})
		switch t.Anchor {
		case "end":
			x -= float64(w.width(t.Text, small))
		case "middle":
			x -= float64(w.width(t.Text, small)) / 2
		}
		w.text(p.on, t.Text, small, int(x), int(y), c)
	}
}

// outlines reads the lines of a ladder's path: M, H and V with whole numbers, and Z.
func outlines(path string) (lines [][]point) {
	var now point
	for path != "" {
		op := path[0]
		end := strings.IndexAny(path[1:], "MHVZ") + 1
		if end == 0 {
			end = len(path)
		}
		numbers := strings.Fields(path[1:end])
		path = path[end:]
		switch {
		case op == 'M' && len(numbers) == 2:
			now = point{number(numbers[0]), number(numbers[1])}
			lines = append(lines, nil)
		case op == 'H' && len(numbers) == 1:
			now.x = number(numbers[0])
		case op == 'V' && len(numbers) == 1:
			now.y = number(numbers[0])
		default:
			continue
		}
		if n := len(lines); n > 0 {
			lines[n-1] = append(lines[n-1], now)
		}
	}
	return lines
}

func number(s string) float64 {
	n, _ := strconv.Atoi(s) // a ladder's path has whole numbers
	return float64(n)
}
