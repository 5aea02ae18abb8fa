package acceptance

import (
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"haggle/internal/mail/mailtest"
)

// startWithMail starts a market that mails through a real server.
func startWithMail(t testing.TB, more ...string) (*market, *mailtest.Server) {
	t.Helper()
	post := mailtest.Listen(t)
	args := append([]string{"--mail=smtp://" + post.Addr + "?tls=none", "--mail-from=haggle <noreply@shop.example>"}, more...)
	return start(t, args...), post
}

// speaks changes a person's language.
func (p person) speaks(locale string) person {
	p.m.t.Helper()
	p.do("PATCH", "/me", obj{"locale": locale}).want(200)
	return p
}

// idOf is the left part of a letter's Message-ID.
func idOf(l mailtest.Received) string {
	id, _, _ := strings.Cut(strings.Trim(l.Header.Get("Message-ID"), "<>"), "@")
	return id
}

// to lists the letters to an address whose id begins so, oldest first.
func to(post *mailtest.Server, address, prefix string) (got []mailtest.Received) {
	for _, l := range post.Letters() {
		if l.To == address && strings.HasPrefix(idOf(l), prefix) {
			got = append(got, l)
		}
	}
	return got
}

// letter waits for the n-th letter (from 1) to an address whose id begins so.
func letter(t testing.TB, post *mailtest.Server, address, prefix string, n int) mailtest.Received {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if got := to(post, address, prefix); len(got) >= n {
			return got[n-1]
		}
		if time.Now().After(end) {
			t.Fatalf("no %d. letter %s to %s; there are %d letters", n, prefix, address, len(post.Letters()))
		}
	}
}

// link is the address in a letter that leads to a path.
func link(t testing.TB, l mailtest.Received, path string) string {
	t.Helper()
	found := regexp.MustCompile(`http\S*` + regexp.QuoteMeta(path) + `\S*`).FindString(l.Text)
	if found == "" || !strings.Contains(html.UnescapeString(l.HTML), found) {
		t.Fatalf("no link to %s in text and page:\n%s\n%s", path, l.Text, l.HTML)
	}
	return found
}

// visitor is a person's browser: it keeps cookies and sends forms as pages have them.
type visitor struct {
	t      testing.TB
	site   string
	client *http.Client
}

func (m *market) visitor() *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		m.t.Fatal(err)
	}
	return &visitor{m.t, m.site.URL, &http.Client{Jar: jar, Timeout: 30 * time.Second}}
}

// get loads a page, following redirects.
func (b *visitor) get(address string, want int) string {
	b.t.Helper()
	res, err := b.client.Get(address)
	return b.read(res, err, want)
}

func (b *visitor) read(res *http.Response, err error, want int) string {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	if res.StatusCode != want {
		b.t.Fatalf("%s %s: %d, want %d\n%s", res.Request.Method, res.Request.URL.Path, res.StatusCode, want, body[:min(len(body), 2000)])
	}
	return html.UnescapeString(string(body))
}

var formToken = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

// send sends the form of a page that was loaded, with fields in pairs.
func (b *visitor) send(page, path string, want int, fields ...string) string {
	b.t.Helper()
	form := url.Values{}
	if m := formToken.FindStringSubmatch(page); m != nil {
		form.Set("csrf", m[1])
	}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	res, err := b.client.PostForm(b.site+path, form)
	return b.read(res, err, want)
}

// has fails the test unless a page says all of it.
func (b *visitor) has(page string, texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if !strings.Contains(strings.ReplaceAll(page, "\u00a0", " "), text) {
			b.t.Errorf("the page does not say %q", text)
		}
	}
}

// tokenIn is the token of a link.
func tokenIn(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Query().Get("token") == "" {
		t.Fatalf("%s has no token", address)
	}
	return u.Query().Get("token")
}

// mailed is what one person must have been mailed: the beginnings of the subjects, in any order.
type mailed struct {
	who      person
	subjects []string
}

// exactly waits until everybody has what he must have, then some more, and fails where there is anything else. Letters that
// confirm addresses do not count. No letter may name another's address.
func exactly(t *testing.T, post *mailtest.Server, all ...mailed) {
	t.Helper()
	boxes := make([]string, len(all))
	for i, m := range all {
		boxes[i] = m.who.email()
	}
	var wrong []string
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		if wrong = compare(post, all, boxes); len(wrong) == 0 || time.Now().After(end) {
			break
		}
	}
	if len(wrong) == 0 {
		time.Sleep(2500 * time.Millisecond) // two rounds of the sender: what else?
		wrong = compare(post, all, boxes)
	}
	for _, w := range wrong {
		t.Error(w)
	}
	for _, l := range post.Letters() {
		whole := fmt.Sprint(l.Header) + l.Text + l.HTML
		for _, box := range boxes {
			if box != l.To && strings.Contains(whole, box) {
				t.Errorf("a letter to %s names %s: %s", l.To, box, l.Subject)
			}
		}
	}
}

func compare(post *mailtest.Server, all []mailed, boxes []string) (wrong []string) {
	for i, m := range all {
		left := slices.Clone(m.subjects)
		for _, l := range to(post, boxes[i], "") {
			if strings.HasPrefix(idOf(l), "confirm-") {
				continue
			}
			subject := strings.ReplaceAll(l.Subject, "\u00a0", " ")
			if j := slices.IndexFunc(left, func(s string) bool { return strings.HasPrefix(subject, s) }); j >= 0 {
				left = slices.Delete(left, j, j+1)
			} else {
				wrong = append(wrong, fmt.Sprintf("%s got %q, which nobody should send", boxes[i], subject))
			}
		}
		for _, s := range left {
			wrong = append(wrong, fmt.Sprintf("%s did not get %q", boxes[i], s))
		}
	}
	return wrong
}
