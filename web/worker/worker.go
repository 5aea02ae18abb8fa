// Package worker is what makes the site one that can be put on a home screen: its service worker, its manifest and its icons.
//
// Most callers need three functions: [Script], [Manifest] and [Icon].
package worker

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"haggle/web/locale"
	"haggle/web/static"
)

//go:embed sw.js
var script string

// OfflinePath is the page that is shown without a net.
const OfflinePath = "/offline"

// Script is the service worker for one language. It is another one once an asset is.
func Script(l locale.Lang, site string) []byte {
	settings, err := json.Marshal(map[string]any{"cache": "haggle " + static.Version() + " " + string(l), "offline": OfflinePath + "?lang=" + string(l),
		"assets": static.Addresses(), "name": site, "icon": IconPath(192, Any)})
	if err != nil {
		panic(err) // strings always encode
	}
	quoted, err := json.Marshal(string(settings))
	if err != nil {
		panic(err)
	}
	return []byte(strings.Replace(script, "SETTINGS", string(quoted), 1))
}

// Colours of the frame that the system draws around the site, as in the tokens of its style sheet.
const (
	paper = "#FBF8F3"
	brick = "#A63A1F"
)

// Manifest is the site's manifest in one language.
func Manifest(p locale.Printer, site string) []byte {
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose"`
	}
	type shortcut struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	var icons []icon
	for _, purpose := range []Purpose{Any, Maskable} {
		for _, size := range []int{192, 512} {
			icons = append(icons, icon{IconPath(size, purpose), fmt.Sprintf("%dx%d", size, size), "image/png", string(purpose)})
		}
	}
	b, err := json.MarshalIndent(map[string]any{
		"id": "/", "name": site, "short_name": site, "description": p.T("app.what"), "lang": string(p.Lang), "dir": "ltr",
		"start_url": "/", "scope": "/", "display": "standalone", "background_color": paper, "theme_color": brick, "icons": icons,
		"shortcuts": []shortcut{{p.T("nav.my"), "/my"}, {p.T("notices.title"), "/notifications"}, {p.T("nav.open"), "/sell"}},
	}, "", "  ")
	if err != nil {
		panic(err)
	}
	return append(b, '\n')
}
