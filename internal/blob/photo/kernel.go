package photo

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// Weights are whole numbers that add up to one = 1<<weightBits; between the two passes a sample keeps keepBits of
// fraction. Whole numbers give the same bytes on every machine.
const (
	weightBits = 14
	keepBits   = 6
)

// taps are the source samples that make one sample of the result.
type taps struct {
	first   int
	weights []int32
}

// resample scales a picture down with a Catmull-Rom kernel, first across, then down. It works row by row and keeps only
// the rows that the next one is made of: the whole picture between the passes would be many times the upload.
func resample(src image.Image, w, h int) *image.RGBA {
	size := src.Bounds()
	across, down := kernel(size.Dx(), w), kernel(size.Dy(), h)
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	rows := newRows(src, across, len(down[h/2].weights)+2)
	for y := range h {
		blend(dst.Pix[y*dst.Stride:][:4*w], rows, down[y])
	}
	return dst
}

// kernel gives the taps of every sample when n samples become m ≤ n. The kernel is as wide as the samples it covers; at
// the borders the outermost sample stands for what lies beyond.
func kernel(n, m int) []taps {
	scale := float64(n) / float64(m)
	out := make([]taps, m)
	for i := range out {
		centre := (float64(i)+0.5)*scale - 0.5
		from, to := int(math.Ceil(centre-2*scale)), int(math.Floor(centre+2*scale))
		first, last := max(from, 0), min(to, n-1)
		raw := make([]float64, last-first+1)
		for s := from; s <= to; s++ {
			raw[min(max(s, first), last)-first] += catmullRom((float64(s) - centre) / scale)
		}
		out[i] = taps{first, whole(raw)}
	}
	return out
}

// catmullRom is the cubic convolution kernel with B = 0, C = ½ (Mitchell and Netravali, 1988). The conversions keep
// machines from fusing the operations, which would round differently.
func catmullRom(x float64) float64 {
	x = math.Abs(x)
	square, cube := float64(x*x), float64(x*x*x)
	switch {
	case x < 1:
		return float64(1.5*cube) - float64(2.5*square) + 1
	case x < 2:
		return float64(-0.5*cube) + float64(2.5*square) - float64(4*x) + 2
	}
	return 0
}

// whole turns weights into whole numbers that add up to one exactly; the largest takes what rounding leaves.
func whole(raw []float64) []int32 {
	sum, top := 0.0, 0
	for i, r := range raw {
		sum += r
		if r > raw[top] {
			top = i
		}
	}
	out, left := make([]int32, len(raw)), int32(1<<weightBits)
	for i, r := range raw {
		out[i] = int32(math.Round(r / sum * (1 << weightBits)))
		left -= out[i]
	}
	out[top] += left
	return out
}

// rows are the source's rows after the first pass, the last few of them.
type rows struct {
	src    image.Image
	across []taps
	line   *image.RGBA // one row of the source, on white
	kept   [][]int32   // row y at y modulo the length: red, green and blue of each sample
	next   int         // the first row not made yet
}

func newRows(src image.Image, across []taps, count int) *rows {
	r := &rows{src: src, across: across, line: image.NewRGBA(image.Rect(0, 0, src.Bounds().Dx(), 1)), kept: make([][]int32, count)}
	for i := range r.kept {
		r.kept[i] = make([]int32, 3*len(across))
	}
	return r
}

// row gives a row; rows are asked for in rising order, but for the last few.
func (r *rows) row(y int) []int32 {
	for ; r.next <= y; r.next++ {
		r.squeeze(r.kept[r.next%len(r.kept)], r.next)
	}
	return r.kept[y%len(r.kept)]
}

// squeeze is the first pass over one row.
func (r *rows) squeeze(out []int32, y int) {
	flatten(r.line, r.src, image.Pt(0, y))
	for x, t := range r.across {
		var red, green, blue int32
		pix := r.line.Pix[4*t.first:]
		for i, w := range t.weights {
			p := pix[4*i : 4*i+3 : 4*i+3]
			red += w * int32(p[0])
			green += w * int32(p[1])
			blue += w * int32(p[2])
		}
		out[3*x], out[3*x+1], out[3*x+2] = keep(red), keep(green), keep(blue)
	}
}

func keep(sum int32) int32 { return (sum + 1<<(weightBits-keepBits-1)) >> (weightBits - keepBits) }

// blend is the second pass: one row of the result out of a few kept ones.
func blend(out []uint8, r *rows, t taps) {
	sums := make([]int32, 3*len(r.across))
	for i, w := range t.weights {
		for j, v := range r.row(t.first + i) {
			sums[j] += w * v
		}
	}
	for x := range r.across {
		p := out[4*x : 4*x+4 : 4*x+4]
		p[0], p[1], p[2], p[3] = byteOf(sums[3*x]), byteOf(sums[3*x+1]), byteOf(sums[3*x+2]), 255
	}
}

// byteOf rounds; the kernel can go a little beyond black and white.
func byteOf(sum int32) uint8 {
	const bits = weightBits + keepBits
	return uint8(min(max((sum+1<<(bits-1))>>bits, 0), 255))
}

// flatten copies the part of src that begins at, counted from its corner, onto white.
func flatten(dst *image.RGBA, src image.Image, at image.Point) {
	draw.Draw(dst, dst.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(dst, dst.Bounds(), src, src.Bounds().Min.Add(at), draw.Over)
}
