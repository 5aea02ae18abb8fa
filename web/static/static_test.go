package static

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

func TestAddressesNameTheirContent(t *testing.T) {
	for _, name := range []string{"app.css", "page.js", "live.js", "countdown.js", "forms.js", "icon.svg"} {
		f, ok := Find(URL(name))
		if !ok || len(f.Body) == 0 || f.Type == "" {
			t.Errorf("%s: found %v, %d bytes, type %q", name, ok, len(f.Body), f.Type)
		}
	}
	for _, address := range []string{Prefix + "app.css", Prefix + "000000000000/app.css", Prefix + version + "/../static.go", Prefix + version + "/css/10-tokens.css"} {
		if _, ok := Find(address); ok {
			t.Errorf("%s is served", address)
		}
	}
}

func TestScriptsImportWhatIsServed(t *testing.T) {
	imports := regexp.MustCompile(`(?:from|import) '\./([^']+)'`)
	for name, f := range assets {
		for _, m := range imports.FindAllStringSubmatch(string(f.Body), -1) {
			if _, ok := assets[m[1]]; !ok {
				t.Errorf("%s imports %s, which is not there", name, m[1])
			}
		}
	}
}

func TestNothingComesFromElsewhere(t *testing.T) {
	for name, f := range assets {
		body := strings.ReplaceAll(string(f.Body), "http://www.w3.org/2000/svg", "")
		if strings.Contains(body, "http:") || strings.Contains(body, "https:") || strings.Contains(body, "@import") {
			t.Errorf("%s asks another place", name)
		}
	}
}

var (
	token  = regexp.MustCompile(`--([a-z-]+[0-9]?): (#[0-9A-F]{6});`)
	schema = regexp.MustCompile(`(?s)^(.*)@media \(prefers-color-scheme: dark\) \{(.*?)\n\}\n`)
)

// schemes reads the colours of both schemes from the style sheet.
func schemes(t *testing.T) map[string]map[string]string {
	t.Helper()
	parts := schema.FindStringSubmatch(string(read("css/10-tokens.css")))
	if parts == nil {
		t.Fatal("the tokens have no dark scheme")
	}
	all := map[string]map[string]string{"light": {}, "dark": {}}
	for i, name := range []string{"light", "dark"} {
		for _, m := range token.FindAllStringSubmatch(parts[i+1], -1) {
			all[name][m[1]] = m[2]
		}
	}
	if len(all["light"]) != len(all["dark"]) || len(all["light"]) < 20 {
		t.Fatalf("light has %d colours, dark %d", len(all["light"]), len(all["dark"]))
	}
	return all
}

// pairs are what stands on what, and how much contrast WCAG 2.2 AA asks of it: 4.5 of text, 3 of marks.
func pairs() map[[2]string]float64 {
	p := map[[2]string]float64{
		{"on-accent", "auction"}: 4.5, {"on-accent", "fixed"}: 4.5, {"on-accent", "request"}: 4.5, {"on-accent", "group"}: 4.5,
		{"good", "good-tint"}: 3, {"held", "held-tint"}: 3, {"wrong", "wrong-tint"}: 3, {"paper", "ink"}: 4.5,
	}
	for _, ground := range []string{"paper", "surface", "sunk"} {
		for _, text := range []string{"ink", "quiet", "good", "held", "wrong", "auction", "fixed", "request", "group"} {
			p[[2]string{text, ground}] = 4.5
		}
		p[[2]string{"edge", ground}] = 3
		p[[2]string{"focus", ground}] = 3
	}
	for _, kind := range []string{"auction", "fixed", "request", "group"} {
		for _, text := range []string{kind, "ink", "quiet"} {
			p[[2]string{text, kind + "-tint"}] = 4.5
		}
	}
	for _, tint := range []string{"good-tint", "held-tint", "wrong-tint"} {
		p[[2]string{"ink", tint}] = 4.5
		p[[2]string{"quiet", tint}] = 4.5
	}
	return p
}

func TestContrast(t *testing.T) {
	for scheme, colours := range schemes(t) {
		for pair, least := range pairs() {
			a, b := colours[pair[0]], colours[pair[1]]
			if a == "" || b == "" {
				t.Errorf("%s: no colour %v", scheme, pair)
				continue
			}
			if got := contrast(a, b); got < least {
				t.Errorf("%s: %s on %s is %.2f, below %.1f", scheme, pair[0], pair[1], got, least)
			}
		}
	}
}

func TestContrastOfKnownPairs(t *testing.T) {
	if got := fmt.Sprintf("%.1f %.2f", contrast("#000000", "#FFFFFF"), contrast("#777777", "#FFFFFF")); got != "21.0 4.48" {
		t.Error(got)
	}
}

// contrast is the WCAG 2 contrast ratio of two colours.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			panic(err)
		}
		c := float64(n) / 255
		if c <= 0.04045 {
			sum += weight * c / 12.92
		} else {
			sum += weight * math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return sum
}

func TestColoursComeFromTokens(t *testing.T) {
	for _, name := range match("css/*.css") {
		if name == "css/10-tokens.css" {
			continue
		}
		if m := regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b`).Find(read(name)); m != nil {
			t.Errorf("%s has a colour of its own: %s", name, m)
		}
	}
}

func TestPackedIsTheSameOnceUnpacked(t *testing.T) {
	for name, f := range assets {
		packed := Packed(URL(name), f)
		back, err := fasthttp.AppendUnbrotliBytes(nil, packed)
		if err != nil || !bytes.Equal(back, f.Body) {
			t.Errorf("%s: %d bytes packed come back as %d of %d: %v", name, len(packed), len(back), len(f.Body), err)
		}
	}
	if sheet := assets["app.css"]; len(Packed(URL("app.css"), sheet)) > len(sheet.Body)/4 {
		t.Errorf("the style sheet packs to %d of %d bytes", len(Packed(URL("app.css"), sheet)), len(sheet.Body))
	}
}
