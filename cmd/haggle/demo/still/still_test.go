package still

import (
	"flag"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/draw"
)

// For looking at the pictures: go test ./cmd/haggle/demo/still -run Sheets -into DIR [-only moka,guitar]
var (
	into = flag.String("into", "", "folder to write contact sheets of the pictures into")
	only = flag.String("only", "", "names of the pictures to write, with commas between them")
)

func TestSheets(t *testing.T) {
	if *into == "" {
		t.Skip("no folder was named with -into")
	}
	names := Names()
	if *only != "" {
		names = strings.Split(*only, ",")
	}
	const across, a, w, h = 3, 9, 600, 450
	for n := 0; len(names) > 0; n++ {
		page := names[:min(a, len(names))]
		names = names[len(page):]
		sheet := image.NewRGBA(image.Rect(0, 0, across*w, (len(page)+across-1)/across*h))
		for i, name := range page {
			img, err := Paint(name, slices.Index(Names(), name))
			if err != nil {
				t.Fatal(err)
			}
			at := image.Rect(0, 0, w, h).Add(image.Pt(i%across*w, i/across*h))
			draw.ApproxBiLinear.Scale(sheet, at, img, img.Rect, draw.Src, nil)
		}
		write(t, filepath.Join(*into, fmt.Sprintf("sheet%d.png", n)), sheet)
	}
}

func write(t *testing.T, file string, img image.Image) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkPaint(b *testing.B) {
	names := Names()
	for i := range b.N {
		if _, err := Paint(names[i%len(names)], i); err != nil {
			b.Fatal(err)
		}
	}
}
