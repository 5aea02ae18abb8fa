package identity

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// MinSecret is the shortest secret, in bytes.
const MinSecret = 32

const (
	secretFile = "secret"
	infoLog    = "haggle log 1"
)

// Secret is the one secret of a site; every other key is derived from it. It never shows itself when printed or logged.
type Secret struct{ bytes []byte }

// NewSecret takes a secret that was given. It must have MinSecret bytes at least.
func NewSecret(given string) (Secret, error) {
	if len(given) < MinSecret {
		return Secret{}, fmt.Errorf("the secret must have at least %d bytes, it has %d", MinSecret, len(given))
	}
	return Secret{[]byte(given)}, nil
}

// OpenSecret takes the secret kept in a folder, or makes and keeps one. Its file is readable by its owner alone. Of
// several processes that make one at the same time all get the same.
func OpenSecret(dir string) (Secret, error) {
	name := filepath.Join(dir, secretFile)
	s, err := readSecret(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	if err := keepSecret(dir, name); err != nil {
		return Secret{}, fmt.Errorf("secret: %w", err)
	}
	return readSecret(name)
}

func readSecret(name string) (Secret, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return Secret{}, fmt.Errorf("secret: %w", err)
	}
	if err := os.Chmod(name, 0o600); err != nil {
		return Secret{}, fmt.Errorf("secret: %w", err)
	}
	s, err := NewSecret(strings.TrimSpace(string(data)))
	if err != nil {
		return Secret{}, fmt.Errorf("%s: %w", name, err)
	}
	return s, nil
}

// keepSecret writes a new secret beside its place and links it there, whole, unless another process was first.
func keepSecret(dir, name string) error {
	f, err := os.CreateTemp(dir, secretFile+".*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	b := make([]byte, MinSecret)
	_, _ = rand.Read(b)
	_, err = f.WriteString(hex.EncodeToString(b) + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), name); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// Derive gives a key of n bytes for one purpose: HKDF-SHA-256 (RFC 5869) without salt. Another info gives an unrelated
// key. The zero Secret has no keys: it panics.
func (s Secret) Derive(info string, n int) []byte {
	if len(s.bytes) < MinSecret {
		panic("identity: a key was asked of an empty secret")
	}
	key, err := hkdf.Key(sha256.New, s.bytes, nil, info, n)
	if err != nil {
		panic(err) // n beyond 255 blocks: a programmer's mistake
	}
	return key
}

// LogKey signs the heads of the public logs. All processes of a site share it.
func (s Secret) LogKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(s.Derive(infoLog, ed25519.SeedSize))
}

// String shows nothing.
func (s Secret) String() string { return "secret" }

// GoString shows nothing.
func (s Secret) GoString() string { return "secret" }

// Format shows nothing, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("secret")) }

// LogValue shows nothing.
func (s Secret) LogValue() slog.Value { return slog.StringValue("secret") }
