package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"haggle/internal/blob"
	"haggle/internal/identity"
	"haggle/internal/money"
)

// Validate refuses what cannot be served, everything at once. No message repeats a secret.
func (s *Site) Validate() error {
	return errors.Join(s.checkAddresses(), s.checkAdvertise(), s.checkSecret(), s.checkTrade(), s.checkSignIns())
}

func (s *Site) checkAddresses() error {
	var errs []error
	if _, _, err := net.SplitHostPort(s.Listen); err != nil {
		errs = append(errs, fmt.Errorf("--listen: %q is not host:port", s.Listen))
	}
	if s.URL != "" && !isWeb(s.URL) {
		errs = append(errs, fmt.Errorf("--url: %q is not http(s)://host", s.URL))
	}
	for _, p := range s.Proxies {
		if !isNetwork(p) {
			errs = append(errs, fmt.Errorf("--proxies: %q is neither an address nor a network", p))
		}
	}
	if s.Mail != "dev" && !strings.HasPrefix(s.Mail, "smtp://") && !strings.HasPrefix(s.Mail, "smtps://") {
		errs = append(errs, errors.New("--mail: neither dev nor an smtp:// or smtps:// address"))
	}
	if s.Data == "" {
		errs = append(errs, errors.New("--data: a folder is required"))
	}
	if err := blob.CheckAddress(s.Photos); err != nil {
		errs = append(errs, fmt.Errorf("--photos: %w", err))
	}
	if s.Traces != "" && !isCollector(s.Traces) {
		errs = append(errs, errors.New("--traces: not http(s)://host/path"))
	}
	if s.Drain < 0 || s.Drain > time.Minute {
		errs = append(errs, errors.New("--drain: between 0s and 1m"))
	}
	return errors.Join(errs...)
}

// checkAdvertise refuses an address at which no other process could reach this one.
func (s *Site) checkAdvertise() error {
	listen, _, err := net.SplitHostPort(s.Listen)
	switch {
	case s.Embedded() || err != nil || s.Advertise == "auto":
		return nil
	case s.Advertise == "" && isEverywhere(listen):
		return fmt.Errorf("--advertise: required where --listen is %s: other processes must know at which address they reach this one", s.Listen)
	case s.Advertise == "":
		return nil
	}
	host, port, err := net.SplitHostPort(s.Advertise)
	if err != nil || isEverywhere(host) || port == "" || port == "0" {
		return fmt.Errorf("--advertise: %q is not the host:port of one machine", s.Advertise)
	}
	return nil
}

func isNetwork(s string) bool {
	_, addr := netip.ParseAddr(s)
	_, prefix := netip.ParsePrefix(s)
	return addr == nil || prefix == nil
}

func (s *Site) checkSecret() error {
	switch {
	case s.Secret == "" && !s.Embedded():
		return errors.New("--secret: required with --mongo, so that all processes share it")
	case s.Secret != "" && len(s.Secret) < identity.MinSecret:
		return fmt.Errorf("--secret: at least %d bytes", identity.MinSecret)
	}
	return nil
}

func (s *Site) checkTrade() error {
	var errs []error
	if _, err := money.Lookup(s.Currency); err != nil {
		errs = append(errs, fmt.Errorf("--currency: %q is not traded here", s.Currency))
	}
	if s.Batch < 1 || s.Batch > 1024 {
		errs = append(errs, errors.New("--batch: between 1 and 1024 entries"))
	}
	if s.Lanes < 1 || s.Lanes > 64 {
		errs = append(errs, errors.New("--lanes: between 1 and 64"))
	}
	if s.Fee < 0 || s.Fee > 10_000 {
		errs = append(errs, errors.New("--fee: between 0 and 10000 basis points"))
	}
	if s.MinDuration < time.Second {
		errs = append(errs, errors.New("--min-duration: at least 1s"))
	}
	if !s.DemoAt.IsZero() && !s.Demo {
		errs = append(errs, errors.New("--demo-at: only with --demo"))
	}
	if s.PushPrivate && !loopback(s.Listen) {
		errs = append(errs, errors.New("--push-private: only where --listen is a loopback address"))
	}
	if !s.Limited() && !loopback(s.Listen) {
		errs = append(errs, errors.New("--limits=off: only where --listen is a loopback address"))
	}
	return errors.Join(errs...)
}

// DropEmpty unsets the variables of ours that are empty: they count as not set.
func DropEmpty() {
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "HAGGLE_") && value == "" {
			_ = os.Unsetenv(name)
		}
	}
}
