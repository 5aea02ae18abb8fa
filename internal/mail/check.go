package mail

import (
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Bounds of a letter, in bytes.
const (
	maxSubject = 500
	maxBody    = 1 << 20
)

// webAddress is one that fits between the brackets of a header.
var webAddress = regexp.MustCompile(`^https?://[!-;=?-~]{1,800}$`)

var ids = regexp.MustCompile(`^[A-Za-z0-9._:-]{1,200}$`)

// Check says, as a permanent error, why no engine may send the letter; nil when it may be sent.
func (m Message) Check() error {
	to, err := mail.ParseAddress(m.To)
	switch {
	case !ids.MatchString(m.ID):
		return refusef("the id %q", m.ID)
	case err != nil || to.Name != "" || to.Address != m.To:
		return refusef("the address")
	case m.Subject == "" || len(m.Subject) > maxSubject || strings.ContainsAny(m.Subject, "\r\n\x00"):
		return refusef("the subject")
	case m.Text == "" || len(m.Text) > maxBody || len(m.HTML) > maxBody:
		return refusef("the size of the body")
	case m.Unsubscribe != "" && !webAddress.MatchString(m.Unsubscribe):
		return refusef("the address to unsubscribe")
	case !utf8.ValidString(m.Subject + m.Text + m.HTML):
		return refusef("the encoding")
	}
	return nil
}

func refusef(format string, args ...any) error {
	return Refuse(fmt.Errorf("mail: the letter cannot be sent: "+format+" is wrong", args...))
}
