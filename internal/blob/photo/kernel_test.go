package photo

import (
	"image"
	"image/color"
	"testing"

	"golang.org/x/image/draw"
)

// noise is a picture whose neighbours differ, the same every time.
func noise(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	seed := uint32(1)
	for i := range m.Pix {
		seed = seed*1664525 + 1013904223
		m.Pix[i] = uint8(seed >> 24)
		if i%4 == 3 {
			m.Pix[i] = 255
		}
	}
	return m
}

// The result is what golang.org/x/image/draw makes of it with the same kernel, give or take rounding, but for the
// borders, where that one cuts the kernel off.
func TestResampleAgainstAnother(t *testing.T) {
	for _, c := range []struct{ w, h, toW, toH int }{
		{300, 200, 150, 100}, {301, 199, 100, 66}, {97, 31, 96, 30}, {64, 400, 10, 62}, {2000, 90, 320, 14},
	} {
		src := noise(c.w, c.h)
		want := image.NewRGBA(image.Rect(0, 0, c.toW, c.toH))
		draw.CatmullRom.Scale(want, want.Bounds(), src, src.Bounds(), draw.Src, nil)
		if worst := innerWorst(resample(src, c.toW, c.toH), want); worst > 1 {
			t.Errorf("%v: differs by %d", c, worst)
		}
	}
}

// innerWorst is the largest difference away from the borders.
func innerWorst(a, b *image.RGBA) (worst int) {
	size := a.Bounds().Inset(3)
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			for c := range 4 {
				d := int(a.Pix[a.PixOffset(x, y)+c]) - int(b.Pix[b.PixOffset(x, y)+c])
				worst = max(worst, d, -d)
			}
		}
	}
	return worst
}

func TestFlatColourStaysAsItIs(t *testing.T) {
	for _, size := range []image.Point{{1000, 700}, {333, 77}, {2, 999}} {
		src := image.NewRGBA(image.Rect(5, 7, 5+size.X, 7+size.Y)) // not at the origin
		draw.Draw(src, src.Bounds(), image.NewUniform(color.RGBA{3, 130, 252, 255}), image.Point{}, draw.Src)
		got := resample(src, max(1, size.X/3), max(1, size.Y/2))
		for y := range got.Bounds().Dy() {
			for x := range got.Bounds().Dx() {
				if c := got.RGBAAt(x, y); c != (color.RGBA{3, 130, 252, 255}) {
					t.Fatalf("%v: %v at %d, %d", size, c, x, y)
				}
			}
		}
	}
}

func TestWeightsAddUp(t *testing.T) {
	for _, c := range [][2]int{{1, 1}, {2, 1}, {5000, 2560}, {20000, 1}, {7, 6}, {2560, 1280}} {
		for i, k := range kernel(c[0], c[1]) {
			sum := int32(0)
			for _, w := range k.weights {
				sum += w
			}
			if sum != 1<<weightBits || k.first < 0 || k.first+len(k.weights) > c[0] {
				t.Fatalf("%v, sample %d: sum %d, from %d, %d taps", c, i, sum, k.first, len(k.weights))
			}
		}
	}
}
