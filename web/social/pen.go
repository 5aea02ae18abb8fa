package social

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/vector"
)

// point is a place on a canvas.
type point struct{ x, y float64 }

// pen draws on a canvas; it maps the units of a drawing to pixels.
type pen struct {
	on     *image.RGBA
	dx, dy float64
	scale  float64
}

func (p pen) at(q point) (x, y float64) { return p.dx + q.x*p.scale, p.dy + q.y*p.scale }

// fill fills the inside of a line. Only the part of the canvas around it is looked at.
func (p pen) fill(line []point, c color.Color) {
	if len(line) < 3 {
		return
	}
	part := p.around(line)
	if part.Empty() {
		return
	}
	r := vector.NewRasterizer(part.Dx(), part.Dy())
	for i, q := range line {
		x, y := p.at(q)
		x, y = x-float64(part.Min.X), y-float64(part.Min.Y)
		if i == 0 {
			r.MoveTo(float32(x), float32(y))
		} else {
			r.LineTo(float32(x), float32(y))
		}
	}
	r.ClosePath()
	r.Draw(p.on, part, image.NewUniform(c), image.Point{})
}

// around is the part of the canvas that a line touches.
func (p pen) around(line []point) image.Rectangle {
	left, top := p.at(line[0])
	right, bottom := left, top
	for _, q := range line[1:] {
		x, y := p.at(q)
		left, right, top, bottom = min(left, x), max(right, x), min(top, y), max(bottom, y)
	}
	return image.Rect(int(left)-1, int(top)-1, int(right)+2, int(bottom)+2).Intersect(p.on.Bounds())
}

// stroke draws a line of a width, round at its ends and corners.
func (p pen) stroke(line []point, width float64, c color.Color) {
	for i, q := range line {
		p.fill(circle(q, width/2, width/2), c)
		if i > 0 {
			p.fill(segment(line[i-1], q, width), c)
		}
	}
}

// segment is the outline of a straight line of a width.
func segment(a, b point, width float64) []point {
	length := math.Hypot(b.x-a.x, b.y-a.y)
	if length == 0 {
		return nil
	}
	nx, ny := -(b.y-a.y)/length*width/2, (b.x-a.x)/length*width/2
	return []point{{a.x + nx, a.y + ny}, {b.x + nx, b.y + ny}, {b.x - nx, b.y - ny}, {a.x - nx, a.y - ny}}
}

// circle is the outline of an ellipse.
func circle(mid point, rx, ry float64) []point { return arc(mid, rx, ry, 0, 2*math.Pi) }

// arc is a part of an ellipse, angles going down from the right.
func arc(mid point, rx, ry, from, to float64) []point {
	const n = 40
	line := make([]point, n+1)
	for i := range line {
		a := from + (to-from)*float64(i)/n
		line[i] = point{mid.x + rx*math.Cos(a), mid.y + ry*math.Sin(a)}
	}
	return line
}
