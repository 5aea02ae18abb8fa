// Package peer carries sealed messages between the processes of one site.
//
// A message is a POST to /internal/lanes/{lane} of the other's address. Request and answer are sealed with AES-256-GCM
// under a key that only processes with the site's secret have; a request is bound to its lane and its time, and an answer
// to its request. A request that is older than [MaxAge], or that was seen before, is refused.
//
// Most callers need three functions: [New], [Link].Send and [Link].Answer.
package peer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// Path is where messages for a lane are posted.
func Path(lane int) string { return fmt.Sprintf("/internal/lanes/%d", lane) }

// Bounds on one exchange.
const (
	MaxAge  = 5 * time.Second
	dialFor = 500 * time.Millisecond
	maxBody = 8 << 20 // bytes
)

// ErrAway says that nobody listens at the address: nothing was delivered.
var ErrAway = errors.New("peer: nobody listens there")

// Link sends and answers messages. Make one with New.
type Link struct {
	// Trace names the trace that a message belongs to, as W3C's traceparent does; nil or empty: none. It goes unsealed.
	Trace func(ctx context.Context) string

	sealer *sealer
	client *http.Client
}

// New makes a link from a key of 32 bytes. clock is this machine's time.
func New(key []byte, clock func() time.Time) *Link {
	dialer := net.Dialer{Timeout: dialFor, KeepAlive: 5 * time.Second}
	transport := &http.Transport{DialContext: dialer.DialContext, MaxIdleConnsPerHost: 16, IdleConnTimeout: 30 * time.Second,
		DisableCompression: true, ResponseHeaderTimeout: 10 * time.Second}
	return &Link{sealer: newSealer(key, clock),
		client: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Send gives a message to the process at an address (host:port) and answers what it answered. ErrAway: nothing was
// delivered; any other error: nobody knows.
func (l *Link) Send(ctx context.Context, address string, lane int, body []byte) ([]byte, error) {
	sealed, nonce := l.sealer.request(lane, body)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+Path(lane), bytes.NewReader(sealed))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAway, err)
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	if l.Trace != nil {
		if name := l.Trace(ctx); name != "" {
			req.Header.Set("Traceparent", name)
		}
	}
	res, err := l.client.Do(req)
	if err != nil {
		if errors.Is(err, syscall.ECONNREFUSED) {
			return nil, fmt.Errorf("%w: %w", ErrAway, err)
		}
		return nil, fmt.Errorf("peer %s: %w", address, err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("peer %s: %w", address, err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("peer %s: status %d", address, res.StatusCode)
	}
	return l.sealer.openAnswer(lane, nonce, raw)
}

// Answer opens a request for a lane, lets decide answer it and seals that. ErrSeal where it was not made by a process of
// this site for this lane a moment ago, or was seen before.
func (l *Link) Answer(lane int, sealed []byte, decide func(body []byte) ([]byte, error)) ([]byte, error) {
	body, nonce, err := l.sealer.openRequest(lane, sealed)
	if err != nil {
		return nil, err
	}
	answer, err := decide(body)
	if err != nil {
		return nil, err
	}
	return l.sealer.answer(lane, nonce, answer), nil
}
