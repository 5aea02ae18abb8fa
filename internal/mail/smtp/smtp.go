// Package smtp sends letters through a mail server (RFC 5321).
package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"haggle/internal/mail"
)

const (
	stepBound   = 30 * time.Second // for each word of the server, or the caller's deadline when that is sooner
	connections = 4                // at once
)

// Sender sends through one server. It implements mail.Sender.
type Sender struct {
	from  string
	host  string // of from: the right side of a Message-ID
	slots chan struct{}
	dial  func(bound time.Duration) (*gomail.Client, error)
}

// Open reads a server's address and checks it; nothing is sent yet.
//
//	smtp://user:password@mail.example.org:587    STARTTLS required
//	smtps://user:password@mail.example.org:465   TLS from the first byte
//	smtp://127.0.0.1:25?tls=none                 no TLS: a server on this machine
//
// from is the sender's address; a name may stand before it: `haggle <noreply@example.org>`.
func Open(address, from string) (*Sender, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("smtp: the server's address is not a URL") // its text may hold a password
	}
	opts, err := options(u)
	if err != nil {
		return nil, err
	}
	host, err := hostOf(from)
	if err != nil {
		return nil, err
	}
	s := &Sender{from: from, host: host, slots: make(chan struct{}, connections)}
	s.dial = func(bound time.Duration) (*gomail.Client, error) {
		return gomail.NewClient(u.Hostname(), append(slices.Clip(opts), gomail.WithTimeout(bound))...)
	}
	if _, err := s.dial(stepBound); err != nil {
		return nil, fmt.Errorf("smtp: %w", err)
	}
	return s, nil
}

// options turns the parts of the URL into the client's settings.
func options(u *url.URL) ([]gomail.Option, error) {
	opts := []gomail.Option{gomail.WithTLSConfig(&tls.Config{ServerName: u.Hostname(), MinVersion: tls.VersionTLS12})}
	port, auth := 587, gomail.SMTPAuthAutoDiscover
	switch tlsMode := u.Query().Get("tls"); {
	case u.Scheme == "smtps" && tlsMode == "":
		port, opts = 465, append(opts, gomail.WithSSL())
	case u.Scheme == "smtp" && tlsMode == "":
		opts = append(opts, gomail.WithTLSPolicy(gomail.TLSMandatory))
	case u.Scheme == "smtp" && tlsMode == "none":
		port, auth = 25, gomail.SMTPAuthPlainNoEnc // asked for in so many words
		opts = append(opts, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		return nil, errors.New("smtp: the server's address begins with smtp:// or smtps://; tls may be none")
	}
	if p := u.Port(); p != "" {
		port, _ = strconv.Atoi(p) // digits: url.Parse saw to it
	}
	opts = append(opts, gomail.WithPort(port))
	if password, given := u.User.Password(); given {
		opts = append(opts, gomail.WithUsername(u.User.Username()), gomail.WithPassword(password),
			gomail.WithSMTPAuth(auth))
	}
	return opts, nil
}

// Send hands the letter to the server over a connection of its own.
func (s *Sender) Send(ctx context.Context, m mail.Message) error {
	if err := m.Check(); err != nil {
		return err
	}
	letter, err := s.compose(m)
	if err != nil {
		return err
	}
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	client, err := s.dial(patience(ctx))
	if err != nil {
		return fmt.Errorf("smtp: %w", err)
	}
	return verdict(client.DialAndSendWithContext(ctx, letter), letter)
}

// Ready connects to the server and signs in, and sends nothing.
func (s *Sender) Ready(ctx context.Context) error {
	client, err := s.dial(patience(ctx))
	if err == nil {
		err = client.DialWithContext(ctx)
	}
	if err != nil {
		return fmt.Errorf("smtp: %w", err)
	}
	return client.Close()
}

// patience is how long to wait for the server's next word.
func patience(ctx context.Context) time.Duration {
	if end, bounded := ctx.Deadline(); bounded {
		return max(min(time.Until(end), stepBound), time.Millisecond)
	}
	return stepBound
}

// verdict tells a refusal of this letter for good (a 5xx reply to its recipient or its text) from what may pass. What
// goes wrong after the server took the letter is no matter.
func verdict(err error, letter *gomail.Msg) error {
	if err == nil || letter.IsDelivered() {
		return nil
	}
	err = fmt.Errorf("smtp: %w", err)
	var refused *gomail.SendError
	if !errors.As(err, &refused) || refused.ErrorCode() < 500 {
		return err
	}
	switch refused.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		return mail.Refuse(err)
	}
	return err
}
