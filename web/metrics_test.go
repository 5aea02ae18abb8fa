package web

import (
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v2"
)

// from is a connection that says it comes from somewhere.
type from struct {
	net.Listener
	addr net.Addr
}

type fromConn struct {
	net.Conn
	addr net.Addr
}

func (c fromConn) RemoteAddr() net.Addr { return c.addr }

func (l from) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	return fromConn{c, l.addr}, err
}

func TestWhoReadsTheMetrics(t *testing.T) {
	here, far := net.IPv4(127, 0, 0, 1), net.IPv4(203, 0, 113, 7)
	for _, c := range []struct {
		token  string
		from   net.IP
		header [2]string
		want   int
	}{
		{"", here, [2]string{}, 200},
		{"", far, [2]string{}, 404},
		{"", here, [2]string{"X-Forwarded-For", "203.0.113.7"}, 404},
		{"", here, [2]string{"Forwarded", "for=203.0.113.7"}, 404},
		{"", far, [2]string{"Authorization", "Bearer "}, 404},
		{"a long token", here, [2]string{}, 404},
		{"a long token", far, [2]string{"Authorization", "Bearer a long token"}, 200},
		{"a long token", far, [2]string{"Authorization", "Bearer a long tokem"}, 404},
		{"a long token", far, [2]string{"Authorization", "a long token"}, 404},
	} {
		app := fiber.New(fiber.Config{DisableStartupMessage: true, ErrorHandler: func(c *fiber.Ctx, _ error) error { return c.SendStatus(404) }})
		mountMetrics(app, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "numbers") }), c.token)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() { _ = app.Listener(from{l, &net.TCPAddr{IP: c.from, Port: 9}}) }()
		req, _ := http.NewRequest("GET", "http://"+l.Addr().String()+"/metrics", nil)
		if c.header[0] != "" {
			req.Header.Set(c.header[0], c.header[1])
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != c.want || (res.StatusCode == 200) != (string(body) == "numbers") {
			t.Errorf("token %q, from %s, %v: %d %s, want %d", c.token, c.from, c.header, res.StatusCode, body, c.want)
		}
		_ = app.Shutdown()
	}
}
