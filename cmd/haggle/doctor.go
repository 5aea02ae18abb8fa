package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"haggle/internal/config"
	"haggle/internal/deal"
	"haggle/internal/deal/registry"
	"haggle/internal/engine"
	"haggle/internal/identity"
	"haggle/internal/mail/smtp"
	"haggle/internal/redisconn"
	"haggle/internal/search/meili"
)

// doctor looks at everything a site needs and changes nothing, beside a running server.
type doctor struct {
	Logs bool `help:"Verify the log of every deal, too."`
	config.Site
}

// finding is one thing that was looked at.
type finding struct {
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	Note string `json:"note"`
}

// findings are all of them.
type findings struct {
	OK     bool      `json:"ok"`
	Checks []finding `json:"checks"`
}

func (f findings) String() string {
	var b strings.Builder
	for i, c := range f.Checks {
		if i > 0 {
			b.WriteByte('\n')
		}
		mark := "ok   "
		if !c.OK {
			mark = "WRONG"
		}
		fmt.Fprintf(&b, "%s  %-8s %s", mark, c.Name, c.Note)
	}
	return b.String()
}

func (f *findings) add(name, note string, err error) {
	if err != nil {
		note = err.Error()
	}
	f.Checks = append(f.Checks, finding{Name: name, OK: err == nil, Note: note})
	f.OK = f.OK && err == nil
}

// probeFor bounds each look at another server.
const probeFor = 5 * time.Second

// Run looks at everything, whatever it found before.
func (c *doctor) Run(ctx context.Context, t *terminal) error {
	f := findings{OK: true}
	b, err := openBooks(ctx, &c.Site, c.Logger())
	switch {
	case err == nil:
		defer b.close()
		f.add("store", b.store.Name()+" answers, made for "+b.site.Currency, c.sameCurrency(b))
		c.lookIntoStore(ctx, b, &f)
	default:
		f.add("store", "", err)
	}
	f.add("redis", orEmbedded(c.Redis, "answers"), c.lookAtRedis(ctx))
	f.add("search", orEmbedded(c.Meili, "is whole"), c.lookAtSearch(ctx))
	f.add("mail", c.mailNote(), c.lookAtMail())
	return t.verdict(f, f.OK)
}

func (c *doctor) lookIntoStore(ctx context.Context, b *books, f *findings) {
	watch := clockWatch{store: b.store}
	f.add("clock", "agrees with the database's", errors.Join(watch.compare(ctx), watch.check(ctx)))
	f.add("secret", "signs the logs since "+deal.FormatTime(b.site.From), c.sameKey(b))
	found, err := b.audit(ctx)
	if err == nil && !found.OK {
		err = errors.New(found.String())
	}
	f.add("books", found.String(), err)
	if c.Logs {
		n, err := b.verifyLogs(ctx)
		f.add("logs", fmt.Sprintf("%d are sound", n), err)
	}
}

func (c *doctor) sameCurrency(b *books) error {
	if os.Getenv("HAGGLE_CURRENCY") != "" && c.Currency != b.site.Currency {
		return fmt.Errorf("the store was made for %s, HAGGLE_CURRENCY says %s", b.site.Currency, c.Currency)
	}
	return nil
}

// sameKey says whether the secret that is set is the one that signed the logs last. A secret is not made.
func (c *doctor) sameKey(b *books) error {
	secret, err := identity.NewSecret(c.Secret)
	if c.Secret == "" {
		if _, err := os.Stat(c.Path("secret")); err != nil {
			return err
		}
		secret, err = identity.OpenSecret(c.Data)
	}
	if err != nil {
		return err
	}
	public := secret.LogKey()[32:]
	if hex.EncodeToString(public) != b.site.LogKey {
		return errors.New("this secret is not the one that signed the logs")
	}
	return nil
}

// verifyLogs verifies every log and counts them; the error names the first wrong one.
func (b *books) verifyLogs(ctx context.Context) (n int, err error) {
	reg := registry.All()
	err = b.engine.EachDeal(ctx, func(d engine.Deal) error {
		var log bytes.Buffer
		if err := b.engine.WriteLog(ctx, d.ID, -1, &log); err != nil {
			return err
		}
		if _, err := deal.Verify(&log, reg); err != nil {
			return fmt.Errorf("log of deal %s: %w", d.ID, err)
		}
		n++
		return nil
	})
	return n, err
}

func orEmbedded(address, note string) string {
	if address == "" {
		return "embedded"
	}
	return note
}

func (c *doctor) lookAtRedis(ctx context.Context) error {
	if c.Redis == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, probeFor)
	defer cancel()
	conn, err := redisconn.Open(ctx, c.Redis)
	if err != nil {
		return errors.New("does not answer")
	}
	return conn.Close()
}

func (c *doctor) lookAtSearch(ctx context.Context) error {
	if c.Meili == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, probeFor)
	defer cancel()
	return meili.New(c.Meili, c.MeiliKey, indexName).Ready(ctx)
}

func (c *doctor) mailNote() string {
	if c.Mail == "dev" {
		return "stays here, at /dev/mail"
	}
	return "has a server"
}

func (c *doctor) lookAtMail() error {
	if c.Mail == "dev" {
		return nil
	}
	_, err := smtp.Open(c.Mail, c.MailFrom)
	return err
}
