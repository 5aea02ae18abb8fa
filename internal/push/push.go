// Package push sends short encrypted texts to browsers by Web Push (RFC 8030, 8291, 8292).
//
// The address of a browser's push service is given by the browser, so by a stranger: a sender speaks https alone, to public
// addresses alone, and follows no redirect.
//
// Most callers need two functions: [Sender].Check where a browser subscribes, [Sender].Send.
package push

import (
	"context"
	"crypto/ecdh"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"
)

// MaxPayload bounds a text, in bytes: what every push service takes.
const MaxPayload = 2048

const (
	maxEndpoint = 1000
	sendBound   = 10 * time.Second
	authSize    = 16
)

// ErrGone says that a subscription has ended: it is to be forgotten.
var ErrGone = errors.New("push: the subscription has ended")

// RefusedError says that a service did not take a text. Permanent: nor will it later.
type RefusedError struct {
	Status    int
	Permanent bool
	After     time.Duration // how long it asks to wait; 0 where it does not say
}

func (e *RefusedError) Error() string { return fmt.Sprintf("push: the service answered %d", e.Status) }

// Subscription is where and how to reach one browser. Its keys are base64url as browsers give them.
type Subscription struct {
	Endpoint string
	P256dh   string
	Auth     string
}

// Config is what a sender is made of.
type Config struct {
	Seed       []byte         // of the site's key; the same in every process
	Subscriber string         // whom a service may write to: an https address or a mail address
	Private    bool           // private addresses and any port will do: for tests
	Roots      *x509.CertPool // nil: the system's
}

// Sender sends for one site.
type Sender struct {
	private, public string // base64url
	subscriber      string
	lax             bool
	client          *http.Client
}

// New makes a sender. Its key is derived from the seed.
func New(c Config) *Sender {
	key := derive(c.Seed)
	encode := base64.RawURLEncoding.EncodeToString
	return &Sender{private: encode(key.Bytes()), public: encode(key.PublicKey().Bytes()), subscriber: c.Subscriber, lax: c.Private, client: client(c)}
}

// derive makes a key of P-256 from a seed. One hash in 2³² is no key; the next is tried.
func derive(seed []byte) *ecdh.PrivateKey {
	for n := uint32(0); ; n++ {
		sum := sha256.Sum256(append(binary.BigEndian.AppendUint32([]byte("haggle push 1\n"), n), seed...))
		if key, err := ecdh.P256().NewPrivateKey(sum[:]); err == nil {
			return key
		}
	}
}

// PublicKey is what browsers subscribe with, base64url.
func (s *Sender) PublicKey() string { return s.public }

// InvalidError says which part of a subscription could not be sent to: endpoint, p256dh or auth.
type InvalidError struct{ Field, Why string }

func (e *InvalidError) Error() string { return "push: " + e.Field + " " + e.Why }

// Check refuses, as *InvalidError, a subscription that could not be sent to. Whether the address is a public one is known only
// when it is dialled, and refused then.
func (s *Sender) Check(sub Subscription) error {
	u, err := url.Parse(sub.Endpoint)
	switch {
	case len(sub.Endpoint) > maxEndpoint:
		return &InvalidError{"endpoint", "is too long"}
	case err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "":
		return &InvalidError{"endpoint", "is no https address"}
	case !s.lax && u.Port() != "" && u.Port() != "443":
		return &InvalidError{"endpoint", "has another port than 443"}
	case !s.lax && refusedHost(u.Hostname()):
		return &InvalidError{"endpoint", "is a private address"}
	}
	point, err := decode(sub.P256dh)
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(point)
	}
	if err != nil {
		return &InvalidError{"p256dh", "is no key"}
	}
	if auth, err := decode(sub.Auth); err != nil || len(auth) != authSize {
		return &InvalidError{"auth", "is no secret of 16 bytes"}
	}
	return nil
}

func decode(s string) ([]byte, error) { return base64.RawURLEncoding.DecodeString(s) }

// Message is one text on its way.
type Message struct {
	Payload []byte
	TTL     time.Duration // how long a service keeps it for a browser that is away
	Urgent  bool
	Topic   string // a newer text of the same topic takes its place; at most 32 characters of base64url
}

// Send gives a text to a subscription's service. ErrGone, *RefusedError, or why the service could not be asked.
func (s *Sender) Send(ctx context.Context, sub Subscription, m Message) error {
	if err := s.Check(sub); err != nil {
		return errors.Join(ErrGone, err)
	}
	if len(m.Payload) > MaxPayload {
		return &RefusedError{Status: http.StatusRequestEntityTooLarge, Permanent: true}
	}
	ctx, cancel := context.WithTimeout(ctx, sendBound)
	defer cancel()
	urgency := webpush.UrgencyNormal
	if m.Urgent {
		urgency = webpush.UrgencyHigh
	}
	res, err := webpush.SendNotificationWithContext(ctx, m.Payload, &webpush.Subscription{Endpoint: sub.Endpoint, Keys: webpush.Keys{Auth: sub.Auth, P256dh: sub.P256dh}},
		&webpush.Options{HTTPClient: s.client, Subscriber: s.subscriber, Topic: m.Topic, TTL: int(m.TTL / time.Second), Urgency: urgency,
			VAPIDPublicKey: s.public, VAPIDPrivateKey: s.private, RecordSize: MaxPayload + 128})
	if err != nil {
		return err
	}
	_, _ = io.CopyN(io.Discard, res.Body, 4096)
	_ = res.Body.Close()
	return outcome(res)
}

// outcome reads what a service answered.
func outcome(res *http.Response) error {
	switch code := res.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusNotFound, code == http.StatusGone:
		return ErrGone
	case code == http.StatusTooManyRequests, code >= 500:
		seconds, _ := strconv.Atoi(res.Header.Get("Retry-After"))
		return &RefusedError{Status: code, After: time.Duration(max(0, min(seconds, 3600))) * time.Second}
	default:
		return &RefusedError{Status: code, Permanent: true}
	}
}
