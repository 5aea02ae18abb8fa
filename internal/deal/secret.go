package deal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
)

// Commitment is how a secret value stands in a log: the SHA-256 of the canonical form of deal, salt, value and who.
func Commitment(dealID, who string, s Secret) string {
	raw, err := Canonical(Body{"deal": dealID, "salt": s.Salt, "value": s.Value, "who": who})
	if err != nil {
		panic(fmt.Sprintf("deal: commitment of %s: %v", s.Field, err)) // ids and salts are our own, amounts are bounded
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Committed is the log value of a secret: {"c": hash}.
func Committed(dealID, who string, s Secret) Body { return Body{"c": Commitment(dealID, who, s)} }

// NewSalts draws n salts of 32 random bytes. Drawn before a transaction, so that a repeated closure repeats its bytes.
func NewSalts(n int) []string {
	salts := make([]string, n)
	for i := range salts {
		var b [32]byte
		_, _ = rand.Read(b[:]) // never fails
		salts[i] = hex.EncodeToString(b[:])
	}
	return salts
}

// Offered is what a deal is about, for people; the log binds it by its hash alone.
type Offered struct {
	Title       string
	Description string
	Category    string
	Condition   string
	Attributes  map[string]string
	Photos      []string // SHA-256 of each photo, in order
}

// About is the lower-case hex SHA-256 of the canonical form of what is offered.
func About(o Offered) (string, error) {
	attributes := make(Body, len(o.Attributes))
	for k, v := range o.Attributes {
		attributes[k] = v
	}
	photos := o.Photos
	if photos == nil {
		photos = []string{}
	}
	raw, err := Canonical(Body{"title": o.Title, "description": o.Description, "category": o.Category,
		"condition": o.Condition, "attributes": attributes, "photos": photos})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}

// OpenedLine drafts line 0 of a deal from its frame, its log terms and their secrets.
func OpenedLine(f Frame, kind Kind, terms Body, secrets []Secret) LineDraft {
	body := Body{"kind": string(kind), "currency": f.Currency.Code, "terms": terms}
	if !f.ClosesAt.IsZero() {
		body["closesAt"] = FormatTime(f.ClosesAt)
	}
	if f.About != "" {
		body["about"] = f.About
	}
	return LineDraft{Who: pseudonymOwn, Kind: Opened, Body: body, Secrets: secrets}
}

// Pseudonym is how the log names the n-th member to appear, from 1.
func Pseudonym(n int64) string { return fmt.Sprintf("p%d", n) }

// Millis is the one precision of time: UTC, truncated to milliseconds.
func Millis(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }
