// Package mail sends a letter to one person.
//
// Sending is not exactly once: a letter whose sending failed half way may arrive twice when it is repeated. Its ID
// becomes the Message-ID, so that mail programs show it once.
package mail

import (
	"context"
	"errors"
)

// Sender sends letters.
type Sender interface {
	// Send hands the letter over; nil means that the next server took the responsibility. After an error the letter
	// may be sent again with the same ID, unless Permanent(err).
	Send(ctx context.Context, m Message) error
}

// Message is a letter.
type Message struct {
	ID      string // unique and stable: repeating a letter repeats its ID. Letters, digits, `.`, `-`, `_`, `:`
	To      string // one address, without a name
	Subject string
	Text    string // plain text, required
	HTML    string // the same as a page; may be empty
	Locale  string // "en" or "zh-TW"

	// Unsubscribe is the address that turns this kind of letter off: a page, and at a POST of
	// `List-Unsubscribe=One-Click` at once (RFC 8058). Empty where the letter may not be turned off.
	Unsubscribe string
}

// permanent marks an error that another try will not cure.
type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Refuse marks err as permanent.
func Refuse(err error) error { return permanent{err} }

// Permanent says that sending again is useless: a wrong address, a letter that no server takes.
func Permanent(err error) bool {
	var p permanent
	return errors.As(err, &p)
}
