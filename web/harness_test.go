package web

import (
	"bytes"
	"fmt"
	"html"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"haggle/internal/money"
)

// rig is the pages over a fake market, and a browser of sorts.
type rig struct {
	t      *testing.T
	market *fake
	site   *site
	app    *fiber.App
	log    *bytes.Buffer
}

func newRig(t *testing.T, change ...func(*Deps)) *rig {
	t.Helper()
	twd, err := money.Lookup("TWD")
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, market: &fake{deals: dealFixtures(), orders: orderFixtures(), chance: chanceFixtures()}, log: &bytes.Buffer{}}
	deps := Deps{Market: r.market, URL: "http://haggle.test", Currency: twd, FormKey: bytes.Repeat([]byte{7}, 32), Sandbox: true,
		Now: func() time.Time { return clock }, Logger: slog.New(slog.NewTextHandler(r.log, nil))}
	for _, f := range change {
		f(&deps)
	}
	r.site = newSite(deps)
	r.app = fiber.New(fiber.Config{Immutable: true, ErrorHandler: ErrorHandler(deps), BodyLimit: 1 << 20})
	Pages(r.app, deps)
	return r
}

// reader is who asks, in which language.
type reader struct {
	token, lang string
	cookies     []*http.Cookie
}

var (
	guest  = reader{lang: "en"}
	member = reader{token: memberToken, lang: "en"}
	owner  = reader{token: ownerToken, lang: "en"}
)

func (who reader) in(lang string) reader { who.lang = lang; return who }

type answer struct {
	*http.Response
	body string
}

func (r *rig) send(who reader, req *http.Request) answer {
	r.t.Helper()
	req.Host = "haggle.test"
	if who.token != "" {
		req.AddCookie(&http.Cookie{Name: r.site.sessionCookie(), Value: who.token})
	}
	if who.lang != "" {
		req.AddCookie(&http.Cookie{Name: langCookie, Value: who.lang})
	}
	for _, k := range who.cookies {
		req.AddCookie(k)
	}
	res, err := r.app.Test(req, 10_000)
	if err != nil {
		r.t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return answer{res, string(body)}
}

func (r *rig) get(who reader, path string) answer {
	r.t.Helper()
	return r.send(who, httptest.NewRequest("GET", path, nil))
}

// post sends a form as the page of this reader would: with a token of his session and a key.
func (r *rig) post(who reader, path string, pairs ...string) answer {
	r.t.Helper()
	form := url.Values{"csrf": {r.tokenOf(who)}, "key": {"key-1"}}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return r.send(who, formRequest(path, form))
}

func formRequest(path string, form url.Values) *http.Request {
	req := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	return req
}

// upload sends a form with files.
func (r *rig) upload(who reader, path string, files []string, pairs ...string) answer {
	r.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	fields := append([]string{"csrf", r.tokenOf(who), "key", "key-1"}, pairs...)
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			r.t.Fatal(err)
		}
	}
	for i, content := range files {
		part, err := w.CreateFormFile("photos", fmt.Sprintf("%d.jpg", i))
		if err != nil {
			r.t.Fatal(err)
		}
		if _, err := io.WriteString(part, content); err != nil {
			r.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		r.t.Fatal(err)
	}
	req := httptest.NewRequest("POST", path, &b)
	req.Header.Set("Content-Type", w.FormDataContentType())
	return r.send(who, req)
}

func (r *rig) tokenOf(who reader) string {
	switch who.token {
	case memberToken:
		return r.site.formToken("session s1", "u1")
	case ownerToken:
		return r.site.formToken("session s2", "owner")
	}
	return ""
}

func (a answer) cookie(name string) *http.Cookie {
	for _, k := range a.Cookies() {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// leadsTo checks a redirect after an act.
func (a answer) leadsTo(t *testing.T, to string) {
	t.Helper()
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != to {
		t.Errorf("answered %d to %q, want 303 to %q\n%s", a.StatusCode, a.Header.Get("Location"), to, clip(a.body))
	}
}

// says checks the status and that the page says all of it.
func (a answer) says(t *testing.T, status int, texts ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("answered %d, want %d\n%s", a.StatusCode, status, clip(a.body))
	}
	for _, text := range texts {
		if !strings.Contains(strings.ReplaceAll(html.UnescapeString(a.body), "\u00a0", " "), text) {
			t.Errorf("the page does not say %q", text)
		}
	}
}

func clip(s string) string { return s[:min(len(s), 300)] }
