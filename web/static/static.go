// Package static carries the style sheets, scripts and icons inside the binary and serves them under /static/ with a
// hash of their content in the path, so that a browser keeps them for ever and never shows a stale one.
//
// The style sheets of css/ are one sheet in the order of their names: app.css. Scripts are ES modules that import each
// other by relative path, which stays inside the hashed folder.
package static

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"
)

//go:embed css/*.css js/*.js icons/*.svg
var files embed.FS

// Prefix is where everything of this package is served.
const Prefix = "/static/"

// MaxAge is how long a browser may keep an asset: its address changes with its content.
const MaxAge = 365 * 24 * time.Hour

// File is one asset as it is served.
type File struct {
	Type string // media type
	Body []byte
}

var (
	assets  = collect()
	version = fingerprint()
)

// URL is the address of an asset by its name: app.css, live.js, icon.svg.
func URL(name string) string { return Prefix + version + "/" + name }

// Find gives the asset under an address made by [URL]; other versions are not there.
func Find(address string) (File, bool) {
	name, ok := strings.CutPrefix(address, Prefix+version+"/")
	if !ok {
		return File{}, false
	}
	f, ok := assets[name]
	return f, ok
}

func collect() map[string]File {
	m := map[string]File{"app.css": {"text/css; charset=utf-8", sheet()}}
	add := func(pattern, mediaType string) {
		for _, name := range match(pattern) {
			m[path.Base(name)] = File{mediaType, read(name)}
		}
	}
	add("js/*.js", "text/javascript; charset=utf-8")
	add("icons/*.svg", "image/svg+xml")
	return m
}

// sheet joins the style sheets in the order of their names.
func sheet() []byte {
	var b bytes.Buffer
	for _, name := range match("css/*.css") {
		b.Write(read(name))
	}
	return b.Bytes()
}

func match(pattern string) []string {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic("static: " + err.Error())
	}
	sort.Strings(names)
	return names
}

func read(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic("static: " + err.Error())
	}
	return b
}

func fingerprint() string {
	names := make([]string, 0, len(assets))
	for n := range assets {
		names = append(names, n)
	}
	sort.Strings(names)
	h := sha256.New()
	for _, n := range names {
		h.Write([]byte(n + "\x00"))
		h.Write(assets[n].Body)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
