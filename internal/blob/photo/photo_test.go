package photo_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"haggle/internal/blob/photo"
	"haggle/internal/fault"
)

var (
	red, green = color.RGBA{200, 0, 0, 255}, color.RGBA{0, 160, 0, 255}
	blue, gold = color.RGBA{0, 0, 200, 255}, color.RGBA{220, 180, 0, 255}
)

// quarters is a picture with a colour in each corner: red, green / blue, gold.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, [2][2]color.RGBA{{red, green}, {blue, gold}}[y*2/h][x*2/w])
		}
	}
	return m
}

func jpegOf(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gifOf(t *testing.T, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func process(t *testing.T, data []byte) photo.Photo {
	t.Helper()
	p, err := photo.New().Process(t.Context(), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func picture(t *testing.T, v photo.Variant) image.Image {
	t.Helper()
	m, kind, err := image.Decode(bytes.NewReader(v.Bytes))
	if err != nil || "image/"+kind != v.Type {
		t.Fatalf("%s: %s, %v", v.Name, kind, err)
	}
	if b := m.Bounds(); b.Dx() != v.Width || b.Dy() != v.Height {
		t.Fatalf("%s is %v, says %d × %d", v.Name, b, v.Width, v.Height)
	}
	return m
}

func near(a, b color.Color) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	d := func(x, y uint32) bool { return max(x, y)-min(x, y) < 24<<8 }
	return d(r1, r2) && d(g1, g2) && d(b1, b2)
}

// corners checks the four quarters of a picture: top left, top right, bottom left, bottom right.
func corners(t *testing.T, what string, m image.Image, want ...color.Color) {
	t.Helper()
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	for i, p := range []image.Point{{w / 5, h / 5}, {w * 4 / 5, h / 5}, {w / 5, h * 4 / 5}, {w * 4 / 5, h * 4 / 5}} {
		if got := m.At(p.X, p.Y); !near(got, want[i]) {
			t.Errorf("%s: corner %d is %v, want %v", what, i, got, want[i])
		}
	}
}

func TestVariants(t *testing.T) {
	p := process(t, jpegOf(t, quarters(3000, 1500)))
	var got []string
	for _, v := range p.Variants {
		corners(t, v.Name, picture(t, v), red, green, blue, gold)
		got = append(got, fmt.Sprintf("%s %dx%d", v.Name, v.Width, v.Height))
	}
	want := []string{"full 2560x1280", "1280 1280x640", "640 640x320", "320 320x160"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	sum := sha256.Sum256(p.Variants[0].Bytes)
	if p.ID != hex.EncodeToString(sum[:]) || p.Width != 2560 || p.Height != 1280 {
		t.Errorf("id %s, %d × %d", p.ID, p.Width, p.Height)
	}
}

func TestSmallPicturesAreNotBlownUp(t *testing.T) {
	for _, v := range process(t, pngOf(t, quarters(50, 400))).Variants {
		if v.Width > 50 || v.Height > 400 {
			t.Errorf("%s is %d × %d", v.Name, v.Width, v.Height)
		}
	}
	for _, v := range process(t, pngOf(t, quarters(5000, 2))).Variants {
		if v.Height < 1 || picture(t, v).Bounds().Dy() < 1 {
			t.Errorf("%s has no height", v.Name)
		}
	}
}

func TestFormats(t *testing.T) {
	m := quarters(64, 48)
	for name, data := range map[string][]byte{"jpeg": jpegOf(t, m), "png": pngOf(t, m), "gif": gifOf(t, m), "webp": redWebP(t, 64, 48)} {
		want := []color.Color{red, green, blue, gold}
		if name == "webp" {
			pure := color.RGBA{255, 0, 0, 255}
			want = []color.Color{pure, pure, pure, pure}
		}
		corners(t, name, picture(t, process(t, data).Variants[0]), want...)
	}
}

func TestSameUploadSameBytes(t *testing.T) {
	data := jpegOf(t, quarters(700, 500))
	a, b := process(t, data), process(t, withExif(data, 1))
	for i := range a.Variants {
		if !bytes.Equal(a.Variants[i].Bytes, b.Variants[i].Bytes) {
			t.Errorf("%s differs", a.Variants[i].Name)
		}
	}
	if a.ID != b.ID || a.ID == process(t, jpegOf(t, quarters(700, 501))).ID {
		t.Error("the id does not name the picture")
	}
}

func TestTransparentBecomesWhite(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 2000, 40)) // all transparent
	for _, v := range process(t, pngOf(t, m)).Variants {
		if got := picture(t, v).At(1, 1); !near(got, color.White) {
			t.Errorf("%s: %v", v.Name, got)
		}
	}
}

func TestOrientation(t *testing.T) {
	want := map[uint16][]color.Color{
		0: {red, green, blue, gold}, 1: {red, green, blue, gold}, 2: {green, red, gold, blue}, 3: {gold, blue, green, red},
		4: {blue, gold, red, green}, 5: {red, blue, green, gold}, 6: {blue, red, gold, green}, 7: {gold, green, blue, red},
		8: {green, gold, red, blue}, 9: {red, green, blue, gold},
	}
	jpg, pn := jpegOf(t, quarters(900, 300)), pngOf(t, quarters(60, 40))
	for o, corner := range want {
		for name, data := range map[string][]byte{"jpeg": withExif(jpg, o), "png": withPNGExif(pn, o)} {
			p := process(t, data)
			if turned := o >= 5 && o <= 8; turned != (p.Height > p.Width) {
				t.Errorf("%s %d: %d × %d", name, o, p.Width, p.Height)
			}
			for _, v := range p.Variants {
				corners(t, fmt.Sprint(name, " ", o, " ", v.Name), picture(t, v), corner...)
			}
		}
	}
}

func TestOrientationOfWebP(t *testing.T) {
	for o, want := range map[uint16]image.Point{1: {8, 4}, 6: {4, 8}} {
		if p := process(t, withWebPExif(redWebP(t, 8, 4), o)); p.Width != want.X || p.Height != want.Y {
			t.Errorf("%d: %d × %d", o, p.Width, p.Height)
		}
	}
}

func TestNoMetadataSurvives(t *testing.T) {
	for _, v := range process(t, withExif(jpegOf(t, quarters(400, 300)), 6)).Variants {
		for _, trace := range []string{"Exif", "SECRET-PLACE"} {
			if bytes.Contains(v.Bytes, []byte(trace)) {
				t.Errorf("%s still holds %q", v.Name, trace)
			}
		}
	}
}

func TestRefusals(t *testing.T) {
	good := jpegOf(t, quarters(64, 48))
	bomb := pngOf(t, quarters(8, 8))
	binary.BigEndian.PutUint32(bomb[16:], 10_000)
	binary.BigEndian.PutUint32(bomb[20:], 10_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	for name, data := range map[string][]byte{
		"empty": {}, "text": []byte("not a picture"), "svg": []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"),
		"cut": good[:len(good)/2], "head alone": good[:4], "noise behind a head": append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 99)...),
		"bomb": bomb, "riff alone": []byte("RIFF\x04\x00\x00\x00WEBPVP8 "), "html in a jpeg's name": []byte("<html><script>1</script>"),
	} {
		_, err := photo.New().Process(t.Context(), bytes.NewReader(data))
		if f := fault.From(err); f.Code != fault.CodeInvalid || len(f.Fields) != 1 || f.Fields[0].Name != "photo" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBrokenUpload(t *testing.T) {
	half := io.MultiReader(strings.NewReader("\xff\xd8\xff"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, err := photo.New().Process(t.Context(), half); !fault.Is(err, fault.CodeInvalid) {
		t.Errorf("cut off: %v", err)
	}
	long := append(jpegOf(t, quarters(8, 8)), make([]byte, photo.MaxBytes)...)
	if _, err := photo.New().Process(t.Context(), bytes.NewReader(long)); !fault.Is(err, fault.CodeTooLarge) {
		t.Errorf("too long: %v", err)
	}
}

// A broken Exif block is not the picture's fault.
func TestBrokenExif(t *testing.T) {
	data := withExif(jpegOf(t, quarters(64, 48)), 6)
	at := bytes.Index(data, []byte("Exif"))
	for i := at; i < at+40; i++ {
		broken := slices.Clone(data)
		broken[i] ^= 0xFF
		process(t, broken)
	}
}

func TestUploadsTakeTurns(t *testing.T) {
	p := photo.New()
	big := pngOf(t, image.NewGray(image.Rect(0, 0, 7000, 7000))) // 49 of 50 million pixels
	var work sync.WaitGroup
	read := make(chan struct{})
	work.Go(func() {
		if _, err := p.Process(context.Background(), io.MultiReader(bytes.NewReader(big), closer{read})); err != nil {
			t.Error(err)
		}
	})
	<-read
	time.Sleep(10 * time.Millisecond) // the first is at work for much longer
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := p.Process(ctx, bytes.NewReader(big)); !fault.Is(err, fault.CodeUnavailable) {
		t.Errorf("a second large upload at once: %v", err)
	}
	work.Wait()
	if _, err := p.Process(t.Context(), bytes.NewReader(big)); err != nil {
		t.Errorf("when the first is done: %v", err)
	}
}

// closer closes a channel when it is read.
type closer struct{ c chan struct{} }

func (c closer) Read([]byte) (int, error) { close(c.c); return 0, io.EOF }

func TestFiles(t *testing.T) {
	if got := photo.Folder("ab12cd") + photo.File(photo.Full); got != "photos/ab/ab12cd/full.jpg" {
		t.Error(got)
	}
	if got := photo.Variants(); !slices.Equal(got, []string{"full", "1280", "640", "320"}) {
		t.Error(got)
	}
	for variant, want := range map[string][]string{photo.Full: {"full.jpg"}, "320": {"320.webp", "320.jpg"}} {
		if got := photo.Files(variant); !slices.Equal(got, want) || got[0] != photo.File(variant) {
			t.Errorf("%s may be in %v, want %v", variant, got, want)
		}
		for _, file := range want {
			if got, ok := photo.VariantOf(file); got != variant || !ok {
				t.Errorf("%s is %q, %v", file, got, ok)
			}
		}
	}
	for _, file := range []string{"", "320", ".webp", "320.exe", "320.webp.part", "full.png"} {
		if got, ok := photo.VariantOf(file); ok {
			t.Errorf("%q is %q", file, got)
		}
	}
}

// TestModernFormats: the largest is what everything reads; what pages show is WebP, and lighter than a JPEG as good.
func TestModernFormats(t *testing.T) {
	p := process(t, jpegOf(t, quarters(3000, 2000)))
	for _, v := range p.Variants {
		want := "image/webp"
		if v.Name == photo.Full {
			want = "image/jpeg"
		}
		if got := http.DetectContentType(v.Bytes); got != want || v.Type != want {
			t.Errorf("%s is %s and says %s, want %s", v.Name, got, v.Type, want)
		}
	}
	small := process(t, jpegOf(t, quarters(600, 400)))
	if full, page := small.Variants[0], small.Variants[1]; page.Type != "image/webp" || page.Width != full.Width || len(page.Bytes) >= len(full.Bytes) {
		t.Errorf("of a small upload a page shows %s, %d px wide, of %d bytes; whole it has %d", page.Type, page.Width, len(page.Bytes), len(full.Bytes))
	}
}

func BenchmarkProcess(b *testing.B) {
	var data bytes.Buffer
	if err := jpeg.Encode(&data, quarters(4000, 3000), nil); err != nil { // 12 million pixels, as a telephone takes them
		b.Fatal(err)
	}
	p := photo.New()
	for b.Loop() {
		if _, err := p.Process(b.Context(), bytes.NewReader(data.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}
