package totp

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/url"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

const (
	pictureSide = 240 // pixels
	quietZone   = 24  // white pixels around, which a camera needs on a dark page
)

// Address is what a telephone reads out of the picture: an otpauth address with the names of the site and the person.
func Address(secret, site, person string) string {
	q := url.Values{"secret": {secret}, "issuer": {site}, "algorithm": {"SHA1"}, "digits": {digits.String()}, "period": {fmt.Sprint(period)}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + site + ":" + person}
	return u.String() + "?" + spaces(q.Encode())
}

// spaces writes blanks as %20: telephones show a plus as it stands.
func spaces(query string) string {
	return string(bytes.ReplaceAll([]byte(query), []byte("+"), []byte("%20")))
}

// Picture draws the address as a QR code, a PNG on white.
func Picture(secret, site, person string) ([]byte, error) {
	code, err := qr.Encode(Address(secret, site, person), qr.M, qr.Auto)
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	code, err = barcode.Scale(code, pictureSide, pictureSide)
	if err != nil {
		return nil, fmt.Errorf("draw a QR code: %w", err)
	}
	side := pictureSide + 2*quietZone
	page := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	draw.Draw(page, code.Bounds().Add(image.Pt(quietZone, quietZone)), code, image.Point{}, draw.Src)
	var b bytes.Buffer
	err = png.Encode(&b, page)
	return b.Bytes(), err
}
