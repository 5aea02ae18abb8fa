// Command neighbours is, for a developer's machine, the servers that a site talks to and that no package installs: a mail
// server that prints what it gets, and an OpenID Connect provider to sign in with (test-user@localhost, password verysecure).
//
//	go run ./scripts/neighbours -smtp 127.0.0.1:2525 -oidc 127.0.0.1:9998 -site http://127.0.0.1:8080
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

func main() {
	mail := flag.String("smtp", "127.0.0.1:2525", "where mail is taken")
	idp := flag.String("oidc", "127.0.0.1:9998", "where people sign in")
	site := flag.String("site", "http://127.0.0.1:8080", "where the provider's answers go")
	flag.Parse()
	failed := make(chan error, 2)
	go func() { failed <- takeMail(*mail) }()
	go func() { failed <- signIn(*idp, *site) }()
	fmt.Fprintln(os.Stderr, "neighbours:", <-failed)
	os.Exit(1)
}

// takeMail prints every letter.
func takeMail(address string) error {
	s := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return printer{}, nil }))
	s.Addr, s.Domain, s.EnableSMTPUTF8 = address, "localhost", true
	return s.ListenAndServe()
}

type printer struct{}

func (printer) Reset()                               {}
func (printer) Logout() error                        { return nil }
func (printer) Mail(string, *smtp.MailOptions) error { return nil }
func (printer) Rcpt(to string, _ *smtp.RcptOptions) error {
	fmt.Println("=== to", to)
	return nil
}

func (printer) Data(r io.Reader) error {
	_, err := io.Copy(os.Stdout, r)
	return err
}

// signIn is the provider. Its one client is a haggle at site.
func signIn(address, site string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return errors.New("-oidc: not host:port")
	}
	issuer := "http://localhost:" + port + "/"
	storage.RegisterClients(storage.WebClient("haggle", "haggle-dev-secret", site+"/sign-in/with/oidc/callback"))
	users := storage.NewStorage(storage.NewUserStore(issuer))
	server := &http.Server{Addr: address, ReadHeaderTimeout: 5 * time.Second,
		Handler: exampleop.SetupServer(issuer, users, slog.New(slog.DiscardHandler), false)}
	return server.ListenAndServe()
}
