package identity

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// RecoveryCodes is how many codes a person gets to sign in without his second factor.
const RecoveryCodes = 10

// recoveryLetters leaves out what is misread by hand: i, l, o and u.
var recoveryLetters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

const (
	recoveryLen   = 12 // letters: 60 random bits
	recoveryGroup = 4
)

// Recovery makes and reads recovery codes. What is stored of one is keyed with the site's secret: with the store alone
// nobody can try codes out.
type Recovery struct{ key []byte }

// Recovery gives the site's maker of recovery codes.
func (s Secret) Recovery() Recovery { return Recovery{s.Derive("haggle recovery 1", sha256.Size)} }

// New draws a person's codes, to be shown once, and what to store of them.
func (r Recovery) New(account string) (codes, hashes []string) {
	for range RecoveryCodes {
		b := make([]byte, recoveryLen*5/8+1)
		_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
		letters := recoveryLetters.EncodeToString(b)[:recoveryLen]
		codes = append(codes, grouped(letters))
		hashes = append(hashes, r.hash(account, letters))
	}
	return codes, hashes
}

func grouped(letters string) string {
	var parts []string
	for ; len(letters) > 0; letters = letters[recoveryGroup:] {
		parts = append(parts, letters[:recoveryGroup])
	}
	return strings.Join(parts, "-")
}

// Find gives the place of a typed code among a person's stored ones, −1 where it is none of them. It looks at all of them.
func (r Recovery) Find(account string, hashes []string, typed string) int {
	want, found := r.hash(account, spelled(typed)), -1
	for i, h := range hashes {
		if subtle.ConstantTimeCompare([]byte(h), []byte(want)) == 1 {
			found = i
		}
	}
	return found
}

// spelled is a code as it was meant: letters that look alike are the one that codes have.
func spelled(typed string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\t':
			return -1
		case 'o':
			return '0'
		case 'i', 'l':
			return '1'
		}
		return r
	}, strings.ToLower(norm.NFKC.String(strings.TrimSpace(typed))))
}

func (r Recovery) hash(account, letters string) string {
	m := hmac.New(sha256.New, r.key)
	m.Write([]byte(account + "\n" + letters))
	return token64.EncodeToString(m.Sum(nil))
}
