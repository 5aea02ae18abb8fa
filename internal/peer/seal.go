package peer

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"sync"
	"time"
)

// ErrSeal says that a message does not open: another key, another lane, changed, too old, or seen before.
var ErrSeal = errors.New("peer: the message does not open")

// A sealed message is version ‖ time in milliseconds (8 bytes, big endian) ‖ nonce ‖ AES-256-GCM of the body. What is
// bound to it and not sent: its direction, its lane and, for an answer, the nonce of its request.
const (
	version    = 1
	nonceSize  = 12
	headerSize = 1 + 8 + nonceSize
	asking     = 'q'
	answering  = 'a'
)

type nonce [nonceSize]byte

type sealer struct {
	aead  cipher.AEAD
	clock func() time.Time
	seen  seen
}

func newSealer(key []byte, clock func() time.Time) *sealer {
	block, err := aes.NewCipher(key)
	if err != nil || len(key) != 32 {
		panic("peer: the key has not 32 bytes")
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES fits GCM
	}
	return &sealer{aead: aead, clock: clock}
}

// bound is what a message is bound to.
func bound(direction byte, lane int, at []byte, of nonce) []byte {
	b := append([]byte{version, direction}, at...)
	b = binary.BigEndian.AppendUint32(b, uint32(lane))
	return append(b, of[:]...)
}

func (s *sealer) seal(direction byte, lane int, of nonce, body []byte) ([]byte, nonce) {
	var n nonce
	_, _ = rand.Read(n[:]) // never fails: see crypto/rand
	out := make([]byte, 1, headerSize+len(body)+s.aead.Overhead())
	out[0] = version
	out = binary.BigEndian.AppendUint64(out, uint64(s.clock().UnixMilli()))
	out = append(out, n[:]...)
	return s.aead.Seal(out, n[:], body, bound(direction, lane, out[1:9], of)), n
}

func (s *sealer) open(direction byte, lane int, of nonce, sealed []byte) (body []byte, n nonce, at time.Time, err error) {
	if len(sealed) < headerSize || sealed[0] != version {
		return nil, n, at, ErrSeal
	}
	copy(n[:], sealed[9:headerSize])
	body, err = s.aead.Open(nil, n[:], sealed[headerSize:], bound(direction, lane, sealed[1:9], of))
	if err != nil {
		return nil, n, at, ErrSeal
	}
	return body, n, time.UnixMilli(int64(binary.BigEndian.Uint64(sealed[1:9]))), nil
}

func (s *sealer) request(lane int, body []byte) ([]byte, nonce) {
	return s.seal(asking, lane, nonce{}, body)
}

// openRequest opens a request of the last moments that was not seen before.
func (s *sealer) openRequest(lane int, sealed []byte) ([]byte, nonce, error) {
	body, n, at, err := s.open(asking, lane, nonce{}, sealed)
	if err != nil {
		return nil, n, err
	}
	now := s.clock()
	if age := now.Sub(at); age > MaxAge || age < -MaxAge || !s.seen.first(n, now) {
		return nil, n, ErrSeal
	}
	return body, n, nil
}

func (s *sealer) answer(lane int, of nonce, body []byte) []byte {
	out, _ := s.seal(answering, lane, of, body)
	return out
}

func (s *sealer) openAnswer(lane int, of nonce, sealed []byte) ([]byte, error) {
	body, _, _, err := s.open(answering, lane, of, sealed)
	return body, err
}

// seen remembers nonces for as long as a message may be old or early, in two generations.
type seen struct {
	mu       sync.Mutex
	now, old map[nonce]struct{}
	began    time.Time // of the younger generation
}

// first says whether a nonce comes for the first time.
func (s *seen) first(n nonce, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if since := now.Sub(s.began); s.now == nil || since > 2*MaxAge || since < 0 {
		s.old, s.now, s.began = s.now, map[nonce]struct{}{}, now
	}
	_, young := s.now[n]
	_, older := s.old[n]
	s.now[n] = struct{}{}
	return !young && !older
}
