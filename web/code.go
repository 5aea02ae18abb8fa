package web

import (
	"fmt"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/gofiber/fiber/v2"
)

// codeQuiet is the white room around a code, in modules: readers want four.
const codeQuiet = 4

// showCode is the address of a deal as a QR code: black on white in both schemes, because cameras want it so.
func showCode(v *visit) error {
	d, err := v.Market.Deal(v.ctx, v.me, v.c.Params("id"))
	if err != nil {
		return err
	}
	picture, err := codeOf(v.URL + d.URL)
	if err != nil {
		return err
	}
	v.c.Set(fiber.HeaderCacheControl, fmt.Sprintf("public, max-age=%d", int(24*time.Hour/time.Second)))
	v.c.Set(fiber.HeaderContentType, "image/svg+xml")
	return v.c.SendString(picture)
}

// codeOf draws a text as a QR code that may lose 15 % of itself.
func codeOf(text string) (string, error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("draw a QR code: %w", err)
	}
	side := code.Bounds().Dx()
	var dark strings.Builder
	for y := range side {
		for x := range side {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&dark, "M%d %dh1v1h-1z", x+codeQuiet, y+codeQuiet)
			}
		}
	}
	whole := side + 2*codeQuiet
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`,
		whole, whole, whole, whole, dark.String()), nil
}
