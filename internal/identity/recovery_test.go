package identity_test

import (
	"regexp"
	"strings"
	"testing"

	"haggle/internal/identity"
)

func TestRecoveryCodes(t *testing.T) {
	r := secret(t, "s").Recovery()
	codes, hashes := r.New("u1")
	if len(codes) != 10 || len(hashes) != 10 {
		t.Fatalf("%d codes, %d hashes", len(codes), len(hashes))
	}
	form := regexp.MustCompile(`^[0-9a-hj-km-np-tv-z]{4}(-[0-9a-hj-km-np-tv-z]{4}){2}$`)
	for i, c := range codes {
		if !form.MatchString(c) || strings.Contains(strings.Join(hashes, ""), strings.ReplaceAll(c, "-", "")) {
			t.Errorf("code %q", c)
		}
		if got := r.Find("u1", hashes, c); got != i {
			t.Errorf("%s is found at %d, not %d", c, got, i)
		}
	}
	misread := strings.ToUpper(strings.NewReplacer("-", " ", "0", "O", "1", "l").Replace(codes[3]))
	for name, c := range map[string]struct {
		by      identity.Recovery
		account string
		typed   string
		want    int
	}{
		"misread and spaced": {r, "u1", misread, 3}, "without dashes": {r, "u1", strings.ReplaceAll(codes[3], "-", ""), 3},
		"another's": {r, "u2", codes[3], -1}, "another site's": {secret(t, "t").Recovery(), "u1", codes[3], -1},
		"cut": {r, "u1", codes[3][:13], -1}, "empty": {r, "u1", "", -1}, "a hash": {r, "u1", hashes[3], -1},
	} {
		if got := c.by.Find(c.account, hashes, c.typed); got != c.want {
			t.Errorf("%s: found at %d, want %d", name, got, c.want)
		}
	}
	if got := r.Find("u1", append(hashes[:3:3], hashes[4:]...), codes[3]); got != -1 {
		t.Error("a code that is gone is found")
	}
}
