package still

import "math"

// turn gives points along an ellipse from one angle to another, in degrees, some four pixels apart.
func turn(c point, rx, ry, from, to float64) []point {
	span := (to - from) * math.Pi / 180
	n := max(6, int(math.Abs(span)*max(rx, ry)/4))
	out := make([]point, 0, n+1)
	for i := range n + 1 {
		sin, cos := math.Sincos(from*math.Pi/180 + span*float64(i)/float64(n))
		out = append(out, point{c.x + rx*cos, c.y + ry*sin})
	}
	return out
}

// stepsPerSpan is how many straight pieces a curve between two of its points is made of.
const stepsPerSpan = 14

// smooth gives points along a uniform Catmull-Rom spline through all of the given ones.
func smooth(p []point, closed bool) []point {
	spans := len(p) - 1
	if closed {
		spans = len(p)
	}
	at := func(i int) point {
		if closed {
			return p[(i+len(p))%len(p)]
		}
		return p[min(max(i, 0), len(p)-1)]
	}
	var out []point
	for i := range spans {
		for s := range stepsPerSpan {
			out = append(out, spline(at(i-1), at(i), at(i+1), at(i+2), float64(s)/stepsPerSpan))
		}
	}
	return append(out, at(spans))
}

// spline is the uniform Catmull-Rom polynomial between b (t = 0) and c (t = 1).
func spline(a, b, c, d point, t float64) point {
	f := func(a, b, c, d float64) float64 {
		return b + t*((c-a)+t*((2*a-5*b+4*c-d)+t*(3*(b-c)+d-a)))/2
	}
	return point{f(a.x, b.x, c.x, d.x), f(a.y, b.y, c.y, d.y)}
}

// stroke is what a round pen of width w covers along points: a disc at each, a bar between neighbours.
func stroke(w float64, p []point) shape {
	r := w / 2
	var out shape
	for i, a := range p {
		out = append(out, clockwise(turn(a, r, r, 0, 360)))
		if i+1 == len(p) {
			break
		}
		b := p[i+1]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		if length == 0 {
			continue
		}
		dx, dy := (b.y-a.y)*r/length, (a.x-b.x)*r/length
		out = append(out, clockwise([]point{{a.x + dx, a.y + dy}, {b.x + dx, b.y + dy}, {b.x - dx, b.y - dy}, {a.x - dx, a.y - dy}}))
	}
	return out
}
