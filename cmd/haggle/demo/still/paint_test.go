package still

import (
	"bytes"
	"image"
	"math"
	"testing"
)

func TestPaint(t *testing.T) {
	seen := map[string]string{}
	for _, name := range Names() {
		img, err := Paint(name, 3)
		if err != nil {
			t.Fatal(err)
		}
		if img.Rect != image.Rect(0, 0, Width, Height) || !img.Opaque() {
			t.Errorf("%s: %v, opaque %v", name, img.Rect, img.Opaque())
		}
		empty := newCanvas()
		empty.backdrop(scenes[3], 3)
		empty.finish()
		if n := differing(img, empty.img); n < Width*Height/25 {
			t.Errorf("%s: only %d pixels are painted", name, n)
		}
		if other, twice := seen[string(img.Pix)]; twice {
			t.Errorf("%s looks like %s", name, other)
		}
		seen[string(img.Pix)] = name
	}
}

func differing(a, b *image.RGBA) (n int) {
	for i := 0; i < len(a.Pix); i += 4 {
		if !bytes.Equal(a.Pix[i:i+4], b.Pix[i:i+4]) {
			n++
		}
	}
	return n
}

func TestPaintIsFixed(t *testing.T) {
	paint := func(name string, variant int) []byte {
		t.Helper()
		img, err := Paint(name, variant)
		if err != nil {
			t.Fatal(err)
		}
		return img.Pix
	}
	first := paint("moka", 1)
	if !bytes.Equal(first, paint("moka", 1)) {
		t.Error("the same picture differs from itself")
	}
	for v := range 4 * len(scenes) {
		if v != 1 && bytes.Equal(first, paint("moka", v)) {
			t.Errorf("variant %d looks like variant 1", v)
		}
	}
	if _, err := Paint("unicorn", 0); err == nil {
		t.Error("painted a unicorn")
	}
}

// area is how much of the frame shapes cover on an empty canvas.
func area(draw func(c *canvas)) float64 {
	c := newCanvas()
	draw(c)
	sum := 0.0
	for i := 0; i < len(c.img.Pix); i += 4 {
		sum += float64(c.img.Pix[i]) / 255
	}
	return sum * frameWidth * frameHeight / (Width * Height)
}

func TestAreas(t *testing.T) {
	const white rgb = 0xFFFFFF
	disc := math.Pi * 130 * 130
	half := circle(600, 400, 130)
	for _, x := range []struct {
		name string
		want float64
		draw func(c *canvas)
	}{
		{"circle", disc, func(c *canvas) { c.fill(white, half) }},
		{"box", 300 * 200, func(c *canvas) { c.fill(white, box(100, 100, 300, 200, 0)) }},
		{"round box", 300*200 - (4-math.Pi)*50*50, func(c *canvas) { c.fill(white, box(100, 100, 300, 200, 50)) }},
		{"polygon, either direction", 100 * 100, func(c *canvas) { c.fill(white, poly(100, 100, 100, 300, 200, 100)) }},
		{"ring", math.Pi * (110*110 - 90*90), func(c *canvas) { c.fill(white, ring(600, 400, 100, 20)) }},
		{"bar with round ends", 200*40 + math.Pi*20*20, func(c *canvas) { c.fill(white, line(40, 300, 300, 500, 300)) }},
		{"overlap counts once", disc, func(c *canvas) { c.fill(white, join(half, half)) }},
		{"cut", disc - math.Pi*50*50, func(c *canvas) { c.fill(white, cut(half, circle(600, 400, 50))) }},
		{"mirror", disc, func(c *canvas) { c.fill(white, half.mirror(500).tilt(30, 0, 0).move(100, 0)) }},
		{"within", disc / 2, func(c *canvas) { c.within(half, func() { c.fill(white, box(600, 0, 600, 900, 0)) }) }},
		{"within within", disc / 4, func(c *canvas) {
			c.within(half, func() {
				c.within(box(600, 0, 600, 900, 0), func() { c.fill(white, box(0, 400, 1200, 500, 0)) })
			})
		}},
		{"beyond the frame", 100 * 900, func(c *canvas) { c.fill(white, box(1100, -500, 900, 3000, 0)) }},
		{"outside", disc / 2, func(c *canvas) { c.within(half, func() { c.outside(glaze{white, 1}, box(0, 0, 600, 900, 0)) }) }},
		{"nothing", 0, func(c *canvas) {
			c.fill(white, circle(-500, -500, 100))
			c.within(circle(-500, 0, 9), func() { c.fill(white, half) })
		}},
	} {
		if got := area(x.draw); math.Abs(got-x.want) > 0.005*x.want+1 {
			t.Errorf("%s: %.0f, want %.0f", x.name, got, x.want)
		}
	}
}

func TestMix(t *testing.T) {
	if got := rgb(0x102030).mix(0x304050, 0.5); got != 0x203040 {
		t.Errorf("%06X", got)
	}
	if l, d := rgb(0x808080).light(1), rgb(0x808080).dark(1); l != lightest || d != darkest {
		t.Errorf("%06X, %06X", l, d)
	}
}
