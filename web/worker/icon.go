package worker

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"
	"sync"
)

// Purpose says where an icon stands: as it is, or under a mask that the system cuts it with.
type Purpose string

// Purposes of icons.
const (
	Any      Purpose = "any"
	Maskable Purpose = "maskable"
)

// IconSizes are the sizes that are drawn, in pixels; 180 is what Apple's systems ask for.
var IconSizes = []int{180, 192, 512}

// IconPath is the address of an icon.
func IconPath(size int, p Purpose) string {
	if p == Maskable {
		return fmt.Sprintf("/icons/maskable-%d.png", size)
	}
	return fmt.Sprintf("/icons/icon-%d.png", size)
}

// Icon is the icon under an address; nil where there is none. Each is drawn once.
func Icon(file string) []byte {
	name, ok := strings.CutSuffix(file, ".png")
	kind, number, found := strings.Cut(name, "-")
	size, err := strconv.Atoi(number)
	if !ok || !found || err != nil || strconv.Itoa(size) != number {
		return nil
	}
	for _, s := range IconSizes {
		if s == size && (kind == "icon" || kind == "maskable") {
			return drawn(size, kind == "maskable")
		}
	}
	return nil
}

var (
	icons   = map[string][]byte{}
	drawing sync.Mutex
)

func drawn(size int, maskable bool) []byte {
	drawing.Lock()
	defer drawing.Unlock()
	key := fmt.Sprint(size, maskable)
	if icons[key] == nil {
		var b bytes.Buffer
		if err := png.Encode(&b, draw(size, maskable)); err != nil {
			panic(err) // into memory, of a size that is one
		}
		icons[key] = b.Bytes()
	}
	return icons[key]
}

// The drawing of icon.svg, in its own units: a square of 32 with round corners, stairs, and a dot above them.
const (
	side    = 32.0
	corner  = 7.0
	stroke  = 3.0
	dotX    = 24.0
	dotY    = 6.5
	dotSize = 2.5
	safe    = 0.72 // how large the drawing is under a mask, which may leave a circle of four fifths
)

var stairs = [][2]float64{{6, 25}, {11, 25}, {11, 20}, {16, 20}, {16, 15}, {21, 15}, {21, 10}, {26, 10}}

var (
	ground = color.NRGBA{0xA6, 0x3A, 0x1F, 0xFF}
	line   = color.NRGBA{0xFB, 0xF8, 0xF3, 0xFF}
)

// draw paints by distance: how far a pixel lies inside a shape is how much of it the shape covers.
func draw(size int, maskable bool) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	unit := side / float64(size)
	for y := range size {
		for x := range size {
			px, py := (float64(x)+0.5)*unit, (float64(y)+0.5)*unit
			back := 1.0
			if maskable {
				px, py = (px-side/2)/safe+side/2, (py-side/2)/safe+side/2
			} else {
				back = cover(-roundedSquare(px, py), unit)
			}
			ink := cover(dotSize-math.Hypot(px-dotX, py-dotY), unit)
			for i := range stairs[1:] {
				ink = max(ink, cover(stroke/2-toSegment(px, py, stairs[i], stairs[i+1]), unit))
			}
			img.SetNRGBA(x, y, mix(back, ink))
		}
	}
	return img
}

// cover is how much of a pixel a shape covers whose edge lies so far outwards.
func cover(inside, unit float64) float64 { return min(1, max(0, inside/unit+0.5)) }

// roundedSquare is how far a point lies outside of the square; negative inside.
func roundedSquare(x, y float64) float64 {
	dx, dy := math.Abs(x-side/2)-side/2+corner, math.Abs(y-side/2)-side/2+corner
	return math.Hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - corner
}

func toSegment(x, y float64, a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	t := min(1, max(0, ((x-a[0])*dx+(y-a[1])*dy)/(dx*dx+dy*dy)))
	return math.Hypot(x-a[0]-t*dx, y-a[1]-t*dy)
}

func mix(back, ink float64) color.NRGBA {
	between := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*ink)) }
	return color.NRGBA{between(ground.R, line.R), between(ground.G, line.G), between(ground.B, line.B), uint8(math.Round(255 * back))}
}
