package acceptance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"haggle/internal/testenv"
)

// TestLogNamesRequestsAndTellsNoSecret does what makes log lines, with all of them on, and reads the whole log: every line is
// JSON, every line about a request names it, and nothing that only one person may know is in it.
func TestLogNamesRequestsAndTellsNoSecret(t *testing.T) {
	t.Parallel()
	const metrics, siteSecret = "metrics-token-hush", "9f86d081884c7d659a2feaa0c55ad0159f86d081"
	m, post := startWithMail(t, "--log=json", "--log-level=debug", "--access-log", "--metrics-token="+metrics, "--secret="+siteSecret)
	var secrets []string
	hide := func(s string) string { secrets = append(secrets, s); return s }
	hide(metrics)
	hide(siteSecret)
	hide(password)

	email := hide(fmt.Sprintf("hidden-%d@haggle.test", people.Add(1)))
	b := m.visitor()
	page := b.send(b.get(m.site.URL+"/sign-up", 200), "/sign-up", 200, "email", email, "password", password, "name", "Hidden")
	confirm := hide(tokenIn(t, link(t, letter(t, post, email, "confirm-", 1), "/confirm")))
	b.get(m.site.URL+"/confirm?token="+confirm, 200)
	b.send(b.get(m.site.URL+"/forgot", 200), "/forgot", 200, "email", email)
	reset := hide(tokenIn(t, link(t, letter(t, post, email, "reset-", 1), "/reset")))
	b.get(m.site.URL+"/reset?token="+reset, 200)
	b.get(m.site.URL+"/reset?token="+hide("a-token-that-is-none"), 410)
	home, err := url.Parse(m.site.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range b.client.Jar.Cookies(home) {
		if len(c.Value) > 20 {
			hide(c.Value)
		}
	}
	hide(formToken.FindStringSubmatch(page)[1])

	seller, bidder := m.person("seller", 0), m.person("bidder", 0)
	hide(seller.token)
	hide(bidder.token)
	bidder.do("POST", "/wallet/deposits", obj{"amount": 900_000_000, "card": hide("4242424242424242")}).want(201)
	bidder.do("POST", "/wallet/deposits", obj{"amount": 900_000_000, "card": hide("4000000000000002")}).want(402)
	id := seller.auction(2, obj{"reservePrice": 731_846_200, "softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
	hide("731846200")
	hide("7318462")
	bidder.do("POST", "/listings/"+id+"/bids?max="+hide("518273600"), obj{"max": 818_273_600}, "Idempotency-Key", "the key").want(201)
	hide("818273600")
	bidder.do("POST", "/listings/"+id+"/bids", obj{"max": 828_273_600}, "Idempotency-Key", "the key").refused(409, "idempotency_key_reused")
	bidder.do("POST", "/listings/"+id+"/bids", `{"max": 5182`).want(400)
	m.guest().do("POST", "/sessions", obj{"email": email, "password": hide("a wrong password")}).refused(401, "wrong_credentials")
	person{m: m, token: hide("a token that nobody has")}.do("GET", "/wallet", nil).refused(401, "unauthenticated")
	bidder.closed(id, 15*time.Second)
	post.Down() // what cannot be sent is logged
	b.send(b.get(m.site.URL+"/forgot", 200), "/forgot", 200, "email", email)
	b.get(m.site.URL+"/nothing/"+id, 404)
	time.Sleep(2500 * time.Millisecond)
	m.site.Stop()

	log := m.site.Log()
	for _, s := range secrets {
		if i := strings.Index(log, s); i >= 0 {
			t.Errorf("the log has %q: %s", s, log[max(0, i-200):min(len(log), i+100)])
		}
	}
	holdLines(t, log, id)
}

// holdLines reads a log line by line.
func holdLines(t *testing.T, log, id string) {
	t.Helper()
	routes, requests := map[string]int{}, 0
	for line := range strings.Lines(log) {
		var l struct {
			Level, Msg, Request, Method, Route string
			Time                               time.Time
			Status, Bytes                      int
			Took                               time.Duration
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Time.IsZero() || l.Level == "" || l.Msg == "" {
			t.Errorf("no line of a log: %s", line)
			continue
		}
		if l.Msg != "request" && l.Msg != "slow request" {
			continue
		}
		requests++
		routes[l.Method+" "+l.Route]++
		if len(l.Request) != 12 || l.Status < 200 || l.Took <= 0 || l.Level != "INFO" && l.Msg == "request" || strings.Contains(l.Route, id) {
			t.Errorf("a request's line: %s", line)
		}
	}
	for _, want := range []string{"POST /api/v1/listings/:id/bids", "GET /confirm", "GET /reset", "POST /api/v1/wallet/deposits", "GET -"} {
		if routes[want] == 0 {
			t.Errorf("no line says %q; there are %d requests: %v", want, requests, routes)
		}
	}
}

// TestPasswordOfTheMailServerIsNotLogged signs in to a mail server that does not let it.
func TestPasswordOfTheMailServerIsNotLogged(t *testing.T) {
	t.Parallel()
	_, post := startWithMail(t)
	m := start(t, "--mail=smtp://shop:hush-hush@"+post.Addr+"?tls=none", "--log-level=debug")
	p := m.person("anna", 0)
	for end := time.Now().Add(15 * time.Second); !strings.Contains(m.site.Log(), "a mail was not taken"); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the log does not tell that mail to %s goes nowhere:\n%s", p.email(), m.site.Log())
		}
	}
	if out, _ := m.run("doctor", "--mail=smtp://shop:hush-hush@"+post.Addr+"?tls=none"); strings.Contains(m.site.Log()+out, "hush-hush") {
		t.Error("the password is shown")
	}
}

// TestPhotosOfABucketThatIsDown trades while the photos' place answers nothing but errors: photos alone are unavailable.
func TestPhotosOfABucketThatIsDown(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hush-hush")
	down := "s3://photos?region=eu-central-1&endpoint=http://127.0.0.1:1"
	m := &market{t: t, args: []string{"--limits=off"}, site: testenv.Serve(t, "--limits=off", "--photos="+down)}
	seller, bidder := m.person("seller", 0), m.person("bidder", 0)
	id := seller.auction(2, obj{"softClose": obj{"windowSeconds": 0, "extendSeconds": 0}})
	bidder.do("POST", "/listings/"+id+"/bids", obj{"max": 200_000}).want(201)
	body, kind := upload("photo", picture())
	seller.do("POST", "/photos", body, "Content-Type", kind).refused(503, "unavailable")
	res, err := http.Get(m.site.URL + "/photos/" + strings.Repeat("a", 64) + "/full.jpg")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 503 || res.Header.Get("Retry-After") == "" || strings.Contains(res.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("a photo: %d %v", res.StatusCode, res.Header)
	}
	if res, err = http.Get(m.site.URL + "/readyz"); err != nil || res.StatusCode != 200 {
		t.Errorf("readyz: %v", err)
	}
	_ = res.Body.Close()
	if got := bidder.closed(id, 15*time.Second).str("outcome.result"); got != "sold" {
		t.Errorf("the auction is %s", got)
	}
	if log := m.site.Log(); !strings.Contains(log, "unavailable") || strings.Contains(log, "hush-hush") {
		t.Errorf("the log: %s", log)
	}
}
