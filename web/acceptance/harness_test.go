package acceptance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"haggle/internal/testenv"
)

// market is one running market.
type market struct {
	t    testing.TB
	site *testenv.Site
	args []string

	others []*testenv.Site // that serve the same market: requests go to all in turn
	turn   atomic.Int64
}

// url is where the next request goes.
func (m *market) url() string {
	if n := int(m.turn.Add(1)) % (1 + len(m.others)); n > 0 {
		return m.others[n-1].URL
	}
	return m.site.URL
}

// onEveryStack runs a part of the acts as it is on the embedded market and on the real stack: two web processes and a
// worker over MongoDB and Redis, each request to the process whose turn it is.
func onEveryStack(t *testing.T, act func(t *testing.T, m *market), more ...string) {
	t.Parallel()
	t.Run("embedded", func(t *testing.T) { act(t, start(t, more...)) })
	t.Run("real", func(t *testing.T) { act(t, newFarm(t, 2, 1, more...).asOne()) })
}

// asOne is the farm as one market.
func (f *farm) asOne() *market {
	m := f.web[0]
	for _, other := range f.web[1:] {
		m.others = append(m.others, other.site)
	}
	return m
}

// start runs `haggle serve` with deals as short as a second and no rate limits; more adds arguments. The test's end stops
// it.
func start(t testing.TB, more ...string) *market {
	t.Helper()
	args := append([]string{"--limits=off"}, more...)
	return &market{t: t, args: args, site: testenv.Serve(t, args...)}
}

// run runs another command of the program on the same data and gives its output and exit code.
func (m *market) run(command ...string) (out string, code int) {
	m.t.Helper()
	args := append(command, "--data="+m.site.Data)
	for _, a := range m.args {
		if strings.HasPrefix(a, "--mongo=") || strings.HasPrefix(a, "--secret=") {
			args = append(args, a)
		}
	}
	stdout, stderr, code := testenv.Run(m.t, "", args...)
	return stdout + stderr, code
}

// person is somebody signed in; the zero person of a market is a guest.
type person struct {
	m     *market
	id    string
	token string
}

var people atomic.Int64

const password = "correct horse battery"

// person registers somebody new, with money in his wallet.
func (m *market) person(name string, money int64) person {
	m.t.Helper()
	var got struct{ ID, Token string }
	n := people.Add(1)
	guest := person{m: m}
	guest.do("POST", "/accounts", obj{"email": fmt.Sprintf("%s-%d@haggle.test", name, n), "password": password, "name": name, "locale": "en"}).want(201).into(&got)
	p := person{m: m, id: got.ID, token: got.Token}
	if money > 0 {
		p.do("POST", "/wallet/deposits", obj{"amount": money, "card": "4242424242424242"}).want(201)
	}
	return p
}

func (m *market) guest() person { return person{m: m} }

// obj is a JSON object.
type obj map[string]any

// answer is what came back.
type answer struct {
	t      testing.TB
	what   string
	status int
	body   []byte
	header http.Header
	err    error // the connection broke: the outcome is not known
}

var client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 0}}

// do sends a request under /api/v1; the headers come in pairs.
func (p person) do(method, path string, body any, headers ...string) answer {
	p.m.t.Helper()
	a := p.try(method, path, body, headers...)
	if a.err != nil {
		p.m.t.Fatalf("%s: %v\n%s", a.what, a.err, p.m.site.Log())
	}
	return a
}

// try is do that may fail.
func (p person) try(method, path string, body any, headers ...string) answer {
	a := answer{t: p.m.t, what: method + " " + path}
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		r = bytes.NewReader(b)
	case string:
		r = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			a.err = err
			return a
		}
		r = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, p.m.url()+"/api/v1"+path, r)
	if err != nil {
		a.err = err
		return a
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := client.Do(req)
	if err != nil {
		a.err = err
		return a
	}
	defer res.Body.Close()
	a.status, a.header = res.StatusCode, res.Header
	a.body, a.err = io.ReadAll(res.Body)
	return a
}

// want fails the test unless the status is this one.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("%s: %d, want %d: %s", a.what, a.status, status, a.body)
	}
	return a
}

// refused fails the test unless the answer is a problem with this status and code; it gives the problem's params.
func (a answer) refused(status int, code string) obj {
	a.t.Helper()
	var p struct {
		Code   string
		Params obj
	}
	a.want(status)
	if err := json.Unmarshal(a.body, &p); err != nil || p.Code != code {
		a.t.Fatalf("%s: code %q, want %q: %s", a.what, p.Code, code, a.body)
	}
	if got := a.header.Get("Content-Type"); !strings.HasPrefix(got, "application/problem+json") {
		a.t.Fatalf("%s: a refusal is %q", a.what, got)
	}
	return p.Params
}

// into decodes the answer.
func (a answer) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		a.t.Fatalf("%s: %v: %s", a.what, err, a.body)
	}
}

// obj is the answer as an object.
func (a answer) obj() obj {
	a.t.Helper()
	var o obj
	a.into(&o)
	return o
}

// at reads a value inside an object: "outcome.result", "items.0.id".
func (o obj) at(path string) any {
	var v any = map[string]any(o)
	for _, key := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[key]
		case []any:
			i := -1
			if _, err := fmt.Sscan(key, &i); err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}

func (o obj) str(path string) string { s, _ := o.at(path).(string); return s }

func (o obj) num(path string) int64 { f, _ := o.at(path).(float64); return int64(f) }

// wallet reads a person's money.
func (p person) wallet() (available, held int64) {
	p.m.t.Helper()
	o := p.do("GET", "/wallet", nil).want(200).obj()
	return o.num("available"), o.num("held")
}

// auction opens an auction of so many seconds; more overrides fields.
func (p person) auction(seconds int, more obj) string {
	p.m.t.Helper()
	return p.open("/listings", obj{"title": "Film camera", "category": "electronics-cameras", "condition": "good", "format": "english",
		"startPrice": 100_000, "durationSeconds": seconds}, more)
}

// fixed lists pieces at a price.
func (p person) fixed(more obj) string {
	p.m.t.Helper()
	return p.open("/listings", obj{"title": "Blank notebook", "category": "books-fiction", "condition": "new", "format": "fixed", "price": 30_000, "quantity": 2}, more)
}

// request names a price.
func (p person) request(seconds int, more obj) string {
	p.m.t.Helper()
	return p.open("/requests", obj{"title": "Desk lamp wanted", "category": "home-lighting", "namedPrice": 80_000, "rule": "first", "durationSeconds": seconds}, more)
}

// group opens a group buy.
func (p person) group(seconds int, more obj) string {
	p.m.t.Helper()
	return p.open("/groups", obj{"title": "Oolong tea", "category": "food-tea", "durationSeconds": seconds, "lastPhaseSeconds": 0,
		"tiers": []obj{{"from": 2, "unitPrice": 72_000}, {"from": 4, "unitPrice": 64_000}}}, more)
}

func (p person) open(path string, body, more obj) string {
	p.m.t.Helper()
	for k, v := range more {
		if v == nil {
			delete(body, k)
			continue
		}
		body[k] = v
	}
	return p.do("POST", path, body).want(201).obj().str("id")
}

// deal reads a deal as this person sees it.
func (p person) deal(id string) obj {
	p.m.t.Helper()
	return p.do("GET", "/deals/"+id, nil).want(200).obj()
}

// closed waits until a deal is final, and gives it.
func (p person) closed(id string, patience time.Duration) obj {
	p.m.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(30 * time.Millisecond) {
		d := p.deal(id)
		switch d.str("status") {
		case "settled", "failed", "cancelled":
			return d
		}
		if time.Now().After(end) {
			p.m.t.Fatalf("deal %s is %s after %s", id, d.str("status"), patience)
		}
	}
}

// logOf reads a deal's log into a file and gives its path.
func (m *market) logOf(id string) string {
	m.t.Helper()
	a := m.guest().do("GET", "/deals/"+id+"/log", nil, "Accept", "application/jsonl").want(200)
	file := filepath.Join(m.t.TempDir(), "log.jsonl")
	if err := os.WriteFile(file, a.body, 0o600); err != nil {
		m.t.Fatal(err)
	}
	return file
}

// verified holds a deal's log against the offline verifier.
func (m *market) verified(id string) {
	m.t.Helper()
	if stdout, stderr, code := testenv.Run(m.t, "", "verify", m.logOf(id)); code != 0 {
		m.t.Errorf("deal %s: verify exits %d: %s%s", id, code, stdout, stderr)
	}
}

// balanced holds the whole store's books against every invariant, beside the running market.
func (m *market) balanced() {
	m.t.Helper()
	if out, code := m.run("ledger", "verify"); code != 0 {
		m.t.Errorf("ledger verify exits %d: %s", code, out)
	}
}
