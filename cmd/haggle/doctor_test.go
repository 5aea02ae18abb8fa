package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"haggle/internal/config"
	"haggle/internal/mail/mailtest"
	"haggle/internal/store"
	"haggle/internal/store/mongo"
	"haggle/internal/testenv"
)

// looking is a doctor of a site that is all well, changed.
func looking(t *testing.T, change func(*config.Site)) *doctor {
	t.Helper()
	c := &doctor{Site: config.Site{Listen: "127.0.0.1:8080", Data: t.TempDir(), Currency: "TWD", Mail: "dev"}}
	if change != nil {
		change(&c.Site)
	}
	return c
}

// diagnosis is the row that a doctor must give: its sort, and words of it.
type diagnosis struct {
	what string
	row  finding
	sort string // well, should, wrong
	says string
}

func (d diagnosis) hold(t *testing.T) {
	t.Helper()
	sort := "wrong"
	if d.row.OK {
		sort = "well"
	}
	if d.row.Warn {
		sort = "should"
	}
	whole := d.row.Note + "; " + d.row.Do
	if sort != d.sort || !strings.Contains(whole, d.says) || (sort == "well") != (d.row.Do == "") || strings.Contains(whole, "hush") {
		t.Errorf("%s: %s %q, want %s %q", d.what, sort, whole, d.sort, d.says)
	}
}

func TestDoctorOnAddresses(t *testing.T) {
	row := func(change func(*config.Site)) finding { return looking(t, change).lookAtAddress() }
	for _, d := range []diagnosis{
		{"at home", row(nil), "well", "this machine alone"},
		{"open, without a name", row(func(s *config.Site) { s.Listen = ":8080" }), "should", "set --url"},
		{"open, without TLS", row(func(s *config.Site) { s.Listen, s.URL = ":8080", "http://haggle.example" }), "should", "TLS"},
		{"https, nobody believed", row(func(s *config.Site) { s.Listen, s.URL = ":8080", "https://haggle.example" }), "should", "--proxies"},
		{"https behind a proxy", row(func(s *config.Site) {
			s.Listen, s.URL, s.Proxies = ":8080", "https://haggle.example", []string{"10.0.0.0/8"}
		}), "well", "10.0.0.0/8"},
	} {
		d.hold(t)
	}
}

func TestDoctorOnSecrets(t *testing.T) {
	dir := t.TempDir()
	kept := func(mode os.FileMode) finding {
		path := filepath.Join(dir, "secret")
		ok(t, os.WriteFile(path, []byte("x"), 0o600))
		ok(t, os.Chmod(path, mode))
		return looking(t, func(s *config.Site) { s.Data = dir }).lookAtSecret()
	}
	for _, d := range []diagnosis{
		{"none", looking(t, nil).lookAtSecret(), "wrong", "none yet"},
		{"one letter", looking(t, func(s *config.Site) { s.Secret = strings.Repeat("hush", 10) }).lookAtSecret(), "should", "guessed"},
		{"drawn", looking(t, func(s *config.Site) { s.Secret = "9f86d081884c7d659a2feaa0c55ad015" }).lookAtSecret(), "well", "set"},
		{"kept", kept(0o600), "well", "kept"},
		{"kept for all", kept(0o644), "should", "chmod 600"},
	} {
		d.hold(t)
	}
}

func TestDoctorOnPhotos(t *testing.T) {
	full := t.TempDir()
	file := filepath.Join(full, "file")
	ok(t, os.WriteFile(file, nil, 0o600))
	refuses := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }))
	defer refuses.Close()
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hush")
	row := func(change func(*config.Site)) finding { return looking(t, change).lookAtPhotos(t.Context()) }
	for _, d := range []diagnosis{
		{"none yet", row(nil), "well", "none yet"},
		{"a folder", row(func(s *config.Site) { s.Photos = full }), "well", "can be kept"},
		{"a folder that is not there", row(func(s *config.Site) { s.Photos = full + "/none" }), "wrong", "no folder"},
		{"a folder that is a file", row(func(s *config.Site) { s.Photos = file }), "wrong", "--photos"},
		{"a folder, and several processes", row(func(s *config.Site) { s.Photos, s.Mongo = full, "mongodb://db" }), "should", "every process"},
		{"a bucket that refuses", row(func(s *config.Site) { s.Photos = "s3://photos?endpoint=" + refuses.URL }), "wrong", "keys and rights"},
	} {
		d.hold(t)
	}
	if left, _ := os.ReadDir(filepath.Join(full, "doctor")); len(left) > 0 {
		t.Errorf("the probe is still there: %v", left)
	}
}

func TestDoctorOnServers(t *testing.T) {
	post := mailtest.Listen(t)
	here, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	defer here.Close()
	mailed := func(address string) finding {
		return looking(t, func(s *config.Site) { s.Mail, s.MailFrom = address, "shop@haggle.test" }).lookAtMail(t.Context())
	}
	advertised := func(address string) finding {
		return looking(t, func(s *config.Site) { s.Mongo, s.Advertise = "mongodb://db", address }).lookAtAdvertise(t.Context())
	}
	traced := func(address string) finding {
		return looking(t, func(s *config.Site) { s.Traces = address }).lookAtTraces(t.Context())
	}
	for _, d := range []diagnosis{
		{"mail at home", looking(t, nil).lookAtMail(t.Context()), "well", "/dev/mail"},
		{"mail of an open site", looking(t, func(s *config.Site) { s.Listen = ":80" }).lookAtMail(t.Context()), "should", "--mail"},
		{"a mail server", mailed("smtp://" + post.Addr + "?tls=none"), "well", "lets us in"},
		{"one that is down", mailed("smtp://u:hush@127.0.0.1:1?tls=none"), "wrong", "--mail"},
		{"one that knows no sign-in", mailed("smtp://u:hush@" + post.Addr + "?tls=none"), "wrong", "let us in"},
		{"one process", looking(t, nil).lookAtAdvertise(t.Context()), "well", "one process"},
		{"advertised", advertised(here.Addr().String()), "well", "answers from here"},
		{"advertised in vain", advertised("127.0.0.1:1"), "should", "nobody answers"},
		{"no traces", traced(""), "well", "not made"},
		{"traces", traced("http://" + here.Addr().String() + "/v1/traces"), "well", "go to"},
		{"traces for nobody", traced("http://127.0.0.1:1/v1/traces"), "should", "does not answer"},
		{"a search that is down", looking(t, func(s *config.Site) { s.Meili = "http://127.0.0.1:1" }).lookAtSearch(t.Context(), nil), "wrong", "--meili"},
		{"a Redis that is down", looking(t, func(s *config.Site) { s.Redis = "redis://u:hush@127.0.0.1:1" }).lookAtRedis(t.Context()), "wrong", "--redis"},
		{"no Redis, several processes", looking(t, func(s *config.Site) { s.Mongo = "mongodb://db" }).lookAtRedis(t.Context()), "should", "--redis"},
		{"space", judgeSpace(50 << 30), "well", "free"},
		{"little space", judgeSpace(1 << 30), "should", "room"},
		{"no space", judgeSpace(1 << 20), "wrong", "room"},
		{"no folder", looking(t, func(s *config.Site) { s.Data = "/nowhere/at/all" }).lookAtDisk(), "wrong", "--data"},
	} {
		d.hold(t)
	}
}

func TestDoctorOnARedisThatForgets(t *testing.T) {
	url := testenv.Redis(t)
	c := looking(t, func(s *config.Site) { s.Redis = url })
	diagnosis{"a good one", c.lookAtRedis(t.Context()), "well", "version"}.hold(t)
	opts, err := redis.ParseURL(url)
	ok(t, err)
	client := redis.NewClient(opts)
	defer client.Close()
	ok(t, client.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err())
	diagnosis{"one that forgets", c.lookAtRedis(t.Context()), "should", "noeviction"}.hold(t)
}

func TestDoctorOnASetOfOne(t *testing.T) {
	s, err := mongo.Open(t.Context(), testenv.Mongod(t), "doctor", store.Hooks{})
	ok(t, err)
	defer s.Close()
	row := lookAtSet(t.Context(), s)
	if !row.Warn || !strings.Contains(row.Note+row.Do, "three") && !strings.Contains(row.Do, "transactionLifetimeLimitSeconds") {
		t.Errorf("%+v", row)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	diagnosis{"a set that does not answer", lookAtSet(ctx, s), "wrong", "does not answer"}.hold(t)
}

func TestAnErrorWithAPasswordIsNotShown(t *testing.T) {
	if got := withoutSecrets(errors.New("535 hush is wrong"), "smtp://u:hush@host"); strings.Contains(got, "hush") {
		t.Error(got)
	}
}
