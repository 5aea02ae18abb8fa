package acceptance

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/example/server/exampleop"
	"github.com/zitadel/oidc/v3/example/server/storage"
)

// elsewhere is a real OpenID Connect provider, with a sign-in page of its own, that insists on PKCE. Its library knows clients
// process-wide: tests that use it do not run side by side.
type elsewhere struct {
	issuer  string
	address string
	server  *http.Server
	handler http.Handler
}

// startElsewhere starts one; it ends with the test.
func startElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	issuer := fmt.Sprintf("http://localhost:%d/", l.Addr().(*net.TCPAddr).Port)
	users := storage.NewStorage(storage.NewUserStore(issuer))
	e := &elsewhere{issuer: issuer, address: l.Addr().String(), handler: exampleop.SetupServer(issuer, users, slog.New(slog.NewTextHandler(io.Discard, nil)), false)}
	e.serve(l)
	t.Cleanup(e.stop)
	return e
}

func (e *elsewhere) serve(l net.Listener) {
	e.server = &http.Server{Handler: e.handler, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = e.server.Serve(l) }()
}

func (e *elsewhere) stop() { _ = e.server.Close() }

// again starts it on the same address.
func (e *elsewhere) again(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", e.address)
	if err != nil {
		t.Fatal(err)
	}
	e.serve(l)
}

// flags make haggle its client.
func (e *elsewhere) flags() []string {
	return []string{"--oidc-issuer=" + e.issuer, "--oidc-id=web", "--oidc-secret=hush-hush-hush", "--oidc-name=Elsewhere"}
}

// know tells it of a site: where its answers go.
func (e *elsewhere) know(m *market) {
	storage.RegisterClients(storage.WebClient("web", "hush-hush-hush", m.site.URL+"/sign-in/with/oidc/callback"))
}

// newcomer is somebody with a browser without scripts: cookies, forms, redirects.
type newcomer struct {
	t       *testing.T
	m       *market
	client  *http.Client
	held    string // an answer of another site that the browser was to bring; it waits here
	holding bool
}

type seen struct {
	status int
	path   string
	body   string
	header http.Header
}

func (m *market) newcomer(t *testing.T) *newcomer {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &newcomer{t: t, m: m}
	v.client = &http.Client{Jar: jar, Timeout: 20 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if v.holding && strings.HasPrefix(r.URL.Path, "/sign-in/with/") {
			v.held = r.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return v
}

func (v *newcomer) read(res *http.Response, err error) seen {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return seen{res.StatusCode, res.Request.URL.Path, string(body), res.Header}
}

// open loads a page of the site, or an address.
func (v *newcomer) open(address string) seen {
	v.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = v.m.site.URL + address
	}
	return v.read(v.client.Get(address))
}

// send fills the form of a page in: its token comes from there.
func (v *newcomer) send(on, action string, pairs ...string) seen {
	v.t.Helper()
	token := formToken.FindStringSubmatch(v.open(on).body)
	if token == nil {
		v.t.Fatalf("%s has no form", on)
	}
	form := url.Values{"csrf": {token[1]}, "key": {fmt.Sprint(people.Add(1))}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return v.read(v.client.PostForm(v.m.site.URL+action, form))
}

// want fails the test unless the page is this one and says all of it.
func (p seen) want(t *testing.T, status int, path string, says ...string) seen {
	t.Helper()
	if p.status != status || p.path != path {
		t.Errorf("%d at %s, want %d at %s: %.600s", p.status, p.path, status, path, p.body)
	}
	for _, s := range says {
		if !strings.Contains(p.body, s) {
			t.Errorf("%s does not say %q: %.2000s", p.path, s, p.body)
		}
	}
	return p
}

var authRequest = regexp.MustCompile(`name="id" value="([^"]+)"`)

// through follows the page that leads to the provider and signs in there; the answer comes back, or is held.
func (v *newcomer) through(lead seen, e *elsewhere, name string) seen {
	v.t.Helper()
	_, address, ok := strings.Cut(lead.header.Get("Refresh"), "url=")
	if !ok {
		v.t.Fatalf("%s leads nowhere: %d %.800s", lead.path, lead.status, lead.body)
	}
	id := authRequest.FindStringSubmatch(v.open(address).body)
	if id == nil {
		v.t.Fatal("the provider shows no sign-in page")
	}
	return v.read(v.client.PostForm(e.issuer+"login/username", url.Values{"username": {name}, "password": {"verysecure"}, "id": {id[1]}}))
}

// hold signs in there and keeps the answer from coming back.
func (v *newcomer) hold(on, action string, e *elsewhere, name string, pairs ...string) string {
	v.t.Helper()
	v.holding, v.held = true, ""
	v.through(v.send(on, action, pairs...), e, name)
	v.holding = false
	if v.held == "" {
		v.t.Fatal("no answer came")
	}
	return v.held
}

// changed is an address with one parameter changed; "" takes it out.
func changed(address, name, value string) string {
	u, _ := url.Parse(address)
	q := u.Query()
	if q.Del(name); value != "" {
		q.Set(name, value)
	}
	u.RawQuery = q.Encode()
	return u.String()
}
