package smtp_test

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

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"

	"haggle/internal/mail"
)

// server is a real SMTP server that keeps what it receives.
type server struct {
	addr      string
	reply     error // to RCPT, when set
	dataReply error // to the end of DATA, when set
	hangsUp   bool  // as soon as it took a letter

	mu      sync.Mutex
	letters []received
}

type received struct {
	from, to, user string
	raw            string
}

func listen(t *testing.T) *server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &server{addr: l.Addr().String()}
	g := gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) {
		return &session{server: s, conn: c.Conn()}, nil
	}))
	g.Domain, g.AllowInsecureAuth = "localhost", true
	go func() { _ = g.Serve(l) }()
	t.Cleanup(func() { _ = g.Close() })
	return s
}

type session struct {
	server *server
	conn   net.Conn
	cur    received
}

func (s *session) Reset() {
	if s.server.hangsUp && s.cur.raw != "" {
		_ = s.conn.Close()
	}
	s.cur = received{user: s.cur.user}
}

func (s *session) Logout() error { return nil }

func (s *session) Mail(from string, _ *gosmtp.MailOptions) error { s.cur.from = from; return nil }

func (s *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	s.cur.to = to
	return s.server.reply
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err == nil {
		err = s.server.dataReply
	}
	if err != nil {
		return err
	}
	s.cur.raw = string(raw)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.letters = append(s.server.letters, s.cur)
	return nil
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "shop" || password != "p@ss word" {
			return gosmtp.ErrAuthFailed
		}
		s.cur.user = user
		return nil
	}), nil
}

func (s *server) received() []received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]received(nil), s.letters...)
}

// parse reads a letter back as a mail program would.
func parse(t *testing.T, r received) mail.Message {
	t.Helper()
	msg, err := netmail.ReadMessage(strings.NewReader(r.raw))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(msg.Header.Get("Message-ID"), "<"), "@")
	m := mail.Message{ID: id, To: r.to, Subject: subject, Locale: msg.Header.Get("Content-Language"),
		Unsubscribe: strings.Trim(msg.Header.Get("List-Unsubscribe"), "<>")}
	if oneClick := msg.Header.Get("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"; oneClick != (m.Unsubscribe != "") {
		t.Errorf("one click: %v", oneClick)
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if kind == "text/plain" {
		m.Text = text(t, quotedprintable.NewReader(msg.Body))
		return m
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	m.Text, m.HTML = part(t, parts, "text/plain"), part(t, parts, "text/html")
	return m
}

func part(t *testing.T, parts *multipart.Reader, kind string) string {
	t.Helper()
	p, err := parts.NextPart() // decodes quoted-printable
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Header.Get("Content-Type"); !strings.HasPrefix(got, kind) {
		t.Errorf("a part is %s, want %s", got, kind)
	}
	return text(t, p)
}

func text(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), "\r\n", "\n")
}
