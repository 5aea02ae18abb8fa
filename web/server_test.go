package web

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/fault"
	"haggle/internal/mail"
	"haggle/internal/mail/devbox"
	"haggle/web/api"
)

// broken is a market of which one page fails.
type broken struct {
	fake
	how func() error
}

func (b *broken) OpenPhoto(context.Context, string, string) (io.ReadCloser, string, int64, error) {
	return nil, "", 0, b.how()
}

// assembled is a server over a fake market, and what it logs.
func assembled(t *testing.T, change func(*ServerConfig)) (*Server, *bytes.Buffer) {
	t.Helper()
	var log bytes.Buffer
	cfg := ServerConfig{Pages: Deps{Market: &fake{}, URL: "http://haggle.example", FormKey: make([]byte, 32)}, API: api.Deps{}, Health: NewHealth(),
		Letters: devbox.New(nil), Logger: slog.New(slog.NewTextHandler(&log, nil))}
	if change != nil {
		change(&cfg)
	}
	return NewServer(cfg), &log
}

func ask(t *testing.T, s *Server, method, path string, change func(*http.Request)) (*http.Response, string) {
	t.Helper()
	req := httptest.NewRequest(method, path, nil)
	if change != nil {
		change(req)
	}
	resp, err := s.app.Test(req, 5000)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, string(body)
}

func TestWhatNobodyAnswers(t *testing.T) {
	s, _ := assembled(t, nil)
	for _, c := range []struct {
		method, path string
		status       int
		code         string // of a problem; empty: a page
		allow        string
	}{
		{"GET", "/api/v1/nothing", 404, "not_found", ""},
		{"GET", "/api/v2", 404, "not_found", ""},
		{"DELETE", "/api/v1/site", 405, "method_not_allowed", "GET"},
		{"PUT", "/api/v1/deals/x", 405, "method_not_allowed", "GET"},
		{"GET", "/api/v1/listings/x/bids", 405, "method_not_allowed", "POST"},
		{"GET", "/nothing", 404, "", ""},
		{"DELETE", "/search", 405, "", "GET"},
		{"POST", "/healthz", 405, "", "GET"},
	} {
		resp, body := ask(t, s, c.method, c.path, nil)
		if resp.StatusCode != c.status || !strings.Contains(resp.Header.Get("Allow"), c.allow) {
			t.Errorf("%s %s: %d, Allow %q", c.method, c.path, resp.StatusCode, resp.Header.Get("Allow"))
		}
		if c.code == "" {
			if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") || !strings.Contains(body, "<html lang=") {
				t.Errorf("%s %s answers no page: %.100s", c.method, c.path, body)
			}
			continue
		}
		var p api.Problem
		if err := json.Unmarshal([]byte(body), &p); err != nil || p.Code != c.code || p.Status != c.status || resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s %s: %q, %v", c.method, c.path, body, err)
		}
	}
}

func TestABodyOverTheLimit(t *testing.T) {
	for path, want := range map[string]string{"/api/v1/photos": `"code":"too_large"`, "/wallet/deposits": "<html lang="} {
		s, _ := assembled(t, nil)
		status, body := announce(t, s, path, maxRequest+1)
		if status != 413 || !strings.Contains(body, want) {
			t.Errorf("%s: %d, %.200s", path, status, body)
		}
	}
}

func TestARequestThatIsNoneIsQuiet(t *testing.T) {
	s, log := assembled(t, nil)
	long := "GET / HTTP/1.1\r\nHost: haggle.example\r\nX-Long: " + strings.Repeat("x", 20_000) + "\r\n\r\n"
	if status, body := raw(t, s, long); status != 431 || !strings.Contains(body, `"status":431`) {
		t.Errorf("headers that are too long: %d, %s", status, body)
	}
	if log.Len() > 0 {
		t.Errorf("a client fills the log: %s", log)
	}
}

// announce begins a request with a body of a size and reads the answer, without sending the body.
func announce(t *testing.T, s *Server, path string, size int) (status int, body string) {
	t.Helper()
	return raw(t, s, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: haggle.example\r\nContent-Length: %d\r\n\r\n", path, size))
}

// raw sends bytes to a served server and reads an answer.
func raw(t *testing.T, s *Server, request string) (status int, body string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	defer func() {
		if err := errors.Join(s.Shutdown(t.Context()), <-served); err != nil {
			t.Error(err)
		}
	}()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = io.WriteString(conn, request)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestWhatBreaksIsForTheLogAlone(t *testing.T) {
	for name, how := range map[string]func() error{
		"an error": func() error { return errors.New("the password of the database is hunter2") },
		"a panic":  func() error { panic("the password of the database is hunter2") },
	} {
		s, log := assembled(t, func(c *ServerConfig) { c.Pages.Market = &broken{how: how} })
		s.app.Get("/api/v1/boom", func(*fiber.Ctx) error { return how() })
		for _, path := range []string{"/photos/x/full.jpg", "/api/v1/boom"} {
			log.Reset()
			resp, body := ask(t, s, "GET", path, nil)
			if resp.StatusCode != 500 || strings.Contains(body, "hunter2") {
				t.Errorf("%s at %s: %d, %s", name, path, resp.StatusCode, body)
			}
			id := loggedID(log.String())
			if id == "" || !strings.Contains(body, id) || !strings.Contains(log.String(), "hunter2") {
				t.Errorf("%s at %s: the id %q does not lead from the answer to the log %q", name, path, id, log.String())
			}
		}
	}
}

func loggedID(line string) string {
	_, rest, _ := strings.Cut(line, " id=")
	id, _, _ := strings.Cut(rest, " ")
	return id
}

func TestWritesAreRefusedWhileTheProcessMustNotDecide(t *testing.T) {
	s, _ := assembled(t, func(c *ServerConfig) {
		c.Writable = func() error { return fault.New(fault.CodeUnavailable, fault.Params{"retryAfter": int64(10)}) }
	})
	if resp, _ := ask(t, s, "POST", "/api/v1/accounts", nil); resp.StatusCode != 503 || resp.Header.Get("Retry-After") != "10" {
		t.Errorf("a write through the API: %d, Retry-After %q", resp.StatusCode, resp.Header.Get("Retry-After"))
	}
	if resp, _ := ask(t, s, "POST", "/sign-in", nil); resp.StatusCode != 503 {
		t.Errorf("a write through a page: %d", resp.StatusCode)
	}
	if resp, _ := ask(t, s, "GET", "/sign-in", nil); resp.StatusCode != 200 {
		t.Errorf("a read: %d", resp.StatusCode)
	}
}

func TestEveryAnswerIsHardened(t *testing.T) {
	s, _ := assembled(t, nil)
	for _, path := range []string{"/", "/api/v1/nothing", "/healthz", "/api/docs", "/dev/mail", "/nothing"} {
		resp, _ := ask(t, s, "GET", path, nil)
		h := resp.Header
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" || h.Get("X-Request-Id") == "" ||
			!strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || strings.Contains(h.Get("Content-Security-Policy"), "unsafe") {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestAnswersArePacked(t *testing.T) {
	s, _ := assembled(t, nil)
	for path, want := range map[string]string{"/": "br", "/api/docs": "br", "/healthz": "", "/photos/x/full.jpg": ""} {
		resp, _ := ask(t, s, "GET", path, func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip, br") })
		if got := resp.Header.Get("Content-Encoding"); got != want {
			t.Errorf("%s is packed as %q, want %q", path, got, want)
		}
	}
}

func TestTheDocsListEveryOperationAndRefusal(t *testing.T) {
	s, _ := assembled(t, nil)
	_, page := ask(t, s, "GET", "/api/docs", nil)
	_, raw := ask(t, s, "GET", "/api/v1/openapi.json", nil)
	var doc struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal([]byte(raw), &doc); err != nil || len(doc.Paths) < 20 {
		t.Fatalf("%d paths, %v", len(doc.Paths), err)
	}
	for path, methods := range doc.Paths {
		for method := range methods {
			if !strings.Contains(page, "<code>"+strings.ToUpper(method)+" "+path+"</code>") {
				t.Errorf("the page lacks %s %s", method, path)
			}
		}
	}
	for _, m := range fault.Table() {
		if !strings.Contains(page, `id="`+string(m.Code)+`"`) {
			t.Errorf("the page lacks the refusal %s", m.Code)
		}
	}
}

func TestLettersAreShownAsText(t *testing.T) {
	box := devbox.New(nil)
	s, _ := assembled(t, func(c *ServerConfig) { c.Letters = box })
	letter := mail.Message{ID: "1", To: "a@example.org", Subject: "You won", Text: "<script>alert(1)</script>", Locale: "en"}
	if err := box.Send(t.Context(), letter); err != nil {
		t.Fatal(err)
	}
	if _, body := ask(t, s, "GET", "/dev/mail", nil); !strings.Contains(body, "You won") || strings.Contains(body, "<script>") {
		t.Errorf("%s", body)
	}
	s, _ = assembled(t, func(c *ServerConfig) { c.Letters = nil })
	if resp, _ := ask(t, s, "GET", "/dev/mail", nil); resp.StatusCode != 404 {
		t.Errorf("a site with a mail server shows mail: %d", resp.StatusCode)
	}
}
