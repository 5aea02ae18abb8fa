// Package photo turns what people upload into what the market shows: a JPEG without metadata, upright, and a few smaller
// sizes of it as WebP, which weigh a third less in a page.
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
	"path"
	"strings"

	"github.com/gen2brain/webp"
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

// Qualities. Past the usual ones files grow faster than they look better; the smallest variant is shown many at a time and no
// larger than a thumb.
const (
	quality      = 82 // of the JPEG
	webpQuality  = 75
	thumbQuality = 62
	webpMethod   = 2 // 0 is fast, 6 is small: 4 takes three times as long for a twentieth less
)

// Full names the largest variant.
const Full = "full"

// sizes are the variants and the longest side of each, largest first. None is larger than the upload. The largest is a JPEG,
// which everything reads that ever takes a photo away from here.
var sizes = []size{
	{Full, 2560, jpegs(quality)},
	{"1280", 1280, webps(webpQuality)}, {"640", 640, webps(webpQuality)}, {"320", 320, webps(thumbQuality)},
}

type size struct {
	name string
	side int
	encoder
}

// encoder writes a variant.
type encoder struct {
	mediaType string
	encode    func(io.Writer, image.Image) error
}

func jpegs(quality int) encoder {
	return encoder{"image/jpeg", func(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, &jpeg.Options{Quality: quality}) }}
}

func webps(quality int) encoder {
	return encoder{"image/webp", func(w io.Writer, m image.Image) error {
		return webp.Encode(w, m, webp.Options{Quality: quality, Method: webpMethod})
	}}
}

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
	Type          string // "image/jpeg" of the full one, "image/webp" of the others
}

// File names the file of a variant.
func File(variant string) string {
	if variant == Full {
		return variant + ".jpg"
	}
	return variant + ".webp"
}

// VariantOf is the variant that a file's name stands for, and false where it stands for none. Photos of earlier versions
// are JPEGs in every size, and pages and feeds may still say so.
func VariantOf(file string) (variant string, ok bool) {
	ending := path.Ext(file)
	variant = strings.TrimSuffix(file, ending)
	return variant, variant != "" && (ending == ".webp" || ending == ".jpg")
}

// Files are the files in which a variant may be stored: the first is how it is stored now.
func Files(variant string) []string {
	if variant == Full {
		return []string{File(variant)}
	}
	return []string{File(variant), variant + ".jpg"}
}

// Folder is where the files of a photo are stored.
func Folder(id string) string { return "photos/" + id[:min(2, len(id))] + "/" + id + "/" }

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
	m := o.upright(shrink(img, sizes[0].side)) // the largest is turned, not the upload: it is no larger
	for i, s := range sizes {
		fits := max(m.Rect.Dx(), m.Rect.Dy()) <= s.side // the first always does
		if i > 0 && fits && p.Variants[i-1].Type == s.mediaType {
			v := p.Variants[i-1]
			v.Name = s.name
			p.Variants = append(p.Variants, v)
			continue
		}
		if !fits {
			m = shrink(m, s.side)
		}
		var b bytes.Buffer
		if err := s.encode(&b, m); err != nil {
			return Photo{}, fmt.Errorf("photo: encode %s: %w", s.name, err)
		}
		p.Variants = append(p.Variants, Variant{s.name, m.Rect.Dx(), m.Rect.Dy(), b.Bytes(), s.mediaType})
	}
	full := p.Variants[0]
	sum := sha256.Sum256(full.Bytes)
	p.ID, p.Width, p.Height = hex.EncodeToString(sum[:]), full.Width, full.Height
	return p, nil
}
