package photo

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"

	"golang.org/x/image/webp"

	"haggle/internal/fault"
)

// format reads one kind of file.
type format struct {
	config func(io.Reader) (image.Config, error)
	decode func(io.Reader) (image.Image, error)
	exif   func([]byte) []byte // the TIFF block of its Exif data; nil when there is none
}

var formats = map[string]format{
	"image/jpeg": {jpeg.DecodeConfig, jpeg.Decode, exifOfJPEG},
	"image/png":  {png.DecodeConfig, png.Decode, exifOfPNG},
	"image/gif":  {gif.DecodeConfig, gif.Decode, func([]byte) []byte { return nil }},
	"image/webp": {webp.DecodeConfig, webp.Decode, exifOfWebP},
}

// sniff tells the format by the first bytes; what the upload calls itself does not count.
func sniff(data []byte) (format, error) {
	f, known := formats[http.DetectContentType(data)]
	if !known {
		return format{}, fault.Invalidf("photo", "not a JPEG, PNG, WebP or GIF picture")
	}
	return f, nil
}

// measure reads the declared size, before any pixel is decoded: a small file can declare a picture that fills the memory.
func (f format) measure(data []byte) (pixels int64, err error) {
	c, err := f.config(bytes.NewReader(data))
	if err != nil {
		return 0, fault.Invalidf("photo", "the picture is broken").Because(err)
	}
	pixels = int64(c.Width) * int64(c.Height)
	if c.Width < 1 || c.Height < 1 || c.Width > maxSide || c.Height > maxSide || pixels > MaxPixels {
		return 0, fault.Invalidf("photo", "%d × %d pixels are too many or none", c.Width, c.Height)
	}
	return pixels, nil
}
