package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"haggle/internal/market"
)

// sheet is one form of a page: where it is sent to, and its fields.
type sheet struct {
	action  string
	fields  map[string][]string // names and values as they are drawn
	typing  []string            // names that people type into
	secrets []string            // names of fields for passwords, codes and cards
}

// sheets finds the forms of a page that change something.
func sheets(t *testing.T, page string) (found []sheet) {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *html.Node, in *sheet)
	walk = func(n *html.Node, in *sheet) {
		if n.Type == html.ElementNode {
			if n.Data == "form" && attr(n, "method") == "post" {
				action, _, _ := strings.Cut(attr(n, "action"), "#")
				found = append(found, sheet{action: action, fields: map[string][]string{}})
				in = &found[len(found)-1]
			}
			if in != nil {
				in.add(n)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, in)
			if n.Data == "form" && attr(n, "method") == "post" {
				in = &found[len(found)-1]
			}
		}
	}
	walk(doc, nil)
	return found
}

func (s *sheet) add(n *html.Node) {
	name := attr(n, "name")
	kind := attr(n, "type")
	switch {
	case name == "" || n.Data != "input" && n.Data != "textarea" && n.Data != "select":
	case kind == "password" || attr(n, "autocomplete") == "one-time-code" || strings.HasPrefix(attr(n, "autocomplete"), "cc-"):
		s.secrets = append(s.secrets, name)
		s.fields[name] = append(s.fields[name], "")
	case kind == "file":
	case kind == "hidden" || kind == "checkbox" || kind == "radio":
		s.fields[name] = append(s.fields[name], attr(n, "value"))
	case n.Data == "select":
		s.fields[name] = append(s.fields[name], firstOption(n))
	default:
		s.typing = append(s.typing, name)
		s.fields[name] = append(s.fields[name], attr(n, "value"))
	}
}

func firstOption(n *html.Node) string {
	value := ""
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "option" {
			value = attr(c, "value")
		}
	}
	return value
}

// filled fills every field that is typed into with a word of its own, every secret one with another.
func (s sheet) filled() (form url.Values, words, secrets []string) {
	form = url.Values{}
	n := 0
	for name, values := range s.fields {
		for _, v := range values {
			n++
			switch {
			case slices.Contains(s.secrets, name):
				v = fmt.Sprintf("hush-%d-%d", len(name), n)
				secrets = append(secrets, v)
			case slices.Contains(s.typing, name):
				v = fmt.Sprintf("word-%d-%s", n, name)
				words = append(words, v)
			}
			form.Add(name, v)
		}
	}
	return form, words, secrets
}

// keptPages are every page that somebody signed in may look at.
func keptPages() map[string]reader {
	pages := everyPage()
	for path, who := range pages {
		if who.token == "" {
			delete(pages, path)
		}
	}
	for _, path := range []string{"/settings/mail", "/settings/two-factor"} {
		pages[path] = member
	}
	for _, form := range []string{"/sell/auction", "/sell/fixed", "/request", "/group"} {
		for _, step := range []string{"2", "3"} {
			pages[form+"?at="+step] = member
		}
	}
	return pages
}

// TestEveryFormIsKept fills every form of every page, every field with a word of its own, and sends it when the session is
// gone. Nothing is done; the same person gets every word back in its place, another one none, and no secret is kept.
func TestEveryFormIsKept(t *testing.T) {
	r := newRig(t)
	seen, words, hushed := map[string]bool{}, 0, 0
	for path, who := range keptPages() {
		for _, s := range sheets(t, r.get(who, path).body) {
			if s.action == "/language" || s.action == "/sign-out" || seen[s.action+" "+strings.Join(s.typing, " ")] {
				continue
			}
			seen[s.action+" "+strings.Join(s.typing, " ")] = true
			form, typed, secrets := s.filled()
			words, hushed = words+len(typed), hushed+len(secrets)
			r.keptAndBack(t, who, s.action, form, typed, secrets)
		}
	}
	if len(seen) < 30 || words < 60 || hushed < 5 {
		t.Errorf("only %d forms with %d fields and %d secrets were seen", len(seen), words, hushed)
	}
	t.Logf("%d forms, %d fields typed into, %d secret ones", len(seen), words, hushed)
}

func (r *rig) keptAndBack(t *testing.T, who reader, action string, form url.Values, words, secrets []string) {
	t.Helper()
	r.market.calls, r.market.kept = nil, nil
	gone := reader{token: "revoked", lang: "en"}
	a := r.send(gone, formRequest(action, form))
	if len(r.market.calls) > 0 {
		t.Errorf("%s reached the market: %q", action, r.market.calls)
	}
	if len(words) == 0 {
		return // nothing was typed: the page itself is all there is to come back to
	}
	a.leadsTo(t, "/sign-in?next=/kept")
	ticket := a.cookie(r.site.hostCookie(keptCookie))
	if ticket == nil || len(r.market.kept) != 1 {
		t.Errorf("%s: kept %v", action, r.market.kept)
		return
	}
	kept := fmt.Sprint(r.market.kept)
	for _, s := range append(secrets, form.Get("csrf")) {
		if strings.Contains(kept, s) {
			t.Errorf("%s keeps a secret: %s", action, kept)
		}
	}
	other := owner
	if who.token == ownerToken {
		other = member
	}
	for _, someone := range []reader{who, other} {
		someone.cookies = []*http.Cookie{ticket}
		b := r.get(someone, "/kept")
		for _, w := range words {
			if strings.Contains(b.body, w) != (someone.token == who.token) {
				t.Errorf("%s: %q shown is %v, to the one who typed it: %v\n%d %s", action, w, strings.Contains(b.body, w), someone.token == who.token, b.StatusCode, b.Header.Get("Location"))
			}
		}
		if someone.token == who.token {
			checkPage(t, "en", b)
			b.says(t, http.StatusOK, "You were signed out before this was sent")
		}
	}
	if slices.ContainsFunc(r.market.calls, func(c string) bool { return !strings.HasPrefix(c, "preview") }) {
		t.Errorf("%s was sent by itself: %q", action, r.market.calls)
	}
}

// TestAFormOfAnEarlierSession: who has signed in again in the meantime gets his form back at once.
func TestAFormOfAnEarlierSession(t *testing.T) {
	r := newRig(t)
	old := r.site.formToken("session of last week", "u1")
	a := r.send(member, formRequest("/deals/auction/bids", url.Values{"csrf": {old}, "max": {"3,333"}}))
	a.leadsTo(t, "/kept")
	who := member
	who.cookies = []*http.Cookie{a.cookie(r.site.hostCookie(keptCookie))}
	r.get(who, "/kept").says(t, http.StatusOK, `value="3,333"`)
	r.send(who, formRequest("/deals/auction/bids", url.Values{"csrf": {r.tokenOf(member)}, "max": {"3,333"}})).leadsTo(t, "/deals/auction#main")
	if len(r.market.kept) > 0 {
		t.Error("what was sent is still kept")
	}
	r.send(owner, formRequest("/wallet/deposits", url.Values{"csrf": {old}, "amount": {"10"}})).says(t, http.StatusForbidden)
	for _, k := range r.market.kept {
		if k.account != "u1" {
			t.Errorf("kept for %q", k.account)
		}
	}
}

// TestAnOpenFormOfAnEarlierSession: what a guest may send is shown again at once, and nothing is done before he sends it again.
func TestAnOpenFormOfAnEarlierSession(t *testing.T) {
	r := newRig(t)
	for path, field := range map[string]string{"/forgot": "email", "/sign-in": "email", "/sign-up": "name"} {
		form := url.Values{"csrf": {r.tokenOf(member)}, field: {"mei-lin"}, "password": {"hush hush hush"}}
		a := r.send(guest, formRequest(path, form))
		a.says(t, http.StatusOK, `value="mei-lin"`, "This page was too old")
		if strings.Contains(a.body, "hush") || len(r.market.calls) > 0 || len(r.market.kept) > 0 {
			t.Errorf("%s: asked %q, kept %v", path, r.market.calls, r.market.kept)
		}
		checkPage(t, "en", a)
	}
}

func TestWhatIsNotKept(t *testing.T) {
	r := newRig(t)
	right := r.tokenOf(member)
	for name, change := range map[string]func(*http.Request){
		"from another site": func(q *http.Request) { q.Header.Set("Sec-Fetch-Site", "cross-site") },
		"by a script":       func(q *http.Request) { q.Header.Set("Sec-Fetch-Dest", "empty") },
	} {
		req := formRequest("/deals/auction/bids", url.Values{"csrf": {right}, "max": {"3,200"}})
		change(req)
		if a := r.send(guest, req); a.cookie(r.site.hostCookie(keptCookie)) != nil || len(r.market.kept) > 0 {
			t.Errorf("%s: %v", name, r.market.kept)
		}
	}
	for _, token := range []string{"", right[:len(right)-2] + "u9", "x." + right, r.site.formToken("guest x", "")} {
		r.send(guest, formRequest("/deals/auction/bids", url.Values{"csrf": {token}, "max": {"3,200"}}))
		if len(r.market.kept) > 0 {
			t.Errorf("the token %q: %v", token, r.market.kept)
		}
	}
}

// TestAKeptFormIsThrownAway by whom it is for.
func TestAKeptFormIsThrownAway(t *testing.T) {
	r := newRig(t)
	ticket, _ := r.market.KeepForm(context.Background(), "u1", "", market.KeptForm{Path: "/deals/auction/bids", Values: map[string][]string{"max": {"3,200"}}})
	who := member
	who.cookies = []*http.Cookie{{Name: r.site.hostCookie(keptCookie), Value: ticket}}
	r.get(who, "/kept").says(t, http.StatusOK, "Throw it away")
	r.post(who, "/kept/discard").leadsTo(t, "/")
	if len(r.market.kept) > 0 {
		t.Error("it is still there")
	}
	r.get(who, "/kept").leadsTo(t, "/")
	r.get(who, "/deals/auction").says(t, http.StatusOK)
}

// TestPausedDoesNothing calls everything that a market has: whatever is no look at it answers that nothing is done here. A
// new act fails here until it is paused, too.
func TestPausedDoesNothing(t *testing.T) {
	looks := strings.Fields(`Site Categories Deal List Mine OpenDeals History OpenPhoto Preview Orders Order Wallet Free WalletParts WalletEntries
		Authenticate Sessions Tokens Me Person Reputation Blocked Blocks AwaitsSecondStep Providers Welcome PasskeyHost Ways Enrolment EnrolmentPicture
		ConfirmLink ResetLink CheckMailOff Unread Notices NoticesSince Notice WatchNotices Alive
		TryListing TryRequest TryGroup Photos Drafts Draft KeptForm
		Watches Watchlist SavedSearches SavedSearch Threads Thread ThreadAbout OpenMessagePhoto Devices SecondChances`)
	p := reflect.ValueOf(paused{&fake{}})
	all := reflect.TypeFor[Market]()
	for i := range all.NumMethod() {
		name := all.Method(i).Name
		if slices.Contains(looks, name) {
			continue
		}
		m := p.MethodByName(name)
		args := make([]reflect.Value, m.Type().NumIn())
		for i := range args {
			args[i] = reflect.Zero(m.Type().In(i))
		}
		if err := lastOf(m, args); !errors.Is(err, errPaused) {
			t.Errorf("%s is done on a page that only shows a form: %v", name, err)
		}
	}
}

// lastOf calls a method and gives the error that it answers, or the one that it panics with.
func lastOf(m reflect.Value, args []reflect.Value) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	out := m.Call(args)
	err, _ = out[len(out)-1].Interface().(error)
	return err
}
