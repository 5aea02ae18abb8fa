package smtp_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"haggle/internal/mail"
	"haggle/internal/mail/mailtest"
	"haggle/internal/mail/smtp"
)

const from = "haggle <noreply@shop.example>"

func open(t *testing.T, address string) *smtp.Sender {
	t.Helper()
	s, err := smtp.Open(address, from)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSender(t *testing.T) {
	mailtest.Run(t, func(t *testing.T) mailtest.Bench {
		srv := listen(t)
		return mailtest.Bench{Sender: open(t, "smtp://"+srv.addr+"?tls=none"), Received: func() (got []mail.Message) {
			for _, r := range srv.received() {
				got = append(got, parse(t, r))
			}
			return got
		}}
	})
}

func TestHeaders(t *testing.T) {
	srv := listen(t)
	if err := open(t, "smtp://"+srv.addr+"?tls=none").Send(t.Context(), mailtest.Letter()); err != nil {
		t.Fatal(err)
	}
	got := srv.received()[0]
	if got.from != "noreply@shop.example" || got.to != "ann+shop@example.com" {
		t.Errorf("envelope %+v", got)
	}
	for _, want := range []string{
		"Message-ID: <order:d1:7@shop.example>\r\n", "Auto-Submitted: auto-generated\r\n", "From: \"haggle\" <noreply@shop.example>\r\n",
	} {
		if !strings.Contains(got.raw, want) {
			t.Errorf("%q is missing in\n%s", want, got.raw)
		}
	}
}

func TestSignsIn(t *testing.T) {
	srv := listen(t)
	if err := open(t, "smtp://shop:p%40ss%20word@"+srv.addr+"?tls=none").Send(t.Context(), mailtest.Letter()); err != nil {
		t.Fatal(err)
	}
	if got := srv.received()[0].user; got != "shop" {
		t.Errorf("signed in as %q", got)
	}
	err := open(t, "smtp://shop:wrong@"+srv.addr+"?tls=none").Send(t.Context(), mailtest.Letter())
	if err == nil || mail.Permanent(err) || strings.Contains(err.Error(), "wrong") {
		t.Errorf("a wrong password: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		rcpt, data error
		permanent  bool
	}{
		"no such person":  {rcpt: &gosmtp.SMTPError{Code: 550, Message: "no such person"}, permanent: true},
		"box is full now": {rcpt: &gosmtp.SMTPError{Code: 452, Message: "try later"}},
		"looks like spam": {data: &gosmtp.SMTPError{Code: 554, Message: "spam"}, permanent: true},
		"disk is full":    {data: &gosmtp.SMTPError{Code: 451, Message: "try later"}},
	} {
		srv := listen(t)
		srv.reply, srv.dataReply = c.rcpt, c.data
		err := open(t, "smtp://"+srv.addr+"?tls=none").Send(t.Context(), mailtest.Letter())
		if err == nil || mail.Permanent(err) != c.permanent {
			t.Errorf("%s: %v, permanent %v", name, err, mail.Permanent(err))
		}
	}
}

// A letter that was taken is sent, whatever happens to the connection then: sending it again would double it.
func TestServerHangsUpAfterwards(t *testing.T) {
	srv := listen(t)
	srv.hangsUp = true
	if err := open(t, "smtp://"+srv.addr+"?tls=none").Send(t.Context(), mailtest.Letter()); err != nil {
		t.Error(err)
	}
	if got := srv.received(); len(got) != 1 {
		t.Errorf("received %d letters", len(got))
	}
}

func TestTLSIsNotGivenUp(t *testing.T) {
	srv := listen(t) // has no certificate
	for _, scheme := range []string{"smtp://", "smtps://"} {
		if err := open(t, scheme+srv.addr).Send(t.Context(), mailtest.Letter()); err == nil || mail.Permanent(err) {
			t.Errorf("%s: %v", scheme, err)
		}
	}
	if got := srv.received(); len(got) != 0 {
		t.Errorf("sent in the clear: %+v", got)
	}
}

func TestSilentServerHoldsNobodyUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := open(t, "smtp://"+l.Addr().String()+"?tls=none").Send(ctx, mailtest.Letter()); err == nil {
		t.Error("sent")
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestAddressesAreChecked(t *testing.T) {
	for _, address := range []string{"", "mail.example.org", "http://mail.example.org", "smtp://x?tls=maybe", "smtps://x?tls=none", "smtp://u:geheim@x:port"} {
		if _, err := smtp.Open(address, from); err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := smtp.Open("smtp://x", "nobody"); err == nil {
		t.Error("a sender without an address was taken")
	}
}

// Addresses of other scripts: a domain goes as its ASCII form, a name before the @ as it is, to a server that takes such.
func TestAddressesInOtherScripts(t *testing.T) {
	post := mailtest.Listen(t)
	s := open(t, "smtp://"+post.Addr+"?tls=none")
	for _, address := range []string{"ann@xn--bcher-kva.example", "林玫@example.com"} {
		m := mailtest.Letter()
		m.To = address
		if err := s.Send(t.Context(), m); err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if got := post.Letters(); got[len(got)-1].To != address || got[len(got)-1].Subject != m.Subject {
			t.Errorf("%s: arrived %+v", address, got[len(got)-1])
		}
	}
}
