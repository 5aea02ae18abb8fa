package identity_test

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/identity"
)

var cheap = identity.Cost{Memory: 64, Time: 1, Threads: 1}

func TestPassword(t *testing.T) {
	h := identity.NewHasher(cheap)
	const right = "correct horse 電池"
	stored, err := h.Hash(t.Context(), right)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := h.Hash(t.Context(), right)
	if stored == again || strings.Contains(stored, "horse") {
		t.Errorf("stored %q and %q", stored, again)
	}
	for name, c := range map[string]struct {
		stored, password string
		ok               bool
	}{
		"right": {stored, right, true}, "wrong": {stored, "correct horse 电池", false}, "empty": {stored, "", false},
		"longer": {stored, right + "x", false}, "huge": {stored, strings.Repeat("x", 1<<20), false},
		"no account": {"", right, false},
	} {
		ok, rehash, err := h.Verify(t.Context(), c.stored, c.password)
		if ok != c.ok || rehash || err != nil {
			t.Errorf("%s: %v, rehash %v, %v", name, ok, rehash, err)
		}
	}
}

func TestPasswordIsTheSameOnAnotherKeyboard(t *testing.T) {
	h := identity.NewHasher(cheap)
	stored, err := h.Hash(t.Context(), "caf\u00e9-au-lait") // é as one code point
	if err != nil {
		t.Fatal(err)
	}
	if ok, _, _ := h.Verify(t.Context(), stored, "cafe\u0301-au-lait"); !ok {
		t.Error("e and a combining accent were refused")
	}
}

func TestRehashWhenTheCostChanges(t *testing.T) {
	stored, _ := identity.NewHasher(cheap).Hash(t.Context(), "correct horse")
	dearer := identity.NewHasher(identity.Cost{Memory: 128, Time: 1, Threads: 1})
	if ok, rehash, err := dearer.Verify(t.Context(), stored, "correct horse"); !ok || !rehash || err != nil {
		t.Errorf("%v, rehash %v, %v", ok, rehash, err)
	}
	if ok, rehash, _ := dearer.Verify(t.Context(), stored, "wrong horse"); ok || rehash {
		t.Error("a wrong password asks for a new hash")
	}
}

func TestPasswordLength(t *testing.T) {
	for password, ok := range map[string]bool{
		strings.Repeat("字", 9): false, strings.Repeat("字", 10): true, strings.Repeat("字", 200): true,
		strings.Repeat("字", 201): false, "": false, "long enough\xff": false,
	} {
		if err := identity.CheckPassword(password); (err == nil) != ok || (!ok && !fault.Is(err, fault.CodeInvalid)) {
			t.Errorf("%.20q: %v", password, err)
		}
	}
}

func TestDamagedHashIsAnError(t *testing.T) {
	h := identity.NewHasher(cheap)
	good, _ := h.Hash(t.Context(), "correct horse")
	for _, bad := range []string{
		"x", "$argon2id$v=19$m=64,t=1,p=1$$", strings.Replace(good, "m=64", "m=4000000000", 1),
		strings.Replace(good, "t=1", "t=0", 1), strings.Replace(good, "argon2id", "argon2i", 1), good + "=", good[:len(good)-8] + "\n",
	} {
		if ok, _, err := h.Verify(t.Context(), bad, "correct horse"); ok || err == nil {
			t.Errorf("%q: %v, %v", bad, ok, err)
		}
	}
}

// An unknown account must cost what a known one costs.
func TestUnknownAccountsTakeAsLong(t *testing.T) {
	h := identity.NewHasher(identity.DefaultCost)
	stored, _ := h.Hash(t.Context(), "correct horse")
	time1 := fastest(func() { _, _, _ = h.Verify(t.Context(), stored, "wrong horse") })
	time2 := fastest(func() { _, _, _ = h.Verify(t.Context(), "", "wrong horse") })
	if time2 < time1/2 || time1 < time2/2 {
		t.Errorf("known %v, unknown %v", time1, time2)
	}
}

func fastest(do func()) time.Duration {
	best := time.Hour
	for range 5 {
		start := time.Now()
		do()
		best = min(best, time.Since(start))
	}
	return best
}

func TestHashesWaitForASlot(t *testing.T) {
	h := identity.NewHasher(identity.Cost{Memory: 64 * 1024, Time: 4, Threads: 1})
	var busy sync.WaitGroup
	for range 8 {
		busy.Go(func() { _, _ = h.Hash(context.Background(), "correct horse") })
	}
	time.Sleep(20 * time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, _, err := h.Verify(ctx, "", "correct horse"); !fault.Is(err, fault.CodeUnavailable) {
		t.Errorf("a fifth at once: %v", err)
	}
	busy.Wait()
}

func TestToken(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		token, hash := identity.NewToken()
		got, ok := identity.HashToken(token)
		if !ok || got != hash || len(token) != 46 || !strings.HasPrefix(token, "hg_") || seen[token] || strings.Contains(hash, token[3:]) {
			t.Fatalf("token %q, hash %q, again %q %v", token, hash, got, ok)
		}
		seen[token] = true
	}
	token, _ := identity.NewToken()
	for _, bad := range []string{"", "hg_", token[3:], token + "A", token[:45], "hg_" + strings.Repeat("!", 43), token + "\n"} {
		if _, ok := identity.HashToken(bad); ok {
			t.Errorf("%q was taken as a token", bad)
		}
	}
}

func TestParseEmail(t *testing.T) {
	for in, want := range map[string]identity.Email{
		"Ann.Lee@Example.COM":    {Address: "Ann.Lee@example.com", Key: "ann.lee@example.com"},
		" ann+tag@example.org\n": {Address: "ann+tag@example.org", Key: "ann+tag@example.org"},
		"王@例え.jp":                {Address: "王@xn--r8jz45g.jp", Key: "王@xn--r8jz45g.jp"},
		"o'neil@mail.example.co": {Address: "o'neil@mail.example.co", Key: "o'neil@mail.example.co"},
	} {
		if got, err := identity.ParseEmail(in); err != nil || got != want {
			t.Errorf("%q: %+v, %v", in, got, err)
		}
	}
	for _, in := range []string{
		"", "ann", "ann@", "@example.com", "ann@localhost", "ann@127.0.0.1", "ann@[127.0.0.1]", "Ann <ann@example.com>",
		"ann@example.com, bob@example.com", "ann@exa mple.com", "ann@example..com", "a@b@example.com", "ann@-x.com",
		"ann@example.com\r\nBcc: x@example.com", strings.Repeat("a", 65) + "@example.com", "a@" + strings.Repeat("b.", 130) + "com",
	} {
		if got, err := identity.ParseEmail(in); !fault.Is(err, fault.CodeInvalid) {
			t.Errorf("%q was taken: %+v, %v", in, got, err)
		}
	}
}

func TestSecretIsKept(t *testing.T) {
	dir := t.TempDir()
	var made sync.WaitGroup
	keys := make([]string, 8)
	for i := range keys {
		made.Go(func() {
			s, err := identity.OpenSecret(dir)
			if err != nil {
				t.Error(err)
				return
			}
			keys[i] = hex.EncodeToString(s.Derive("x", 16))
		})
	}
	made.Wait()
	for _, k := range keys {
		if k == "" || k != keys[0] {
			t.Fatalf("keys differ: %v", keys)
		}
	}
	files, _ := os.ReadDir(dir)
	info, err := os.Stat(filepath.Join(dir, "secret"))
	if err != nil || info.Mode().Perm() != 0o600 || len(files) != 1 {
		t.Errorf("files %v, mode %v, %v", files, info.Mode(), err)
	}
}

func TestSecretMustBeLong(t *testing.T) {
	if _, err := identity.NewSecret(strings.Repeat("x", 31)); err == nil || strings.Contains(err.Error(), "xxx") {
		t.Errorf("31 bytes: %v", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secret"), []byte("short\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := identity.OpenSecret(dir); err == nil {
		t.Error("a short file was taken")
	}
}

func secret(t *testing.T, of string) identity.Secret {
	t.Helper()
	s, err := identity.NewSecret(strings.Repeat(of, 32))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// logSeed is HKDF-SHA-256 of 32 times `s`, no salt, info `haggle log 1`, 32 bytes.
const logSeed = "ccf92a2019a666910bb8f3fd95a895c560cc95a65a7a926deb35fa79224e2f44"

// The vector was computed apart, by the definition: HMAC-SHA-256 with an empty salt, then one expansion step.
func TestDerivedKeys(t *testing.T) {
	s := secret(t, "s")
	if got := hex.EncodeToString(s.Derive("haggle log 1", 32)); got != logSeed {
		t.Errorf("log seed %s", got)
	}
	if !s.LogKey().Equal(ed25519.NewKeyFromSeed(s.Derive("haggle log 1", 32))) {
		t.Error("the log key is not made of info `haggle log 1`")
	}
	if string(s.Derive("a", 32)) == string(s.Derive("b", 32)) {
		t.Error("two purposes share a key")
	}
	defer func() {
		if recover() == nil {
			t.Error("an empty secret gave a key")
		}
	}()
	identity.Secret{}.Derive("a", 32)
}

func TestSecretShowsNothing(t *testing.T) {
	s := secret(t, "s")
	var out strings.Builder
	fmt.Fprintf(&out, "%v %+v %#v %s %x %d", s, s, s, s, s, s)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "secret", s, "in", struct{ S identity.Secret }{s})
	//lint:ignore SA9005 that nothing shows is what is tested
	_ = json.NewEncoder(&out).Encode(s)
	if got := out.String(); strings.Contains(got, "sss") || strings.Contains(got, "7373") || strings.Contains(got, "115 115") {
		t.Error(got)
	}
}

func TestCSRF(t *testing.T) {
	c := secret(t, "s").CSRF()
	token := c.Token("session-1")
	if !c.Check("session-1", token) || secret(t, "s").CSRF().Token("session-1") != token {
		t.Error("a session's own token was refused")
	}
	if c.Check("session-2", token) || c.Check("session-1", "") || c.Check("session-1", token+"A") ||
		c.Check("", c.Token("")) || secret(t, "t").CSRF().Check("session-1", token) {
		t.Error("a wrong token was taken")
	}
}

func TestBox(t *testing.T) {
	box := secret(t, "s").Box("totp")
	sealed := box.Seal([]byte("seed"), "u1")
	if sealed == box.Seal([]byte("seed"), "u1") || strings.Contains(sealed, "seed") {
		t.Error("sealing shows what is inside")
	}
	if plain, err := box.Open(sealed, "u1"); err != nil || string(plain) != "seed" {
		t.Errorf("got %q, %v", plain, err)
	}
	flipped := sealed[:10] + string(sealed[10]^1) + sealed[11:]
	for name, open := range map[string]func() ([]byte, error){
		"another place":   func() ([]byte, error) { return box.Open(sealed, "u2") },
		"another purpose": func() ([]byte, error) { return secret(t, "s").Box("other").Open(sealed, "u1") },
		"another secret":  func() ([]byte, error) { return secret(t, "t").Box("totp").Open(sealed, "u1") },
		"changed":         func() ([]byte, error) { return box.Open(flipped, "u1") },
		"cut":             func() ([]byte, error) { return box.Open(sealed[:8], "u1") },
		"empty":           func() ([]byte, error) { return box.Open("", "u1") },
		"another version": func() ([]byte, error) { return box.Open("2"+sealed[1:], "u1") },
	} {
		if plain, err := open(); err == nil {
			t.Errorf("%s: opened as %q", name, plain)
		}
	}
}
