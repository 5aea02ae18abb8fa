package acceptance

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
)

// complete adds every page of the table of routes that is not in the gallery yet, so that a new page is looked at from
// its first day: for everybody where a guest is shown it, else for the reader. One with a parameter must be there by an
// address somebody wrote down.
func (g gallery) complete(reader person) gallery {
	t := reader.m.t
	t.Helper()
	source, err := os.ReadFile("../routes.go")
	if err != nil {
		t.Fatal(err)
	}
	routes := pageRoute.FindAllStringSubmatch(string(source), -1)
	if len(routes) < 20 {
		t.Fatalf("%d pages in the table of routes", len(routes))
	}
	for _, topic := range helpTopic.FindAllString(reader.m.guest().page("/help"), -1) {
		if !g.has(topic) {
			g.public = append(g.public, topic)
		}
	}
	for _, f := range routes {
		switch route := f[1]; {
		case strings.ContainsAny(route, ":*"):
			if !g.shows(route) && !pageless[route] {
				t.Errorf("no page of the gallery is a %s", route)
			}
		case g.has(route):
		case reader.m.guest().page(route) != "":
			g.public = append(g.public, route)
		case reader.page(route) != "":
			g.private = append(g.private, route)
		}
	}
	return g
}

// pageless are routes with a parameter that have no page of their own: they lead on, or answer with a part of a page, a
// picture or a file.
var pageless = map[string]bool{
	"/people/:id/:act": true, "/deals/:id/:act": true, "/orders/:id/:act": true, "/wallet/:act": true, "/settings/*": true, "/settings/mail/*": true,
	"/sign-in/*": true, "/deals/:id/live": true, "/deals/:id/card.png": true, "/deals/:id/code.svg": true, "/deals/:id/receipt": true,
	"/sitemaps/:page":                  true,
	"/sign-in/with/:provider/callback": true, "/notifications/:id": true,
	"/sell/drafts/*": true, "/kept/*": true, "/saved-searches/:id": true,
}

func (g gallery) has(path string) bool {
	return slices.Contains(g.public, path) || slices.Contains(g.private, path)
}

// shows says whether a page of the gallery is one of this route.
func (g gallery) shows(route string) bool {
	one := regexp.MustCompile("^" + regexp.MustCompile(`:\w+`).ReplaceAllString(route, `[^/?]+`) + `(\?|$)`)
	return slices.ContainsFunc(slices.Concat(g.public, g.private), one.MatchString)
}

// helpTopic finds the pages that the list of help leads to.
var helpTopic = regexp.MustCompile(`/help/[\w-]+`)

// page is the page that an address has for this person, empty where it leads on, refuses or is no page.
func (p person) page(path string) string {
	p.m.t.Helper()
	req, err := http.NewRequest("GET", p.m.site.URL+path, nil)
	if err != nil {
		p.m.t.Fatal(err)
	}
	if p.token != "" {
		req.AddCookie(&http.Cookie{Name: "haggle", Value: p.token})
	}
	res, err := http.DefaultTransport.RoundTrip(req) // what leads on is no page
	if err != nil {
		p.m.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.m.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		return ""
	}
	return string(body)
}
