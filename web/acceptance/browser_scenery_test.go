package acceptance

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"sync"
)

// scenery is a picture with as much to it as a photo has: light and colour wander over all scales, each half the scale
// with a little over half the strength, and there is the grain of a camera. A drawing would pack far smaller than what
// people upload.
func scenery(seed uint64) []byte {
	made, _ := sceneries.LoadOrStore(seed, sync.OnceValue(func() []byte { return newScenery(seed) }))
	return made.(func() []byte)()
}

// sceneries are pictures by seed, each made once for all tests.
var sceneries sync.Map

func newScenery(seed uint64) []byte {
	const w, h = 1280, 960
	r := rand.New(rand.NewPCG(seed, 7))
	light, warm := clouds(r, w, h), clouds(r, w, h)
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		y := 128 + 130*light[i] + 3*r.NormFloat64()
		c := 40 * warm[i]
		img.SetRGBA(i%w, i/w, color.RGBA{level(y + c), level(y), level(y - c), 255})
	}
	var b bytes.Buffer
	_ = jpeg.Encode(&b, img, &jpeg.Options{Quality: 90})
	return b.Bytes()
}

func level(v float64) uint8 { return uint8(max(0, min(255, v))) }

// clouds is noise over the scales from 320 pixels to 2.
func clouds(r *rand.Rand, w, h int) []float64 {
	sum := make([]float64, w*h)
	strength := 0.5
	for step := 320; step >= 2; step /= 2 {
		cols := w/step + 2
		knots := make([]float64, cols*(h/step+2))
		for i := range knots {
			knots[i] = strength * (2*r.Float64() - 1)
		}
		for y := range h {
			row, ky := y/step*cols, float64(y%step)/float64(step)
			for x := range w {
				k, kx := row+x/step, float64(x%step)/float64(step)
				top := knots[k] + kx*(knots[k+1]-knots[k])
				low := knots[k+cols] + kx*(knots[k+cols+1]-knots[k+cols])
				sum[y*w+x] += top + ky*(low-top)
			}
		}
		strength *= 0.68
	}
	return sum
}
