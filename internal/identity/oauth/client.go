package oauth

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	answerWithin = 10 * time.Second // each request to a provider
	maxAnswer    = 1 << 20          // bytes of an answer
)

// newClient bounds time and size of what a provider answers. Redirects are not followed: a code or a secret goes where it
// was meant to go.
func newClient(transport http.RoundTripper) *http.Client {
	if transport == nil {
		transport = http.DefaultTransport
	}
	return &http.Client{Transport: bounded{transport}, Timeout: answerWithin,
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("the provider redirects a request of ours")
		}}
}

// bounded cuts off what is too long.
type bounded struct{ next http.RoundTripper }

// RoundTrip sends a request; its answer ends after maxAnswer.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, maxAnswer), res.Body}
	return res, nil
}

// proving adds the verifier to the exchange of a code, for providers of goth that do not know PKCE.
type proving struct {
	next     http.RoundTripper
	verifier string
}

// RoundTrip adds the verifier to a form that exchanges a code; anything else passes as it is.
func (p proving) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPost || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return p.next.RoundTrip(r)
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	_ = r.Body.Close()
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, fmt.Errorf("oauth: a form of ours: %w", err)
	}
	form.Set("code_verifier", p.verifier)
	sent := r.Clone(r.Context())
	text := []byte(form.Encode())
	sent.Body, sent.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	sent.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	return p.next.RoundTrip(sent)
}
