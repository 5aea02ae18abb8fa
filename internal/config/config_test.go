package config_test

import (
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/google/go-cmp/cmp"

	"haggle/internal/config"
)

// defaults is the configuration of a site of which nothing was set.
var defaults = config.Site{
	Listen: "127.0.0.1:8080", Data: ".haggle", Name: "haggle", Currency: "TWD", MinDuration: time.Hour, Fee: 500, Batch: 256, Lanes: 2, Limits: "on",
	Migrate: "auto", Mail: "dev", MailFrom: "haggle <noreply@localhost>", Log: "text", LogLevel: "info",
}

func with(change func(*config.Site)) config.Site {
	s := defaults
	change(&s)
	return s
}

func parse(t *testing.T, args ...string) (config.Site, error) {
	t.Helper()
	var cli struct{ config.Site }
	config.DropEmpty()
	p, err := kong.New(&cli, kong.Exit(func(int) { t.Fatal("kong ended the process") }))
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Parse(args)
	return cli.Site, err
}

func TestFlagsAndEnvironment(t *testing.T) {
	secret := strings.Repeat("s", 32)
	for _, c := range []struct {
		name string
		env  string // one variable
		args string
		want config.Site
	}{
		{name: "nothing set", want: defaults},
		{name: "a flag", args: "--listen=:9000", want: with(func(s *config.Site) { s.Listen = ":9000" })},
		{name: "a flag and its value apart", args: "--fee 250", want: with(func(s *config.Site) { s.Fee = 250 })},
		{name: "a variable", env: "HAGGLE_DATA=/var/lib/haggle", want: with(func(s *config.Site) { s.Data = "/var/lib/haggle" })},
		{name: "the flag wins", env: "HAGGLE_FEE=100", args: "--fee=200", want: with(func(s *config.Site) { s.Fee = 200 })},
		{name: "an empty variable", env: "HAGGLE_MIN_DURATION=", want: defaults},
		{name: "a short deal", env: "HAGGLE_MIN_DURATION=1s", want: with(func(s *config.Site) { s.MinDuration = time.Second })},
		{name: "the demo market", env: "HAGGLE_DEMO=1", want: with(func(s *config.Site) { s.Demo = true })},
		{name: "a switch with a value", args: "--demo=true", want: with(func(s *config.Site) { s.Demo = true })},
		{name: "no limits at home", args: "--limits=off", want: with(func(s *config.Site) { s.Limits = "off" })},
		{name: "no limits on IPv6's loopback", args: "--limits=off --listen=[::1]:0", want: with(func(s *config.Site) { s.Limits, s.Listen = "off", "[::1]:0" })},
		{name: "MongoDB with a secret", args: "--mongo=mongodb://db --secret=" + secret,
			want: with(func(s *config.Site) { s.Mongo, s.Secret = "mongodb://db", secret })},
		{name: "search and its key", args: "--meili=http://s:7700 --meili-key=k", want: with(func(s *config.Site) { s.Meili, s.MeiliKey = "http://s:7700", "k" })},
		{name: "proxies", args: "--proxies=10.0.0.0/8,192.0.2.1", want: with(func(s *config.Site) { s.Proxies = []string{"10.0.0.0/8", "192.0.2.1"} })},
		{name: "an OpenID Connect provider", args: "--oidc-issuer=https://idp.example --oidc-id=shop --oidc-secret=hush --oidc-name=House",
			want: with(func(s *config.Site) {
				s.OIDCIssuer, s.OIDCID, s.OIDCSecret, s.OIDCName = "https://idp.example", "shop", "hush", "House"
			})},
		{name: "a known provider", env: "HAGGLE_GITHUB=id:hush", want: with(func(s *config.Site) { s.GitHub = "id:hush" })},
		{name: "photos in a bucket", env: "HAGGLE_PHOTOS=s3://photos?region=eu", want: with(func(s *config.Site) { s.Photos = "s3://photos?region=eu" })},
		{name: "traces", env: "HAGGLE_TRACES=http://otel:4318/v1/traces", want: with(func(s *config.Site) { s.Traces = "http://otel:4318/v1/traces" })},
		{name: "time to drain", args: "--drain=5s --access-log", want: with(func(s *config.Site) { s.Drain, s.AccessLog = 5*time.Second, true })},
		{name: "a log for machines", env: "HAGGLE_LOG=json", want: with(func(s *config.Site) { s.Log = "json" })},
	} {
		t.Run(c.name, func(t *testing.T) {
			if name, value, ok := strings.Cut(c.env, "="); ok {
				t.Setenv(name, value)
			}
			got, err := parse(t, strings.Fields(c.args)...)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWrongUse(t *testing.T) {
	for _, c := range []struct{ args, says string }{
		{"--listen=8080", "--listen"},
		{"--url=example.org", "--url"},
		{"--url=https://example.org/shop", "--url"},
		{"--proxies=everybody", "--proxies"},
		{"--limits=off --listen=0.0.0.0:8080", "--limits=off"},
		{"--limits=off --listen=:8080", "--limits=off"},
		{"--limits=maybe", "--limits"},
		{"--mongo=mongodb://db", "--secret"},
		{"--secret=short", "--secret"},
		{"--currency=XYZ", "--currency"},
		{"--fee=10001", "--fee"},
		{"--fee=-1", "--fee"},
		{"--fee=5.5", "--fee"},
		{"--min-duration=999ms", "--min-duration"},
		{"--lanes=0", "between 1 and 64"},
		{"--lanes=65", "between 1 and 64"},
		{"--demo-at=2031-03-05T10:00:00Z", "only with --demo"},
		{"--mail=localhost:25", "--mail"},
		{"--log=xml", "--log"},
		{"--photos=gs://photos", "--photos"},
		{"--photos=s3://id:key@photos", "--photos"},
		{"--traces=otel:4317", "--traces"},
		{"--traces=http://u:p@otel/", "--traces"},
		{"--drain=-1s", "--drain"},
		{"--drain=1h", "--drain"},
		{"--google=hush", "--google"},
		{"--line=:hush", "--line"},
		{"--facebook=id:", "--facebook"},
		{"--oidc-issuer=http://idp.example --oidc-id=shop", "--oidc-issuer"},
		{"--oidc-issuer=https://idp.example", "--oidc-issuer"},
		{"--oidc-id=shop", "--oidc-issuer"},
		{"--apple=a:b:c:/nowhere --url=https://haggle.example", "--apple"},
		{"--apple=a:b:c:/nowhere", "https --url"},
		{"--no-such-flag", "no-such-flag"},
	} {
		_, err := parse(t, strings.Fields(c.args)...)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want a refusal that names %s", c.args, err, c.says)
		}
	}
}

func TestAllThatIsWrongIsSaidAtOnce(t *testing.T) {
	_, err := parse(t, "--currency=XYZ", "--url=x", "--secret=0123456789", "--github=0123456789")
	for _, want := range []string{"--currency", "--url", "--secret", "--github"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
	if strings.Contains(err.Error(), "0123456789") {
		t.Errorf("the message repeats the secret: %v", err)
	}
}

func TestAddress(t *testing.T) {
	for _, c := range []struct{ url, served, want string }{
		{"", "127.0.0.1:4711", "http://127.0.0.1:4711"},
		{"", "[::1]:4711", "http://[::1]:4711"},
		{"", "[::]:4711", "http://localhost:4711"},
		{"", "0.0.0.0:4711", "http://localhost:4711"},
		{"https://haggle.example/", "127.0.0.1:4711", "https://haggle.example"},
	} {
		s := defaults
		s.URL = c.url
		if got := s.Address(c.served); got != c.want {
			t.Errorf("--url=%s served on %s: %s, want %s", c.url, c.served, got, c.want)
		}
	}
}
