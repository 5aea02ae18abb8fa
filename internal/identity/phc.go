package identity

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

const (
	saltBytes = 16
	keyBytes  = 32

	maxMemory = 256 * 1024 // KiB; a stored cost beyond these bounds is damage, not a password
	maxTime   = 16
	maxBytes  = 64
)

var errPHC = errors.New("identity: a stored password hash is damaged")

var b64 = base64.RawStdEncoding.Strict()

// phc is a stored hash in the PHC string format: $argon2id$v=19$m=19456,t=2,p=1$salt$key.
type phc struct {
	cost      Cost
	salt, key []byte
}

func (p phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.cost.Memory, p.cost.Time, p.cost.Threads, b64.EncodeToString(p.salt), b64.EncodeToString(p.key))
}

// parsePHC reads back what String wrote, and nothing else.
func parsePHC(s string) (phc, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 {
		return phc{}, errPHC
	}
	var p phc
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.cost.Memory, &p.cost.Time, &p.cost.Threads); err != nil {
		return phc{}, errPHC
	}
	var err, errKey error
	p.salt, err = b64.DecodeString(parts[4])
	p.key, errKey = b64.DecodeString(parts[5])
	if err != nil || errKey != nil || p.String() != s || !p.sane() {
		return phc{}, errPHC
	}
	return p, nil
}

func (p phc) sane() bool {
	c := p.cost
	return c.Memory <= maxMemory && c.Time >= 1 && c.Time <= maxTime && c.Threads >= 1 &&
		len(p.salt) >= 8 && len(p.salt) <= maxBytes && len(p.key) >= 16 && len(p.key) <= maxBytes
}
