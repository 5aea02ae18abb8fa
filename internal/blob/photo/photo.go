// Package photo turns what people upload into what the market shows: a JPEG without metadata, upright, in a few sizes.
//
// Everything is decoded and encoded anew, so that nothing but pixels survives: no place where it was taken, no camera, no
// bytes that are something else to another reader. The same upload always gives the same bytes and so the same ID.
//
// Most callers need one function: [Processor].Process.
package photo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/jpeg"
	"io"

	"golang.org/x/sync/semaphore"

	"haggle/internal/fault"
)

// Bounds of an upload.
const (
	MaxBytes  = 12 << 20   // of the file
	MaxPixels = 50_000_000 // width × height, as the file declares them, before anything is decoded
	maxSide   = 20_000
)

// pixelsAtOnce bounds the memory of all uploads in work together, at some 2 to 16 bytes a pixel (a progressive JPEG
// takes the most): one of the largest, or several usual ones.
const pixelsAtOnce = MaxPixels

// Qualities of the JPEGs. Past the usual one files grow faster than they look better; the smallest variant is shown many at a
// time and no larger than a thumb.
const (
	quality      = 82
	thumbQuality = 66
)

// Full names the largest variant.
const Full = "full"

// sizes are the variants and the longest side of each, largest first. None is larger than the upload.
var sizes = []struct {
	name    string
	side    int
	quality int
}{{Full, 2560, quality}, {"1280", 1280, quality}, {"640", 640, quality}, {"320", 320, thumbQuality}}

// Photo is a processed upload.
type Photo struct {
	ID            string // SHA-256 of the full variant's bytes, in hex: the same picture has the same ID
	Width, Height int    // of the full variant, in pixels
	Variants      []Variant
}

// Variant is one size of a photo.
type Variant struct {
	Name          string // "full", "1280", "640", "320": the bound of its longest side
	Width, Height int
	Bytes         []byte
	Type          string // "image/jpeg"
}

// Key is where a variant of a photo is stored.
func Key(id, variant string) string {
	return "photos/" + id[:min(2, len(id))] + "/" + id + "/" + variant + ".jpg"
}

// Variants names the sizes, largest first.
func Variants() (names []string) {
	for _, s := range sizes {
		names = append(names, s.name)
	}
	return names
}

// Processor works on uploads, a bounded amount of pixels at once. Make one a process with New.
type Processor struct{ pixels *semaphore.Weighted }

// New makes a processor.
func New() *Processor { return &Processor{semaphore.NewWeighted(pixelsAtOnce)} }

// Process reads an upload: JPEG, PNG, WebP or the first picture of a GIF. It refuses as invalid in field `photo` what is
// none of these, broken or too large in pixels, and as too_large what has more than MaxBytes. ctx ends the waiting for
// other uploads.
func (p *Processor) Process(ctx context.Context, r io.Reader) (Photo, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Photo{}, fault.Invalidf("photo", "the upload broke off").Because(err)
	}
	if len(data) > MaxBytes {
		return Photo{}, fault.New(fault.CodeTooLarge, fault.Params{"limit": MaxBytes})
	}
	f, err := sniff(data)
	if err != nil {
		return Photo{}, err
	}
	weight, err := f.measure(data)
	if err != nil {
		return Photo{}, err
	}
	if err := p.pixels.Acquire(ctx, weight); err != nil {
		return Photo{}, fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 5}).Because(err)
	}
	defer p.pixels.Release(weight)
	img, err := f.decode(bytes.NewReader(data))
	if err != nil {
		return Photo{}, fault.Invalidf("photo", "the picture is broken").Because(err)
	}
	return develop(img, f.orientation(data))
}

// develop makes every variant, each from the one before: the large picture is read once. A picture that is small already
// is the same in several variants, and encoded once.
func develop(img image.Image, o orientation) (Photo, error) {
	var p Photo
	for i, s := range sizes {
		scaled := shrink(img, s.side)
		if i == 0 {
			scaled = o.upright(scaled) // the largest kept: cheaper than the upload
		}
		if i > 0 && scaled.Bounds() == img.Bounds() {
			same := p.Variants[i-1]
			same.Name = s.name
			p.Variants = append(p.Variants, same)
			continue
		}
		img = scaled
		var b bytes.Buffer
		if err := jpeg.Encode(&b, scaled, &jpeg.Options{Quality: s.quality}); err != nil {
			return Photo{}, fmt.Errorf("photo: encode %s: %w", s.name, err)
		}
		size := scaled.Bounds()
		p.Variants = append(p.Variants, Variant{s.name, size.Dx(), size.Dy(), b.Bytes(), "image/jpeg"})
	}
	full := p.Variants[0]
	sum := sha256.Sum256(full.Bytes)
	p.ID, p.Width, p.Height = hex.EncodeToString(sum[:]), full.Width, full.Height
	return p, nil
}
