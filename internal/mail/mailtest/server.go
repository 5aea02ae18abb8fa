package mailtest

import (
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"

	gosmtp "github.com/emersion/go-smtp"
)

// Server is a real SMTP server that keeps what it receives, for tests of a whole site.
type Server struct {
	Addr string

	mu      sync.Mutex
	live    *gosmtp.Server // nil: down
	refuses map[string]*gosmtp.SMTPError
	letters []Received
}

// Received is a letter as a mail program reads it.
type Received struct {
	To         string // of the envelope
	Header     netmail.Header
	Subject    string
	Text, HTML string
}

// Listen starts a server on a free port; it ends with the test.
func Listen(t testing.TB) *Server {
	t.Helper()
	s := &Server{Addr: "127.0.0.1:0", refuses: map[string]*gosmtp.SMTPError{}}
	s.Up(t)
	t.Cleanup(s.Down)
	return s
}

// Up starts the server, after Down on the same port.
func (s *Server) Up(t testing.TB) {
	t.Helper()
	l, err := net.Listen("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	g := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) { return &session{server: s}, nil }))
	g.Domain, g.EnableSMTPUTF8 = "localhost", true
	s.mu.Lock()
	s.Addr, s.live = l.Addr().String(), g
	s.mu.Unlock()
	go func() { _ = g.Serve(l) }()
}

// Down ends the server: connections are refused.
func (s *Server) Down() {
	s.mu.Lock()
	g := s.live
	s.live = nil
	s.mu.Unlock()
	if g != nil {
		_ = g.Close()
	}
}

// Refuse makes the server refuse an address with a code from now on.
func (s *Server) Refuse(address string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuses[address] = &gosmtp.SMTPError{Code: code, Message: "no"}
}

// Letters lists what arrived, oldest first.
func (s *Server) Letters() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.letters...)
}

type session struct {
	server *Server
	to     string
}

func (s *session) Reset() { s.to = "" }

func (s *session) Logout() error { return nil }

func (s *session) Mail(string, *gosmtp.MailOptions) error { return nil }

func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if no := s.server.refuses[to]; no != nil {
		return no
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	got, err := read(r)
	if err != nil {
		return &gosmtp.SMTPError{Code: 554, Message: err.Error()}
	}
	got.To = s.to
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.letters = append(s.server.letters, got)
	return nil
}

// read reads a letter as a mail program does.
func read(r io.Reader) (got Received, err error) {
	msg, err := netmail.ReadMessage(r)
	if err != nil {
		return got, err
	}
	got.Header = msg.Header
	if got.Subject, err = new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); err != nil {
		return got, err
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		return got, err
	}
	if kind == "text/plain" {
		got.Text, err = text(quotedprintable.NewReader(msg.Body))
		return got, err
	}
	for parts := multipart.NewReader(msg.Body, params["boundary"]); ; {
		p, err := parts.NextPart() // decodes quoted-printable
		if err == io.EOF {
			return got, nil
		}
		if err != nil {
			return got, err
		}
		body, err := text(p)
		if err != nil {
			return got, err
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			got.HTML = body
		} else {
			got.Text = body
		}
	}
}

func text(r io.Reader) (string, error) {
	b, err := io.ReadAll(r)
	return strings.ReplaceAll(string(b), "\r\n", "\n"), err
}
