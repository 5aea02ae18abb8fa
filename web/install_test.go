package web

import (
	"bytes"
	"encoding/json"
	"image/png"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/web/static"
	"haggle/web/worker"
)

func TestTheManifestIsWhole(t *testing.T) {
	r := newRig(t)
	for lang, word := range map[string]string{"en": "A marketplace", "zh-TW": "市集"} {
		page := r.get(guest.in(lang), "/help")
		address := regexp.MustCompile(`<link rel="manifest" href="([^"]+)"`).FindStringSubmatch(page.body)
		if address == nil {
			t.Fatal("pages name no manifest")
		}
		a := r.get(guest, address[1])
		var m struct {
			Name, Lang, Display, Scope, Description string
			ID                                      string `json:"id"`
			StartURL                                string `json:"start_url"`
			Icons                                   []struct{ Src, Sizes, Type, Purpose string }
		}
		if err := json.Unmarshal([]byte(a.body), &m); err != nil || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/manifest+json") {
			t.Fatalf("%v, %v", err, a.Header)
		}
		if m.Name != r.site.name || m.Lang != lang || m.Display != "standalone" || m.Scope != "/" || m.StartURL != "/" || m.ID != "/" || !strings.Contains(m.Description, word) || len(m.Icons) != 4 {
			t.Errorf("%+v", m)
		}
		for _, icon := range m.Icons {
			b := r.get(guest, icon.Src)
			img, err := png.DecodeConfig(strings.NewReader(b.body))
			if err != nil || b.Header.Get("Content-Type") != "image/png" || icon.Sizes != strings.ReplaceAll("NxN", "N", map[int]string{192: "192", 512: "512"}[img.Width]) || img.Width != img.Height {
				t.Errorf("%+v: %v, %dx%d", icon, err, img.Width, img.Height)
			}
		}
	}
	for _, path := range []string{"/icons/icon-193.png", "/icons/icon-0192.png", "/icons/other-192.png", "/icons/icon-192.svg"} {
		r.get(guest, path).says(t, http.StatusNotFound)
	}
}

// TestTheIconIsDrawn looks at a few places of the icons: the ground, the stairs, the corner that is cut and the one that is not.
func TestTheIconIsDrawn(t *testing.T) {
	at := func(file string, x, y int) [4]uint32 {
		img, err := png.Decode(bytes.NewReader(worker.Icon(file)))
		if err != nil {
			t.Fatal(err)
		}
		r, g, b, a := img.At(x, y).RGBA()
		return [4]uint32{r >> 8, g >> 8, b >> 8, a >> 8}
	}
	brick, paper := [4]uint32{0xA6, 0x3A, 0x1F, 0xFF}, [4]uint32{0xFB, 0xF8, 0xF3, 0xFF}
	for _, c := range []struct {
		file string
		x, y int
		want [4]uint32
	}{
		{"icon-192.png", 0, 0, [4]uint32{}}, {"maskable-192.png", 0, 0, brick}, {"icon-192.png", 96, 30, brick}, {"icon-192.png", 8 * 6, 25 * 6, paper}, {"icon-192.png", 24 * 6, 39, paper},
		{"maskable-512.png", 256, 256, at("maskable-512.png", 256, 256)}, {"icon-512.png", 16 * 16, 18 * 16, paper},
	} {
		if got := at(c.file, c.x, c.y); got != c.want {
			t.Errorf("%s at %d,%d is %v, want %v", c.file, c.x, c.y, got, c.want)
		}
	}
}

func TestTheWorkerKeepsAssetsAndOnePage(t *testing.T) {
	r := newRig(t)
	a := r.get(guest, "/sw.js?lang=zh-TW")
	if a.StatusCode != http.StatusOK || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/javascript") || a.Header.Get("Cache-Control") != "no-cache" ||
		a.Header.Get("Content-Security-Policy") != "default-src 'none'; connect-src 'self'" || a.Header.Get("Service-Worker-Allowed") != "/" {
		t.Errorf("%d %v", a.StatusCode, a.Header)
	}
	quoted := regexp.MustCompile(`JSON\.parse\(("(?:[^"\\]|\\.)*")\)`).FindStringSubmatch(a.body)
	if quoted == nil {
		t.Fatalf("no settings in %s", clip(a.body))
	}
	var text string
	var settings struct {
		Cache, Offline string
		Assets         []string
	}
	if err := json.Unmarshal([]byte(quoted[1]), &text); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &settings); err != nil {
		t.Fatal(err)
	}
	if settings.Offline != "/offline?lang=zh-TW" || !strings.Contains(settings.Cache, static.Version()) || len(settings.Assets) < 10 {
		t.Errorf("%+v", settings)
	}
	for _, asset := range settings.Assets {
		if !strings.HasPrefix(asset, static.Prefix+static.Version()+"/") || r.get(guest, asset).StatusCode != http.StatusOK {
			t.Errorf("it keeps %s", asset)
		}
	}
	if en := r.get(guest, "/sw.js?lang=en"); en.body == a.body {
		t.Error("both languages have one worker")
	}
	for lang, word := range map[string]string{"en": "No connection", "zh-TW": "沒有網路連線"} {
		page := r.get(reader{}, "/offline?lang="+lang)
		page.says(t, http.StatusOK, word)
		checkPage(t, lang, page)
	}
	if page := r.get(guest, "/help"); strings.Contains(page.body, "worker.js") {
		t.Error("a guest's page starts a worker")
	}
	if page := r.get(member, "/help"); !strings.Contains(page.body, static.URL("worker.js")) || !strings.Contains(page.Header.Get("Content-Security-Policy"), "manifest-src 'self'; worker-src 'self'") {
		t.Error("a member's page starts no worker, or may not")
	}
}

func TestDevicesAreTurnedOnAndOff(t *testing.T) {
	r := newRig(t)
	if a := r.get(member, "/settings/mail"); strings.Contains(a.body, "data-push") {
		t.Error("a site without pushes offers them")
	}
	r.market.pocket.devices = market.DevicesView{Key: "BKEY"}
	r.get(member, "/settings/mail").says(t, http.StatusOK, `data-push="BKEY"`, "No device is turned on.")
	r.market.pocket.devices.Devices = []market.DeviceView{{ID: "d1", Name: "Mozilla/5.0 (Android 14; Mobile) Firefox/130.0", CreatedAt: market.At(clock)}}
	for _, lang := range []string{"en", "zh-TW"} {
		a := r.get(member.in(lang), "/settings/mail")
		a.says(t, http.StatusOK, "/settings/devices/d1/remove", "Firefox")
		checkPage(t, lang, a)
	}
	r.post(member, "/settings/devices", "endpoint", "https://push.example/a", "p256dh", "k", "auth", "s").leadsTo(t, "/settings/mail")
	if in := r.market.device; in.Endpoint != "https://push.example/a" || in.Keys != (market.DeviceKeys{P256dh: "k", Auth: "s"}) {
		t.Errorf("added %+v", in)
	}
	r.post(member, "/settings/devices/d1/remove").leadsTo(t, "/settings/mail")
	if !r.market.called("drop device d1") {
		t.Errorf("asked %q", r.market.calls)
	}
	r.market.refuse = fault.Invalidf("endpoint", "is no https address")
	r.post(member, "/settings/devices", "endpoint", "http://push.example/a").says(t, http.StatusUnprocessableEntity)
}
