package chaos

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"haggle/scripts/chaos/acks"
)

// obj is a JSON object.
type obj map[string]any

// doors are the addresses of a site's web processes. A process that starts again has another address.
type doors struct {
	mu   sync.Mutex
	urls []string
}

func (d *doors) set(i int, url string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.urls) <= i {
		d.urls = append(d.urls, "")
	}
	d.urls[i] = url
}

func (d *doors) any() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.urls[rand.IntN(len(d.urls))]
}

// site is what clients know of a site, and where they write down what they are told.
type site struct {
	t       testing.TB
	doors   doors
	journal *acks.Journal
	keys    atomic.Int64
	people  atomic.Int64

	acknowledged, refused, unknown atomic.Int64 // requests, by how they ended

	mu       sync.Mutex
	mistakes []string       // answers that say that the program is wrong
	why      map[string]int // how often which answer left a request's end unknown
}

// unsure notes why nobody knows what became of a request. 503 is how to say "not now"; any other 5xx is a mistake.
func (s *site) unsure(path string, status int, answer []byte, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		s.why["connection"]++
	case status == http.StatusServiceUnavailable || status == http.StatusConflict:
		s.why[strconv.Itoa(status)]++
	default:
		s.mistakes = append(s.mistakes, fmt.Sprintf("POST %s: %d %s", path, status, answer))
	}
}

// told gives what was noted since the last time.
func (s *site) told() (mistakes []string, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	mistakes, why = s.mistakes, fmt.Sprint(s.why)
	s.mistakes, s.why = nil, map[string]int{}
	return mistakes, strings.TrimPrefix(why, "map")
}

var web = &http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 128}}

// person is somebody signed in.
type person struct {
	site      *site
	id, token string
	email     string
}

const password = "correct horse battery"

// plenty is what people have in their wallets, in minor units.
const plenty = 10_000_000

// person registers somebody, with money in his wallet. Registering takes no key, so it is done while all is well.
func (s *site) person(name string, money int64) *person {
	s.t.Helper()
	p := &person{site: s, email: fmt.Sprintf("%s-%d@haggle.test", name, s.people.Add(1))}
	var got struct{ ID, Token string }
	status, answer := p.send("/accounts", obj{"email": p.email, "password": password, "name": name, "locale": "en"}, "")
	if err := json.Unmarshal(answer, &got); err != nil || status != 201 {
		s.t.Fatalf("registering: %d %s", status, answer)
	}
	p.id, p.token = got.ID, got.Token
	s.note(acks.Ack{Account: p.id, Path: "/accounts", Status: status, Answer: fmt.Appendf(nil, `{"id":%q}`, p.id)}) // without the token
	if money > 0 {
		p.must("/wallet/deposits", obj{"amount": money, "card": goodCard})
	}
	return p
}

func (s *site) note(a acks.Ack) {
	if err := s.journal.Add(a); err != nil {
		s.t.Error(err)
	}
}

// send sends one request and gives its status and answer; status 0: nobody knows what became of it.
func (p *person) send(path string, body any, key string) (status int, answer []byte) {
	raw, err := json.Marshal(body)
	if err != nil {
		return 0, nil
	}
	req, err := http.NewRequest("POST", p.site.doors.any()+"/api/v1"+path, bytes.NewReader(raw))
	if err != nil {
		return 0, nil
	}
	req.Header.Set("Content-Type", "application/json")
	if p.token != "" {
		req.Header.Set("Authorization", "Bearer "+p.token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := web.Do(req)
	if err != nil {
		p.site.unsure(path, 0, nil, err)
		return 0, nil
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 500 || res.StatusCode == http.StatusConflict && strings.Contains(string(answer), "idempotency_key_in_use") {
		p.site.unsure(path, res.StatusCode, answer, err)
		return 0, nil
	}
	return res.StatusCode, answer
}

// insisting is how long a client repeats a request whose end it does not know: a dead process's open transaction holds what
// it wrote until MongoDB ends it.
const insisting = 40 * time.Second

// again is the pause before a request is repeated.
const again = 150 * time.Millisecond

// post sends a request under a key of its own and writes down how it ended. One whose end is not known is repeated until
// it is, unless its client walks away.
func (p *person) post(path string, body any, walksAway bool) (status int, answer []byte) {
	s := p.site
	key := fmt.Sprintf("chaos-%d", s.keys.Add(1))
	raw, _ := json.Marshal(body)
	a := acks.Ack{Account: p.id, Key: key, Path: path, Body: raw}
	status, answer = p.send(path, body, key)
	if status == 0 {
		s.note(a)
		s.unknown.Add(1)
	}
	for end := time.Now().Add(insisting); status == 0 && !walksAway && time.Now().Before(end); time.Sleep(again) {
		status, answer = p.send(path, body, key)
	}
	if status == 0 {
		return status, answer
	}
	a.Status, a.Answer = status, answer
	s.note(a)
	if status/100 != 2 {
		s.refused.Add(1)
		return status, answer
	}
	s.acknowledged.Add(1)
	if rand.IntN(20) == 0 { // who was told asks once more under his key: he is told the same
		if a.Status, a.Answer = p.send(path, body, key); a.Status != 0 {
			s.note(a)
		}
	}
	return status, answer
}

// must is post that has to be accepted; it gives the id of what was made.
func (p *person) must(path string, body any) (id string) {
	p.site.t.Helper()
	status, answer := p.post(path, body, false)
	var got struct{ ID string }
	if err := json.Unmarshal(answer, &got); err != nil || status/100 != 2 {
		p.site.t.Fatalf("POST %s: %d %s", path, status, answer)
	}
	return got.ID
}
