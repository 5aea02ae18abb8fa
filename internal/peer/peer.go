// Package peer carries sealed messages between the processes of one site.
//
// A message is a POST to /internal/lanes/{lane} of the other's address. Request and answer are sealed with AES-256-GCM
// under a key that only processes with the site's secret have; a request is bound to its lane and its time, and an answer
// to its request. A request that is older than [MaxAge], or that was seen before, is refused.
//
// Most callers need three functions: [New], [Link].Send and [Link].Answer.
package peer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

// Path is where messages for a lane are posted.
func Path(lane int) string { return fmt.Sprintf("/internal/lanes/%d", lane) }

// Bounds on one exchange.
const (
	MaxAge    = 5 * time.Second
	dialFor   = 500 * time.Millisecond
	answerFor = 10 * time.Second // where the caller sets no bound
	maxBody   = 8 << 20          // bytes
)

// ErrAway says that nobody listens at the address: nothing was delivered.
var ErrAway = errors.New("peer: nobody listens there")

// Link sends and answers messages. Make one with New.
type Link struct {
	// Trace names the trace that a message belongs to, as W3C's traceparent does; nil or empty: none. It goes unsealed.
	Trace func(ctx context.Context) string

	sealer *sealer
	client *fasthttp.Client
}

// New makes a link from a key of 32 bytes. clock is this machine's time.
func New(key []byte, clock func() time.Time) *Link {
	dialer := net.Dialer{Timeout: dialFor, KeepAlive: 5 * time.Second}
	return &Link{sealer: newSealer(key, clock), client: &fasthttp.Client{
		Dial:                func(address string) (net.Conn, error) { return dialer.Dial("tcp", address) },
		MaxIdleConnDuration: 30 * time.Second, // less than a server waits for the next request
		MaxResponseBodySize: maxBody,
	}}
}

// Send gives a message to the process at an address (host:port) and answers what it answered. It waits until the deadline
// of ctx, not for its end. ErrAway: nothing was delivered; any other error: nobody knows.
func (l *Link) Send(ctx context.Context, address string, lane int, body []byte) ([]byte, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAway, err)
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("peer %s: %w", address, err)
	}
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(answerFor)
	}
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	sealed, nonce := l.sealer.request(lane, body)
	req.Header.SetMethod(fasthttp.MethodPost)
	req.SetRequestURI("http://" + address + Path(lane))
	req.Header.SetContentType("application/octet-stream")
	req.SetBodyRaw(sealed)
	if l.Trace != nil {
		if name := l.Trace(ctx); name != "" {
			req.Header.Set("Traceparent", name)
		}
	}
	switch err := l.client.DoDeadline(req, res, deadline); {
	case errors.Is(err, syscall.ECONNREFUSED):
		return nil, fmt.Errorf("%w: %w", ErrAway, err)
	case err != nil: // never sent again from here: it may have been decided
		l.client.CloseIdleConnections() // who began anew at his address has left them all
		return nil, fmt.Errorf("peer %s: %w", address, err)
	case res.StatusCode() != fasthttp.StatusOK:
		return nil, fmt.Errorf("peer %s: status %d", address, res.StatusCode())
	}
	return l.sealer.openAnswer(lane, nonce, res.Body())
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
