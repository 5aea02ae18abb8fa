// Package config is everything an operator can set, in one struct: its flags, its variables of the environment, its
// help and its checks.
//
// A flag `--x-y` is the variable `HAGGLE_X_Y`; the flag wins. An empty variable counts as one that is not set.
package config

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"haggle/internal/money"
)

// Site is the configuration of a site. Its tags are kong's.
type Site struct {
	Listen    string   `env:"HAGGLE_LISTEN" default:"127.0.0.1:8080" help:"Address to serve on." placeholder:"HOST:PORT"`
	URL       string   `env:"HAGGLE_URL" help:"What people type to come here, as in mail and redirects; https makes cookies secure. Default: http:// and the address served on."`
	Advertise string   `env:"HAGGLE_ADVERTISE" help:"With --mongo: where the site's other processes reach this one; auto: the first address of this machine that is not loopback. Default: --listen." placeholder:"HOST:PORT"`
	Proxies   []string `env:"HAGGLE_PROXIES" help:"Addresses or networks of reverse proxies whose X-Forwarded-For is believed." placeholder:"CIDR"`

	Data     string `env:"HAGGLE_DATA" default:".haggle" help:"Folder of the embedded store, search, photos and secret." placeholder:"DIR"`
	Photos   string `env:"HAGGLE_PHOTOS" help:"Where photos are: a folder, or s3://bucket/prefix?region=…&endpoint=… with its keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Several processes need one place. Default: photos in --data." placeholder:"PLACE"`
	Mongo    string `env:"HAGGLE_MONGO" help:"MongoDB replica set. Default: the embedded store." placeholder:"URI"`
	Migrate  string `env:"HAGGLE_MIGRATE" default:"auto" enum:"auto,never" help:"What to do at the start with a store of an older version: bring it to this program's (auto), or refuse (never)."`
	Redis    string `env:"HAGGLE_REDIS" help:"Redis. Default: embedded." placeholder:"URL"`
	Meili    string `env:"HAGGLE_MEILI" help:"Meilisearch. Default: embedded search." placeholder:"URL"`
	MeiliKey string `env:"HAGGLE_MEILI_KEY" help:"Its key." placeholder:"KEY"`
	Secret   string `env:"HAGGLE_SECRET" help:"The site's secret, at least 32 bytes. Required with --mongo; else made and kept in --data." placeholder:"TEXT"`

	Operator string `env:"HAGGLE_OPERATOR" help:"Who runs the site, as its terms and privacy pages name him." placeholder:"NAME"`
	Contact  string `env:"HAGGLE_CONTACT" help:"Where he is reached, on the same pages." placeholder:"TEXT"`
	Texts    string `env:"HAGGLE_TEXTS" help:"Folder with the operator's own terms.en.md, terms.zh-TW.md, privacy.en.md and privacy.zh-TW.md. Default: the templates that come along, which say that they are." placeholder:"DIR"`

	Name        string        `env:"HAGGLE_NAME" default:"haggle" help:"Name of the site."`
	Currency    string        `env:"HAGGLE_CURRENCY" default:"TWD" help:"The one currency of the site (ISO 4217)." placeholder:"CODE"`
	MinDuration time.Duration `env:"HAGGLE_MIN_DURATION" default:"1h" help:"Shortest time a deal may stay open."`
	Fee         int64         `env:"HAGGLE_FEE" default:"500" help:"Fee of completed orders, in basis points of their total." placeholder:"BASIS-POINTS"`
	Holidays    string        `env:"HAGGLE_HOLIDAYS" help:"File of holidays, one a line as 2006-01-02; an empty one: none. Default: Taiwan's, 2026 and 2027." placeholder:"FILE"`
	Limits      string        `env:"HAGGLE_LIMITS" default:"on" enum:"on,off" help:"Rate limits; off, for load tests, only on a loopback address."`
	Batch       int           `env:"HAGGLE_BATCH" default:"256" help:"Most entries of one commit, 1 to 1024; 1 turns group commit off." placeholder:"ENTRIES"`
	Lanes       int           `env:"HAGGLE_LANES" default:"2" help:"Committers that the deals of a site on MongoDB are spread over, 1 to 64; the same number in all its processes." placeholder:"N"`
	Demo        bool          `env:"HAGGLE_DEMO" help:"Fill an empty store with the demo market."`
	DemoAt      time.Time     `env:"HAGGLE_DEMO_AT" placeholder:"TIME" help:"The demo market stands at this time (RFC 3339) and goes on from there: for pictures that are to be compared."`

	Mail     string `env:"HAGGLE_MAIL" default:"dev" help:"smtp:// or smtps:// server for mail; dev keeps it on the page /dev/mail." placeholder:"URL"`
	MailFrom string `env:"HAGGLE_MAIL_FROM" default:"haggle <noreply@localhost>" help:"Sender of mail." placeholder:"ADDRESS"`

	OIDCIssuer string `name:"oidc-issuer" env:"HAGGLE_OIDC_ISSUER" help:"OpenID Connect provider to sign in with, by its issuer." placeholder:"URL"`
	OIDCID     string `name:"oidc-id" env:"HAGGLE_OIDC_ID" help:"The site's client id there. Answers come to URL/sign-in/with/oidc/callback." placeholder:"ID"`
	OIDCSecret string `name:"oidc-secret" env:"HAGGLE_OIDC_SECRET" help:"Its secret; empty for a public client." placeholder:"SECRET"`
	OIDCName   string `name:"oidc-name" env:"HAGGLE_OIDC_NAME" help:"What the provider's button says. Default: the issuer's host." placeholder:"NAME"`
	Google     string `env:"HAGGLE_GOOGLE" help:"Sign in with Google, as any of the next; answers come to URL/sign-in/with/google/callback." placeholder:"ID:SECRET"`
	LINE       string `name:"line" env:"HAGGLE_LINE" help:"Sign in with LINE: channel id and secret." placeholder:"ID:SECRET"`
	Facebook   string `env:"HAGGLE_FACEBOOK" help:"Sign in with Facebook: app id and secret." placeholder:"ID:SECRET"`
	GitHub     string `name:"github" env:"HAGGLE_GITHUB" help:"Sign in with GitHub: client id and secret." placeholder:"ID:SECRET"`
	Apple      string `env:"HAGGLE_APPLE" help:"Sign in with Apple: services id, team, key id and the file of its private key. Needs an https --url." placeholder:"ID:TEAM:KEY-ID:FILE"`

	PushPrivate bool `env:"HAGGLE_PUSH_PRIVATE" help:"Send pushes to private addresses, too, for tests; only on a loopback address."`

	RequireConfirmation bool `env:"HAGGLE_REQUIRE_CONFIRMATION" help:"Who has not confirmed his e-mail address may not trade."`

	MetricsToken string `env:"HAGGLE_METRICS_TOKEN" help:"Bearer token that reads /metrics from anywhere. Default: only this machine reads it." placeholder:"TEXT"`

	Traces string        `env:"HAGGLE_TRACES" help:"Collector of OpenTelemetry traces, by OTLP over HTTP. Default: none are made." placeholder:"URL"`
	Drain  time.Duration `env:"HAGGLE_DRAIN" default:"0s" help:"How long, once told to end, to say so on /readyz and serve on, so that a load balancer notices first."`

	AccessLog bool   `env:"HAGGLE_ACCESS_LOG" help:"Log every request, at level info."`
	Log       string `env:"HAGGLE_LOG" default:"text" enum:"text,json" help:"Form of the log on standard error."`
	LogLevel  string `env:"HAGGLE_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" help:"Least level that is logged."`
}

// Embedded says whether the store is a file of this machine.
func (s *Site) Embedded() bool { return s.Mongo == "" }

// Limited says whether the rate limits are on.
func (s *Site) Limited() bool { return s.Limits != "off" }

// Unit is the site's currency; Validate has checked that it is known.
func (s *Site) Unit() money.Currency {
	c, _ := money.Lookup(s.Currency)
	return c
}

// Address is what people type, without a slash at the end; served is where the server listens.
func (s *Site) Address(served string) string {
	if s.URL != "" {
		return strings.TrimRight(s.URL, "/")
	}
	if host, port, err := net.SplitHostPort(served); err == nil && isEverywhere(host) {
		served = net.JoinHostPort("localhost", port)
	}
	return "http://" + served
}

// Reachable is where the site's other processes reach this one; served is where it listens.
func (s *Site) Reachable(served string) (string, error) {
	if s.Advertise != "auto" {
		return cmp.Or(s.Advertise, served), nil
	}
	_, port, err := net.SplitHostPort(served)
	if err != nil {
		return "", err
	}
	all, err := net.InterfaceAddrs()
	if err != nil {
		return "", fmt.Errorf("--advertise=auto: %w", err)
	}
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && n.IP.IsGlobalUnicast() {
			return net.JoinHostPort(n.IP.String(), port), nil
		}
	}
	return "", errors.New("--advertise=auto: this machine has no address but loopback")
}

// isEverywhere says whether a host means all addresses of this machine: nobody can type that.
func isEverywhere(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || ip != nil && ip.IsUnspecified()
}

// Private says whether only people at this machine can reach the site.
func (s *Site) Private() bool {
	u, err := url.Parse(s.URL)
	return loopback(s.Listen) && err == nil && (s.URL == "" || loopback(net.JoinHostPort(u.Hostname(), "80")))
}

// PhotosAt is the folder or the address of the bucket that holds the photos.
func (s *Site) PhotosAt() string { return cmp.Or(s.Photos, s.Path("photos")) }

// Path is a file or folder of the data folder.
func (s *Site) Path(name string) string { return filepath.Join(s.Data, name) }

// Logger writes to standard error in the form and from the level that was asked for.
func (s *Site) Logger() *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(s.LogLevel)) // one of the enum
	opts := &slog.HandlerOptions{Level: level}
	if s.Log == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, opts))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, opts))
}

// loopback says whether an address can be reached from this machine only.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// isWeb says whether an address is one of a site: scheme and host, nothing behind.
func isWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.User == nil
}

// isCollector says whether an address is one of an OTLP collector. What it asks for in a header (OTEL_EXPORTER_OTLP_HEADERS)
// does not belong in it.
func isCollector(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.RawQuery == "" && u.User == nil
}
