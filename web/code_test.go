package web

import (
	"image/color"
	"net/http"
	"regexp"
	"strconv"
	"testing"

	"github.com/boombuler/barcode/qr"
)

func TestADealHasItsAddressAsACode(t *testing.T) {
	r := newRig(t)
	a := r.get(guest, "/deals/auction/code.svg")
	if a.StatusCode != http.StatusOK || a.Header.Get("Content-Type") != "image/svg+xml" {
		t.Fatalf("answered %d, %s", a.StatusCode, a.Header.Get("Content-Type"))
	}
	if b := r.get(guest, "/deals/nowhere/code.svg"); b.StatusCode != http.StatusNotFound {
		t.Errorf("a deal that is not there has a code: %d", b.StatusCode)
	}
}

func TestACodeHasEveryModule(t *testing.T) {
	const text = "https://market.example/deals/01a211db-73a7-7049-8d12-40ebcc2b9bf2"
	picture, err := codeOf(text)
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[[2]int]bool{}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h1v1h-1z`).FindAllStringSubmatch(picture, -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		drawn[[2]int{x - codeQuiet, y - codeQuiet}] = true
	}
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		t.Fatal(err)
	}
	for y := range code.Bounds().Dy() {
		for x := range code.Bounds().Dx() {
			dark := color.GrayModel.Convert(code.At(x, y)).(color.Gray).Y < 128
			if drawn[[2]int{x, y}] != dark {
				t.Fatalf("the module at %d, %d is dark: %v, drawn: %v", x, y, dark, drawn[[2]int{x, y}])
			}
		}
	}
}
