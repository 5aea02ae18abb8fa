package acceptance

import (
	"html"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// mailBases are the acts about addresses and passwords. Their tokens stand in mails that this site keeps.
func (w *world) mailBases() map[string][]base {
	w.m.t.Helper()
	forgetful, mover := w.m.person("forgetful", 0), w.m.person("mover", 0)
	another := w.m.person("another", 0) // a further link would take the place of the one that is used here
	email := forgetful.email()
	w.m.guest().do("POST", "/forgotten-passwords", obj{"email": email}).want(204)
	return map[string][]base{
		"confirmEmail":       one(base{who: w.m.guest(), body: obj{"token": w.m.keptToken(w.stranger.email(), "/confirm")}}),
		"resendConfirmation": one(base{who: mover}),
		"changeEmail":        one(base{who: mover, body: obj{"email": "new-" + mover.email(), "password": password}, free: []string{"password"}}),
		"forgotPassword":     one(base{who: w.m.guest(), body: obj{"email": another.email()}}),
		"resetPassword":      one(base{who: w.m.guest(), body: obj{"token": w.m.keptToken(email, "/reset"), "password": "another long password"}}),
	}
}

// keptToken is the token of the newest link to a path that was mailed to an address, on a site that keeps its mail.
func (m *market) keptToken(address, path string) string {
	m.t.Helper()
	token := regexp.MustCompile(regexp.QuoteMeta(path) + `\?token=(hg_[\w-]+)`)
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		res, err := http.Get(m.site.URL + "/dev/mail")
		if err != nil {
			m.t.Fatal(err)
		}
		page := html.UnescapeString(string(readAll(m.t, res)))
		for _, letter := range strings.Split(page, "<article") {
			if found := token.FindStringSubmatch(letter); found != nil && strings.Contains(letter, "To "+address+",") {
				return found[1]
			}
		}
	}
	m.t.Fatalf("no mail to %s leads to %s", address, path)
	return ""
}

func readAll(t testing.TB, res *http.Response) []byte {
	t.Helper()
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
