package photo

import "image"

// shrink copies a picture so that its longest side is at most side, on white where it was transparent.
func shrink(src image.Image, side int) *image.RGBA {
	size := src.Bounds()
	w, h := fit(size.Dx(), size.Dy(), side)
	if w == size.Dx() && h == size.Dy() {
		dst := image.NewRGBA(image.Rect(0, 0, w, h))
		flatten(dst, src, image.Point{})
		return dst
	}
	return resample(src, w, h)
}

// fit scales w × h down until the longest side is at most side; the other keeps its proportion, rounded, at least 1.
func fit(w, h, side int) (int, int) {
	switch {
	case max(w, h) <= side:
		return w, h
	case w >= h:
		return side, max(1, (h*side+w/2)/w)
	default:
		return max(1, (w*side+h/2)/h), side
	}
}

// orientation is the value of the Exif tag of that name: how the camera was held. 1, and what is unknown, is upright.
type orientation int

// upright turns and mirrors a picture as its orientation says (Exif 2.32, §4.6.4 A).
func (o orientation) upright(src *image.RGBA) *image.RGBA {
	if o < 2 || o > 8 {
		return src
	}
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	size := image.Rect(0, 0, w, h)
	if o >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	dst := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			sx, sy := o.source(x, y, w, h)
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[src.PixOffset(sx, sy):][:4])
		}
	}
	return dst
}

// source says which pixel of a w × h picture comes to x, y of the upright one.
func (o orientation) source(x, y, w, h int) (int, int) {
	switch o {
	case 2: // mirrored left to right
		return w - 1 - x, y
	case 3: // upside down
		return w - 1 - x, h - 1 - y
	case 4: // mirrored top to bottom
		return x, h - 1 - y
	case 5: // mirrored along the main diagonal
		return y, x
	case 6: // to be turned right
		return y, h - 1 - x
	case 7: // mirrored along the other diagonal
		return w - 1 - y, h - 1 - x
	case 8: // to be turned left
		return w - 1 - y, x
	}
	return x, y
}
