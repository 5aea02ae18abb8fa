// Package pushtest is a push service and a browser behind it, for tests: it takes what a site sends over https, checks who
// sent it, and reads it with the browser's keys.
package pushtest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"haggle/internal/push"
)

// Received is one text as the browser reads it.
type Received struct {
	Path    string
	Payload string
	TTL     string
	Urgency string
	Topic   string
}

// Service is a push service with one browser.
type Service struct {
	*httptest.Server
	t    testing.TB
	key  *ecdh.PrivateKey
	auth []byte

	mu     sync.Mutex
	got    []Received
	answer func(path string) int // what it says to a text; nil: 201
	from   string                // the public key that everything must come from
}

// Listen starts a service on the loopback address.
func Listen(t testing.TB) *Service {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &Service{t: t, key: key, auth: make([]byte, 16)}
	_, _ = rand.Read(s.auth)
	s.Server = httptest.NewTLSServer(http.HandlerFunc(s.take))
	t.Cleanup(s.Close)
	return s
}

// Roots trust the service's certificate.
func (s *Service) Roots() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	return pool
}

// Subscription is the browser's, at a path of the service.
func (s *Service) Subscription(path string) push.Subscription {
	encode := base64.RawURLEncoding.EncodeToString
	return push.Subscription{Endpoint: s.URL + path, P256dh: encode(s.key.PublicKey().Bytes()), Auth: encode(s.auth)}
}

// Answer sets what the service says from now on, and whose texts it takes ("": anybody's).
func (s *Service) Answer(from string, answer func(path string) int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from, s.answer = from, answer
}

// Got lists what came, oldest first.
func (s *Service) Got() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.got...)
}

func (s *Service) take(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answer != nil {
		if code := s.answer(r.URL.Path); code != 0 {
			w.WriteHeader(code)
			return
		}
	}
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = s.checkSender(r)
	}
	var text []byte
	if err == nil {
		text, err = s.decrypt(body)
	}
	if err != nil {
		s.t.Errorf("push service: %v", err)
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.got = append(s.got, Received{Path: r.URL.Path, Payload: string(text), TTL: r.Header.Get("TTL"), Urgency: r.Header.Get("Urgency"), Topic: r.Header.Get("Topic")})
	w.WriteHeader(http.StatusCreated)
}

// checkSender holds the VAPID header (RFC 8292): signed by the key it names, for this service.
func (s *Service) checkSender(r *http.Request) error {
	rest, ok := strings.CutPrefix(r.Header.Get("Authorization"), "vapid ")
	if !ok {
		return fmt.Errorf("authorization %q", r.Header.Get("Authorization"))
	}
	parts := map[string]string{}
	for part := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		parts[name] = value
	}
	point, err := base64.RawURLEncoding.DecodeString(parts["k"])
	if err != nil || s.from != "" && parts["k"] != s.from {
		return fmt.Errorf("signed by %q, want %q", parts["k"], s.from)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return err
	}
	claims := jwt.MapClaims{}
	if _, err := jwt.ParseWithClaims(parts["t"], claims, func(*jwt.Token) (any, error) { return key, nil }, jwt.WithValidMethods([]string{"ES256"})); err != nil {
		return err
	}
	if claims["aud"] != s.URL {
		return fmt.Errorf("for %v", claims["aud"])
	}
	if sub, _ := claims["sub"].(string); !strings.HasPrefix(sub, "mailto:") && !strings.HasPrefix(sub, "https:") {
		return fmt.Errorf("from %q", sub)
	}
	return nil
}

// decrypt reads a body of RFC 8291 with the browser's keys.
func (s *Service) decrypt(body []byte) ([]byte, error) {
	if len(body) < 21+65 {
		return nil, errors.New("too short")
	}
	salt, size, length := body[:16], binary.BigEndian.Uint32(body[16:20]), int(body[20])
	sender, cipherText := body[21:21+length], body[21+length:]
	if len(body) > int(size) {
		return nil, errors.New("more than one record")
	}
	theirs, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return nil, err
	}
	shared, err := s.key.ECDH(theirs)
	if err != nil {
		return nil, err
	}
	info := "WebPush: info\x00" + string(s.key.PublicKey().Bytes()) + string(sender)
	ikm, err := hkdf.Key(sha256.New, shared, s.auth, info, 32)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	padded, err := gcm.Open(nil, nonce, cipherText, nil)
	if err != nil {
		return nil, err
	}
	end := len(padded) - 1
	for end >= 0 && padded[end] == 0 {
		end--
	}
	if end < 0 || padded[end] != 2 {
		return nil, errors.New("no end of the last record")
	}
	return padded[:end], nil
}
