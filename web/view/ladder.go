package view

import (
	"fmt"
	"strings"

	"haggle/internal/deal"
	"haggle/internal/market"
)

// Ladder is the drawing every deal shows: rungs with amounts, a marker where the price stands now, the next rung and
// what it takes. Coordinates are units of the drawing, from its upper left corner.
type Ladder struct {
	Kind    deal.Kind
	W, H    int
	Reached string // path of the area under the rungs that are reached
	Climbed string // path of the reached rungs
	Ahead   string // path of the rungs that are not reached yet
	Limit   string // path of the reader's own limit; only he sees it
	Marker  *Point // where the price stands now
	Dots    []Dot  // quotes or pieces, counted one by one
	Size    int    // how wide a dot is
	Labels  []Label
	Step    string // what the next rung is, or takes; empty where there is none
	Text    string // the drawing in words
}

// Point is a place in the drawing.
type Point struct{ X, Y int }

// Dot is one counted thing; a full one is there, an empty one is gone.
type Dot struct {
	Point
	Full bool
}

// Label is a text in the drawing.
type Label struct {
	Point
	Anchor string // start, middle, end
	Class  string // now, next, past, own, axis
	Text   string
}

// frame is the size of a ladder and the room its labels need.
type frame struct {
	w, h                     int
	left, right, top, bottom int
	large                    bool
}

var (
	cardFrame = frame{w: 240, h: 56, left: 3, right: 237, top: 16, bottom: 54}
	pageFrame = frame{w: 360, h: 200, left: 6, right: 354, top: 52, bottom: 168, large: true}
	lowFrame  = frame{w: 360, h: 80, left: 6, right: 354, top: 34, bottom: 78, large: true} // for what is only counted
)

// CardLadder draws the small ladder of a card.
func CardLadder(p *Page, d market.DealView) Ladder { return draw(p, d, cardFrame) }

// PageLadder draws the large ladder of a deal's own page.
func PageLadder(p *Page, d market.DealView) Ladder { return draw(p, d, pageFrame) }

func draw(p *Page, d market.DealView, f frame) Ladder {
	l := Ladder{Kind: d.Kind, W: f.w, H: f.h}
	switch d.Kind {
	case deal.English:
		l.climb(p, d, f)
	case deal.Request:
		l.descend(p, d, f)
	case deal.Group:
		l.stack(p, d, f)
	default:
		l.shelf(p, d, f)
	}
	return l
}

// flight is a row of rungs of equal width, from left to right.
type flight struct {
	f  frame
	ys []int
}

// newFlight lays n rungs evenly between the frame's bottom and top; a rising one starts at the bottom.
func newFlight(f frame, n int, rising bool) flight {
	ys := make([]int, n)
	for i := range ys {
		step := i
		if rising {
			step = n - 1 - i
		}
		ys[i] = f.top + step*(f.bottom-12-f.top)/max(1, n-1)
	}
	return flight{f, ys}
}

// x is the left end of rung i.
func (s flight) x(i int) int { return s.f.left + i*(s.f.right-s.f.left)/len(s.ys) }

func (s flight) mid(i int) int { return (s.x(i) + s.x(i+1)) / 2 }

// line is the path along the rungs from..to (to excluded).
func (s flight) line(from, to int) string {
	var b strings.Builder
	for i := from; i < to; i++ {
		op := "V"
		if i == from {
			op = fmt.Sprintf("M%d ", s.x(i))
		}
		fmt.Fprintf(&b, "%s%dH%d", op, s.ys[i], s.x(i+1))
	}
	return b.String()
}

// area is the path of the space under the first n rungs, the last of them cut at x.
func (s flight) area(n, x int) string {
	if n == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "M%d %d", s.x(0), s.f.bottom)
	for i := range n {
		fmt.Fprintf(&b, "V%dH%d", s.ys[i], min(s.x(i+1), x))
	}
	fmt.Fprintf(&b, "V%dZ", s.f.bottom)
	return b.String()
}

// stand puts the marker on rung i.
func (l *Ladder) stand(s flight, i int) {
	l.Marker = &Point{s.mid(i), s.ys[i] - l.Radius()}
}

// Large says that this is the drawing of a page, not of a card.
func (l Ladder) Large() bool { return l.W == pageFrame.w }

// Radius is the size of the marker.
func (l Ladder) Radius() int {
	if l.Large() {
		return 8
	}
	return 6
}

// count lays n dots in a row, the first full ones full.
func (l *Ladder) count(f frame, n, full int64, y int) {
	const most = 12
	gap := (f.right - f.left) / most
	l.Size = gap * 2 / 3
	for i := range min(n, most) {
		l.Dots = append(l.Dots, Dot{Point{f.left + gap/2 + int(i)*gap, y}, i < full})
	}
}

// low makes the frame of a page's ladder low where nothing climbs.
func (l *Ladder) low(f frame) frame {
	if !f.large {
		return f
	}
	l.H = lowFrame.h
	return lowFrame
}

func (l *Ladder) label(x, y int, anchor, class, text string) {
	l.Labels = append(l.Labels, Label{Point{x, y}, anchor, class, text})
}
