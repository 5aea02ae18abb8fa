package still

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// Size of every picture, in pixels: as much as a telephone shows of one.
const (
	Width  = frameWidth * 4 / 5
	Height = frameHeight * 4 / 5
)

// The frame that shapes are drawn in.
const (
	frameWidth  = 1200
	frameHeight = 900
)

// pixels is a length of the frame in pixels.
func pixels(x float64) float64 { return x * Width / frameWidth }

// canvas is a picture being painted.
type canvas struct {
	img  *image.RGBA
	clip *image.Alpha // where paint takes; nil: everywhere
	mask *image.Alpha // of the shape being filled, kept for the next one
	pen  *vector.Rasterizer
}

func newCanvas() *canvas {
	frame := image.Rect(0, 0, Width, Height)
	return &canvas{img: image.NewRGBA(frame), mask: image.NewAlpha(frame), pen: vector.NewRasterizer(Width, Height)}
}

// fill paints shapes, one over the other.
func (c *canvas) fill(p paint, shapes ...shape) {
	for _, s := range shapes {
		c.paint(p, s)
	}
}

// paint rasterises one shape within its bounds and blends its colours in.
func (c *canvas) paint(p paint, s shape) {
	s = s.pixels()
	low, high := s.bounds()
	area := c.area(low, high)
	if area.Empty() {
		return
	}
	c.rasterise(c.mask, s, area)
	even := false
	switch p.(type) {
	case rgb, glaze:
		even = true
	}
	colour := p.at(0, 0)
	w, h := float32(high.x-low.x), float32(high.y-low.y)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x, cover := range c.mask.Pix[y*c.mask.Stride:][area.Min.X:area.Max.X] {
			if cover == 0 {
				continue
			}
			x += area.Min.X
			if !even {
				colour = p.at((float32(x)+0.5-float32(low.x))/w, (float32(y)+0.5-float32(low.y))/h)
			}
			c.blend(x, y, colour, c.clipped(x, y, cover))
		}
	}
}

// area is the pixels of a rectangle on which paint takes at all.
func (c *canvas) area(low, high point) image.Rectangle {
	r := image.Rect(int(math.Floor(low.x)), int(math.Floor(low.y)), int(math.Ceil(high.x)), int(math.Ceil(high.y)))
	if c.clip != nil {
		return r.Intersect(c.clip.Rect)
	}
	return r.Intersect(c.img.Rect)
}

// rasterise writes a shape's coverage into a mask, within an area of the frame.
func (c *canvas) rasterise(mask *image.Alpha, s shape, area image.Rectangle) {
	c.pen.Reset(area.Dx(), area.Dy())
	c.pen.DrawOp = draw.Src
	ox, oy := float64(area.Min.X), float64(area.Min.Y)
	for _, r := range s {
		for i, p := range r {
			x, y := float32(p.x-ox), float32(p.y-oy)
			if i == 0 {
				c.pen.MoveTo(x, y)
			} else {
				c.pen.LineTo(x, y)
			}
		}
		c.pen.ClosePath()
	}
	c.pen.Draw(mask, area, image.Opaque, image.Point{})
}

// clipped is how much of a pixel's coverage, from 0 to 255, the clip lets through.
func (c *canvas) clipped(x, y int, cover uint8) uint32 {
	if c.clip == nil {
		return uint32(cover)
	}
	return uint32(cover) * uint32(c.clip.Pix[c.clip.PixOffset(x, y)]) / 255
}

// blend lays a colour over a pixel, as far as it is covered.
func (c *canvas) blend(x, y int, d dot, cover uint32) {
	if cover == 0 {
		return
	}
	pix := c.img.Pix[y*c.img.Stride+4*x:][:4:4]
	a := d.a * float32(cover) / 255
	pix[0] = uint8(float32(pix[0])*(1-a) + d.r*255*a + 0.5)
	pix[1] = uint8(float32(pix[1])*(1-a) + d.g*255*a + 0.5)
	pix[2] = uint8(float32(pix[2])*(1-a) + d.b*255*a + 0.5)
	pix[3] = 255
}

// within paints inside a shape alone.
func (c *canvas) within(s shape, draw func()) {
	s = s.pixels()
	outer := c.clip
	inner := image.NewAlpha(c.area(s.bounds()))
	if inner.Rect.Empty() {
		return
	}
	c.rasterise(inner, s, inner.Rect)
	if outer != nil {
		multiply(inner, outer)
	}
	c.clip = inner
	draw()
	c.clip = outer
}

// multiply covers only what the other mask, which is not smaller, covers too.
func multiply(mask, by *image.Alpha) {
	for y := mask.Rect.Min.Y; y < mask.Rect.Max.Y; y++ {
		for x := mask.Rect.Min.X; x < mask.Rect.Max.X; x++ {
			i := mask.PixOffset(x, y)
			mask.Pix[i] = uint8(uint32(mask.Pix[i]) * uint32(by.Pix[by.PixOffset(x, y)]) / 255)
		}
	}
}

// solid paints a thing of some thickness: its colour, a lit edge at the upper left, a shaded one at the lower right.
func (c *canvas) solid(colour rgb, thick float64, shapes ...shape) {
	for _, s := range shapes {
		c.fill(colour, s)
		c.within(s, func() {
			c.outside(glaze{colour.dark(0.75), 0.30}, s.move(-thick, -thick*0.7))
			c.outside(glaze{lightest, 0.34}, s.move(thick*0.45, thick*0.4))
		})
	}
}

// outside paints everything that the present clip lets through but a shape.
func (c *canvas) outside(g glaze, s shape) {
	area := c.clip.Rect
	c.rasterise(c.mask, s.pixels(), area)
	d := g.at(0, 0)
	for y := area.Min.Y; y < area.Max.Y; y++ {
		for x := area.Min.X; x < area.Max.X; x++ {
			c.blend(x, y, d, c.clipped(x, y, 255-c.mask.Pix[y*c.mask.Stride+x]))
		}
	}
}

// shadow lays a soft shadow on the table.
func (c *canvas) shadow(cx, cy, rx, ry float64) {
	c.fill(soft{glaze{0x3A2418, 0.42}}, oval(cx+rx*0.06, cy, rx*1.12, ry))
}

// soft fades a glaze out towards the edge of an ellipse.
type soft struct{ glaze }

func (p soft) at(u, v float32) dot {
	x, y := 2*u-1, 2*v-1
	d := p.glaze.at(u, v)
	fall := max(0, 1-(x*x+y*y))
	d.a *= fall * (2 - fall) * fall
	return d
}
