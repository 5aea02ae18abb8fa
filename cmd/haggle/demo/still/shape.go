package still

import "math"

// point is a place in the frame: x to the right, y down.
type point struct{ x, y float64 }

// shape is a set of closed rings. A ring that turns clockwise on the screen adds, one that turns the other way cuts out;
// what is covered twice counts once.
type shape [][]point

// poly is a polygon through pairs of coordinates.
func poly(xy ...float64) shape { return shape{clockwise(points(xy))} }

// box is a rectangle with round corners.
func box(x, y, w, h, r float64) shape {
	r = min(r, w/2, h/2)
	if r <= 0 {
		return poly(x, y, x+w, y, x+w, y+h, x, y+h)
	}
	var ring []point
	for i, c := range []point{{x + w - r, y + r}, {x + w - r, y + h - r}, {x + r, y + h - r}, {x + r, y + r}} {
		ring = append(ring, turn(c, r, r, float64(i)*90-90, float64(i)*90)...)
	}
	return shape{clockwise(ring)}
}

// oval is an ellipse.
func oval(cx, cy, rx, ry float64) shape { return shape{clockwise(turn(point{cx, cy}, rx, ry, 0, 360))} }

// circle is a circle.
func circle(cx, cy, r float64) shape { return oval(cx, cy, r, r) }

// ring is a circle drawn with a pen of width w.
func ring(cx, cy, r, w float64) shape { return cut(circle(cx, cy, r+w/2), circle(cx, cy, r-w/2)) }

// blob is a smooth closed curve through points.
func blob(xy ...float64) shape { return shape{clockwise(smooth(points(xy), true))} }

// line is a pen of width w drawn along straight lines, its ends round.
func line(w float64, xy ...float64) shape { return stroke(w, points(xy)) }

// cord is a pen of width w drawn along a smooth curve through points.
func cord(w float64, xy ...float64) shape { return stroke(w, smooth(points(xy), false)) }

// arc is a pen of width w drawn along a part of an ellipse, from one angle to another in degrees, clockwise from three
// o'clock.
func arc(cx, cy, rx, ry, w, from, to float64) shape {
	return stroke(w, turn(point{cx, cy}, rx, ry, from, to))
}

// dome is the part of an ellipse between two angles, closed by a straight line.
func dome(cx, cy, rx, ry, from, to float64) shape {
	return shape{clockwise(turn(point{cx, cy}, rx, ry, from, to))}
}

// join is everything that any of the shapes covers.
func join(shapes ...shape) (all shape) {
	for _, s := range shapes {
		all = append(all, s...)
	}
	return all
}

// cut takes inner ones out of a shape; they must lie within it and beside each other.
func cut(outer shape, inner ...shape) shape {
	out := append(shape{}, outer...)
	for _, s := range inner {
		for _, r := range s {
			out = append(out, reversed(r))
		}
	}
	return out
}

// move shifts a shape.
func (s shape) move(dx, dy float64) shape {
	return s.each(func(p point) point { return point{p.x + dx, p.y + dy} })
}

// pixels is the shape as it stands in the picture.
func (s shape) pixels() shape {
	return s.each(func(p point) point { return point{pixels(p.x), pixels(p.y)} })
}

// tilt turns a shape by degrees, clockwise, about a point.
func (s shape) tilt(degrees, cx, cy float64) shape {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return s.each(func(p point) point {
		x, y := p.x-cx, p.y-cy
		return point{cx + x*cos - y*sin, cy + x*sin + y*cos}
	})
}

// mirror turns a shape left to right about a vertical line.
func (s shape) mirror(cx float64) shape {
	out := s.each(func(p point) point { return point{2*cx - p.x, p.y} })
	for i := range out {
		out[i] = reversed(out[i])
	}
	return out
}

func (s shape) each(f func(point) point) shape {
	out := make(shape, len(s))
	for i, r := range s {
		out[i] = make([]point, len(r))
		for j, p := range r {
			out[i][j] = f(p)
		}
	}
	return out
}

// bounds is the smallest rectangle around a shape.
func (s shape) bounds() (low, high point) {
	low, high = point{math.Inf(1), math.Inf(1)}, point{math.Inf(-1), math.Inf(-1)}
	for _, r := range s {
		for _, p := range r {
			low = point{min(low.x, p.x), min(low.y, p.y)}
			high = point{max(high.x, p.x), max(high.y, p.y)}
		}
	}
	return low, high
}

func points(xy []float64) []point {
	out := make([]point, len(xy)/2)
	for i := range out {
		out[i] = point{xy[2*i], xy[2*i+1]}
	}
	return out
}

func reversed(r []point) []point {
	out := make([]point, len(r))
	for i, p := range r {
		out[len(r)-1-i] = p
	}
	return out
}

// clockwise gives a ring the direction that adds, by the sign of its area (the shoelace formula).
func clockwise(r []point) []point {
	area := 0.0
	for i, p := range r {
		q := r[(i+1)%len(r)]
		area += p.x*q.y - q.x*p.y
	}
	if area < 0 {
		return reversed(r)
	}
	return r
}

// flower is a circle of radius r with n waves of depth r × d.
func flower(cx, cy, r float64, n int, d float64) shape {
	var p []point
	for i := range 30 * n {
		a := 2 * math.Pi * float64(i) / float64(30*n)
		sin, cos := math.Sincos(a)
		k := r * (1 - d + d*math.Abs(math.Cos(a*float64(n)/2))*2 - d)
		p = append(p, point{cx + k*cos, cy + k*sin})
	}
	return shape{clockwise(p)}
}

// hexagon is a regular hexagon of radius r, a corner at the top.
func hexagon(cx, cy, r float64) shape {
	var p []point
	for i := range 6 {
		sin, cos := math.Sincos(float64(i)*math.Pi/3 - math.Pi/2)
		p = append(p, point{cx + r*cos, cy + r*sin})
	}
	return shape{p}
}
