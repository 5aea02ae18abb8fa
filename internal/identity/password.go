package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"haggle/internal/fault"
)

// Bounds of a password, in characters (code points after NFC).
const (
	MinPassword = 10
	MaxPassword = 200
)

// maxTyped bounds, in bytes, what is looked at at all: a password before NFC may be longer than after.
const maxTyped = 16 * MaxPassword

// Cost is how dear one hash is.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// DefaultCost is OWASP's first choice for argon2id: 19 MiB, two passes, one thread.
var DefaultCost = Cost{Memory: 19 * 1024, Time: 2, Threads: 1}

// hashesAtOnce bounds the memory that sign-ins can take together.
const hashesAtOnce = 4

// Hasher hashes passwords, a few at once. Make one a process with NewHasher.
type Hasher struct {
	cost   Cost
	slots  chan struct{}
	nobody string // the hash of a password nobody has
}

// NewHasher makes a hasher; it costs one hash.
func NewHasher(cost Cost) *Hasher {
	h := &Hasher{cost: cost, slots: make(chan struct{}, hashesAtOnce)}
	h.nobody = h.encode(rand.Text())
	return h
}

// CheckPassword refuses, as invalid in field `password`, what is too short, too long or no text.
func CheckPassword(password string) error {
	if len(password) <= maxTyped && utf8.ValidString(password) {
		if n := utf8.RuneCountInString(norm.NFC.String(password)); n >= MinPassword && n <= MaxPassword {
			return nil
		}
	}
	var c fault.Collect
	c.Addf("password", "length", "a password has %d to %d characters", MinPassword, MaxPassword)
	return c.Err()
}

// Hash gives what to store of a password. It refuses what CheckPassword refuses. It waits for a free slot; ctx ends the
// waiting.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := CheckPassword(password); err != nil {
		return "", err
	}
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return h.encode(password), nil
}

// Verify says whether the password belongs to what is stored, in the same time whether it does or not. An empty stored
// value stands for an account that does not exist: it costs as much, and is never right. When the password is right and
// the stored cost is no longer the hasher's, rehash says to store a new hash.
func (h *Hasher) Verify(ctx context.Context, stored, password string) (ok, rehash bool, err error) {
	known := stored != ""
	if !known {
		stored = h.nobody
	}
	p, err := parsePHC(stored)
	if err != nil {
		return false, false, err
	}
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer h.leave()
	if len(password) > maxTyped {
		password = "" // nobody's; the work is done all the same
	}
	same := subtle.ConstantTimeCompare(p.cost.key(password, p.salt, uint32(len(p.key))), p.key) == 1
	ok = same && known
	return ok, ok && p.cost != h.cost, nil
}

func (h *Hasher) encode(password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails: crypto/rand ends the process instead
	return phc{h.cost, salt, h.cost.key(password, salt, keyBytes)}.String()
}

// key is argon2id (RFC 9106) of the password in NFC, so that one typed on another keyboard is the same.
func (c Cost) key(password string, salt []byte, n uint32) []byte {
	return argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.Time, c.Memory, c.Threads, n)
}

// enter waits for a slot. Whoever gives up is told to come back.
func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": 1}).Because(ctx.Err())
	}
}

func (h *Hasher) leave() { <-h.slots }
