// Package totp is the second factor that a telephone shows: six digits that change every thirty seconds (RFC 6238).
//
// A secret is made with [NewSecret] and shown as a picture ([Picture]); [Check] reads a code. Nothing is stored here: who
// calls keeps the secret, sealed, and the step of the last code that was taken.
package totp

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"golang.org/x/text/unicode/norm"
)

const (
	period      = 30 // seconds of one step
	drift       = 1  // steps that a telephone's clock may be off, either way
	secretBytes = 20 // the length of HMAC-SHA-1, as RFC 4226 §4 asks for
	digits      = otp.DigitsSix
)

var base = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewSecret draws a secret, in base32 as telephones take it.
func NewSecret() string {
	b := make([]byte, secretBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the process instead
	return base.EncodeToString(b)
}

// Step is the number of the thirty seconds that now lies in.
func Step(now time.Time) int64 { return now.Unix() / period }

// Check says whether a code is the secret's at this time, one step early or late allowed, and which step it belongs to.
// A code of step after, or before it, is not taken: it has been used. Every step is looked at, whichever fits.
func Check(secret, code string, now time.Time, after int64) (step int64, ok bool) {
	code = Digits(code)
	for at := Step(now) - drift; at <= Step(now)+drift; at++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(at), hotp.ValidateOpts{Digits: digits, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && at > after {
			step, ok = at, true
		}
	}
	return step, ok
}

// Digits is a code as it was meant: without blanks, in whatever width the keyboard wrote it.
func Digits(typed string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\t' {
			return -1
		}
		return r
	}, norm.NFKC.String(strings.TrimSpace(typed)))
}
