package totp_test

import (
	"bytes"
	"image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"haggle/internal/identity/totp"
)

// rfcSecret is the key of RFC 6238's appendix B, in base32: the ASCII text 12345678901234567890.
const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

// The codes are the last six digits of the appendix's eight.
func TestCodesOfTheStandard(t *testing.T) {
	for _, c := range []struct {
		at   int64
		code string
	}{{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}} {
		step, ok := totp.Check(rfcSecret, c.code, time.Unix(c.at, 0), -1)
		if !ok || step != c.at/30 {
			t.Errorf("at %d: %s is step %d, %v", c.at, c.code, step, ok)
		}
	}
}

func TestDriftAndReplay(t *testing.T) {
	const code = "081804" // of step 37037036, which begins at 1111111080
	begin := time.Unix(1111111080, 0)
	const step = 1111111080 / 30
	for _, c := range []struct {
		name  string
		code  string
		now   time.Time
		after int64
		ok    bool
	}{
		{"its first second", code, begin, 0, true},
		{"its last second", code, begin.Add(29 * time.Second), 0, true},
		{"a step late", code, begin.Add(59 * time.Second), 0, true},
		{"two steps late", code, begin.Add(60 * time.Second), 0, false},
		{"a step early", code, begin.Add(-time.Second), 0, true},
		{"two steps early", code, begin.Add(-31 * time.Second), 0, false},
		{"after the step before", code, begin, step - 1, true},
		{"again in its window", code, begin, step, false},
		{"before one that was taken", code, begin.Add(30 * time.Second), step + 1, false},
		{"in full width, with blanks", " ０８１ ８０４", begin, 0, true},
		{"five digits", code[:5], begin, 0, false},
		{"seven digits", code + "0", begin, 0, false},
		{"nothing", "", begin, 0, false},
		{"another", "081805", begin, 0, false},
	} {
		got, ok := totp.Check(rfcSecret, c.code, c.now, c.after)
		if ok != c.ok || ok && got != step {
			t.Errorf("%s: %v, step %d", c.name, ok, got)
		}
	}
	if _, ok := totp.Check("not base32 !", code, begin, 0); ok {
		t.Error("a damaged secret takes codes")
	}
}

func TestSecretsDiffer(t *testing.T) {
	a, b := totp.NewSecret(), totp.NewSecret()
	if a == b || len(a) != 32 {
		t.Errorf("%q and %q", a, b)
	}
}

func TestPicture(t *testing.T) {
	address := totp.Address(rfcSecret, "haggle 市集", "mei+tag@example.org")
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/haggle 市集:mei+tag@example.org" || strings.Contains(u.RawQuery, "+") {
		t.Errorf("%s: %v", address, err)
	}
	if q := u.Query(); q.Get("secret") != rfcSecret || q.Get("issuer") != "haggle 市集" || q.Get("digits") != "6" || q.Get("period") != "30" {
		t.Errorf("%v", q)
	}
	b, err := totp.Picture(rfcSecret, "haggle 市集", "mei+tag@example.org")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil || img.Bounds().Dx() != 288 || img.Bounds().Dy() != 288 {
		t.Fatalf("%v, %v", img.Bounds(), err)
	}
	dark := 0
	for x := range 288 {
		for y := range 288 {
			r, _, _, _ := img.At(x, y).RGBA()
			if r == 0 {
				dark++
				if x < 24 || y < 24 || x >= 264 || y >= 264 {
					t.Fatalf("dark at %d, %d: cameras need white around", x, y)
				}
			}
		}
	}
	if dark < 288*288/8 {
		t.Errorf("only %d dark pixels", dark)
	}
}
