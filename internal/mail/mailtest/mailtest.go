// Package mailtest is the conformance suite of mail engines: what mail.Sender promises, run over every engine.
package mailtest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"haggle/internal/mail"
)

// Bench is an engine to test and a way to read what arrived, oldest first.
type Bench struct {
	Sender   mail.Sender
	Received func() []mail.Message
}

// Letter is one that every engine takes.
func Letter() mail.Message {
	return mail.Message{
		ID: "order:d1:7", To: "ann+shop@example.com", Locale: "zh-TW",
		Subject: "您的出價已被超越 — “Grüße” 100%",
		Text:    "第一行\n.\nFrom the second line: =3D " + strings.Repeat("長", 400) + "\n",
		HTML:    "<p>第一行 &amp; <b>bold</b></p>\n",

		Unsubscribe: "https://shop.example/mail/off?kind=outbid&sig=" + strings.Repeat("s", 90),
	}
}

// Run checks every promise. open is called once a test.
func Run(t *testing.T, open func(t *testing.T) Bench) {
	t.Run("arrives as it was sent", func(t *testing.T) { arrives(t, open(t)) })
	t.Run("plain text alone", func(t *testing.T) { plain(t, open(t)) })
	t.Run("wrong letters are refused for good", func(t *testing.T) { refuses(t, open(t)) })
	t.Run("an ended context sends nothing", func(t *testing.T) { cancelled(t, open(t)) })
}

func arrives(t *testing.T, b Bench) {
	want := Letter()
	if err := b.Sender.Send(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got := b.Received()
	if len(got) != 1 || got[0] != want {
		t.Errorf("received %+v\nwant %+v", got, want)
	}
}

func plain(t *testing.T, b Bench) {
	want := Letter()
	want.HTML, want.Locale, want.Unsubscribe = "", "", ""
	if err := b.Sender.Send(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	if got := b.Received(); len(got) != 1 || got[0] != want {
		t.Errorf("received %+v", got)
	}
}

func refuses(t *testing.T, b Bench) {
	for name, change := range map[string]func(*mail.Message){
		"no id":              func(m *mail.Message) { m.ID = "" },
		"id breaks a line":   func(m *mail.Message) { m.ID = "a\r\nBcc: x@example.com" },
		"no address":         func(m *mail.Message) { m.To = "" },
		"no real address":    func(m *mail.Message) { m.To = "ann" },
		"two addresses":      func(m *mail.Message) { m.To = "a@example.com, b@example.com" },
		"address with name":  func(m *mail.Message) { m.To = "Ann <a@example.com>" },
		"no subject":         func(m *mail.Message) { m.Subject = "" },
		"subject breaks":     func(m *mail.Message) { m.Subject = "a\r\nBcc: x@example.com" },
		"no text":            func(m *mail.Message) { m.Text = "" },
		"unsubscribe breaks": func(m *mail.Message) { m.Unsubscribe = "https://a.example/\r\nBcc: x@example.com" },
		"unsubscribe closes": func(m *mail.Message) { m.Unsubscribe = "https://a.example/>, <mailto:x@example.com" },
		"unsubscribe script": func(m *mail.Message) { m.Unsubscribe = "javascript:alert(1)" },
		"text is not UTF-8":  func(m *mail.Message) { m.Text = "\xff\xfe" },
		"body beyond bounds": func(m *mail.Message) { m.HTML = strings.Repeat("x", 2<<20) },
	} {
		m := Letter()
		change(&m)
		if err := b.Sender.Send(t.Context(), m); !mail.Permanent(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := b.Received(); len(got) != 0 {
		t.Errorf("received %+v", got)
	}
}

func cancelled(t *testing.T, b Bench) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := b.Sender.Send(ctx, Letter()); !errors.Is(err, context.Canceled) || mail.Permanent(err) {
		t.Errorf("got %v", err)
	}
	if got := b.Received(); len(got) != 0 {
		t.Errorf("received %+v", got)
	}
}
