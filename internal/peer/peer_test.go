package peer

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var key = bytes.Repeat([]byte{7}, 32)

// capitals answers a message with itself in capitals.
func capitals(body []byte) ([]byte, error) { return bytes.ToUpper(body), nil }

// process listens for messages and gives each, as it comes, to answer.
func process(t *testing.T, answer func(lane int, sealed []byte) ([]byte, error)) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		lane, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/internal/lanes/"))
		raw, _ := io.ReadAll(r.Body)
		if err != nil {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		out, err := answer(lane, raw)
		if err != nil {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		_, _ = w.Write(out)
	}))
	t.Cleanup(server.Close)
	return server
}

func TestAMessageIsAnswered(t *testing.T) {
	l, to := New(key, time.Now), New(key, time.Now)
	var traffic bytes.Buffer
	server := process(t, func(lane int, sealed []byte) ([]byte, error) {
		out, err := to.Answer(lane, sealed, capitals)
		traffic.Write(sealed)
		traffic.Write(out)
		return out, err
	})
	address := server.Listener.Addr().String()
	for range 3 {
		got, err := l.Send(t.Context(), address, 2, []byte("the maximum is 123456789"))
		if err != nil || string(got) != "THE MAXIMUM IS 123456789" {
			t.Fatalf("answered %q, %v", got, err)
		}
	}
	if b := traffic.Bytes(); bytes.Contains(b, []byte("123456789")) || bytes.Contains(bytes.ToLower(b), []byte("maximum")) {
		t.Error("the wire shows what was said")
	}
}

func TestWhoIsAwayIsToldFromWhoDoesNotAnswer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := New(key, time.Now)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := l.Send(ctx, listener.Addr().String(), 0, nil); err == nil || errors.Is(err, ErrAway) {
		t.Errorf("who listens and says nothing: %v", err)
	}
	_ = listener.Close()
	if _, err := l.Send(t.Context(), listener.Addr().String(), 0, nil); !errors.Is(err, ErrAway) {
		t.Errorf("who does not listen: %v", err)
	}
}

// TestAMessageIsSentOnce: one whose answer was lost is not sent again, and who was left is not taken for one who never
// listened; who comes back at his address is heard at once.
func TestAMessageIsSentOnce(t *testing.T) {
	var came, mute atomic.Int64
	l, to := New(key, time.Now), New(key, time.Now)
	server := process(t, func(lane int, sealed []byte) ([]byte, error) {
		came.Add(1)
		if mute.Add(-1) >= 0 {
			panic(http.ErrAbortHandler) // the connection ends without an answer
		}
		return to.Answer(lane, sealed, capitals)
	})
	say := func() error {
		_, err := l.Send(t.Context(), server.Listener.Addr().String(), 0, []byte("hello"))
		return err
	}
	crowd := func() { // leaves several connections idle
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if err := say(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}

	crowd()
	before := came.Load()
	mute.Store(1)
	if err := say(); err == nil || errors.Is(err, ErrAway) {
		t.Errorf("without an answer: %v", err)
	}
	if n := came.Load() - before; n != 1 {
		t.Errorf("a message came %d times", n)
	}

	crowd()
	server.CloseClientConnections() // as one does who ends and begins anew
	failed := 0
	for say() != nil {
		if failed++; failed > 1 {
			t.Fatal("who came back is not heard: a connection that he had left was used again and again")
		}
	}
}

func TestMessagesThatDoNotOpen(t *testing.T) {
	now := time.Unix(1_000_000, 0)
	clock := func() time.Time { return now }
	from, to := newSealer(key, clock), newSealer(key, clock)
	fresh := func() []byte { b, _ := from.request(3, []byte("hello")); return b }
	if body, _, err := to.openRequest(3, fresh()); err != nil || string(body) != "hello" {
		t.Fatalf("as it is: %q, %v", body, err)
	}
	twice := fresh()
	if _, _, err := to.openRequest(3, twice); err != nil {
		t.Fatal(err)
	}
	late, early := fresh(), fresh()
	stranger, _ := newSealer(bytes.Repeat([]byte{8}, 32), clock).request(3, []byte("hello"))
	answer := from.answer(3, nonce{}, []byte("hello"))
	for name, c := range map[string]struct {
		sealed []byte
		lane   int
		after  time.Duration
	}{
		"seen before":      {twice, 3, 0},
		"seen a while ago": {twice, 3, MaxAge},
		"another lane":     {fresh(), 4, 0},
		"too old":          {late, 3, MaxAge + time.Millisecond},
		"from the future":  {early, 3, -MaxAge - time.Millisecond},
		"another key":      {stranger, 3, 0},
		"an answer":        {answer, 3, 0},
		"empty":            {nil, 3, 0},
		"cut":              {fresh()[:headerSize-1], 3, 0},
	} {
		began := now
		now = now.Add(c.after)
		if _, _, err := to.openRequest(c.lane, c.sealed); !errors.Is(err, ErrSeal) {
			t.Errorf("%s: %v", name, err)
		}
		now = began
	}
	whole := fresh()
	for i := range whole {
		changed := bytes.Clone(whole)
		changed[i] ^= 1
		if _, _, err := to.openRequest(3, changed); !errors.Is(err, ErrSeal) {
			t.Fatalf("byte %d changed: %v", i, err)
		}
	}
	if body, _, err := to.openRequest(3, whole); err != nil || string(body) != "hello" {
		t.Errorf("after all those: %q, %v", body, err)
	}
}

func TestAnAnswerBelongsToItsRequest(t *testing.T) {
	s := newSealer(key, time.Now)
	_, one := s.request(1, nil)
	_, two := s.request(1, nil)
	a := s.answer(1, one, []byte("yes"))
	if got, err := s.openAnswer(1, one, a); err != nil || string(got) != "yes" {
		t.Errorf("its own: %q, %v", got, err)
	}
	if _, err := s.openAnswer(1, two, a); !errors.Is(err, ErrSeal) {
		t.Errorf("another's: %v", err)
	}
	if _, err := s.openAnswer(2, one, a); !errors.Is(err, ErrSeal) {
		t.Errorf("another lane's: %v", err)
	}
}

// TestNoncesAreForgotten: what is too old to be taken need not be remembered.
func TestNoncesAreForgotten(t *testing.T) {
	var s seen
	now := time.Unix(1000, 0)
	for i := range 10_000 {
		var n nonce
		n[0], n[1] = byte(i), byte(i>>8)
		if !s.first(n, now) || s.first(n, now) {
			t.Fatal("first is not first, or second is")
		}
		now = now.Add(10 * time.Millisecond)
	}
	if n := len(s.now) + len(s.old); n > 2100 {
		t.Errorf("%d nonces are remembered", n)
	}
}
