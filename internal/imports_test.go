package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// layers list the packages of the house from the ground up. A package may import only packages of lower layers, or
// of its own subtree; ports never import each other.
var layers = []struct {
	name  string
	paths []string
	peers bool // packages of this layer may import each other
	pure  bool // only the standard library and lower layers
}{
	{name: "vocabulary", paths: []string{"internal/fault", "internal/money"}, pure: true},
	{name: "pure", paths: []string{"internal/ledger", "internal/deal", "internal/order", "internal/reputation"}, peers: true, pure: true},
	{name: "ports", paths: []string{"internal/store", "internal/search", "internal/pay", "internal/queue", "internal/live", "internal/blob", "internal/mail", "internal/identity", "internal/limit", "internal/peer", "internal/push", "internal/recent", "internal/redisconn"}},
	{name: "engine", paths: []string{"internal/engine"}},
	{name: "market", paths: []string{"internal/market"}},
	{name: "edges", paths: []string{"workers", "web"}, peers: true},
	{name: "wiring", paths: []string{"internal/config", "cmd", "scripts"}, peers: true},
}

// testOnly may be imported by tests of any layer, and import any layer.
var testOnly = []string{"internal/testenv", "internal/deal/dealtest", "internal/store/storetest"}

func layerOf(path string) (layer int, root string) {
	for i, l := range layers {
		for _, p := range l.paths {
			if path == p || strings.HasPrefix(path, p+"/") {
				return i, p
			}
		}
	}
	return -1, ""
}

func TestImportsPointDown(t *testing.T) {
	seen := 0
	err := filepath.WalkDir("..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		rel, _ := filepath.Rel("..", file)
		seen += checkFile(t, filepath.ToSlash(rel), file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Fatal("no import was checked")
	}
}

func checkFile(t *testing.T, rel, file string) (checked int) {
	from, fromRoot := layerOf(rel[:strings.LastIndexByte(rel, '/')+1] + "x")
	if from < 0 || isTestOnly(rel) {
		return 0
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range parsed.Imports {
		path, _ := strconv.Unquote(spec.Path.Value)
		checked++
		checkImport(t, rel, from, fromRoot, path)
	}
	return checked
}

func checkImport(t *testing.T, file string, from int, fromRoot, path string) {
	mine, ok := strings.CutPrefix(path, "haggle/")
	if !ok {
		if layers[from].pure && strings.Contains(strings.SplitN(path, "/", 2)[0], ".") && !isTestOnly(file) {
			t.Errorf("%s: a pure package imports %s", file, path)
		}
		return
	}
	to, toRoot := layerOf(mine)
	switch {
	case isTestOnly(mine + "/"):
		if !strings.HasSuffix(fromRoot, "test") && !strings.Contains(file, "test/") {
			t.Errorf("%s imports %s, which is for tests", file, path)
		}
	case to < 0:
		t.Errorf("%s imports %s, which has no place in the house", file, path)
	case to > from:
		t.Errorf("%s (%s) imports %s, which stands above it (%s)", file, layers[from].name, path, layers[to].name)
	case to == from && toRoot != fromRoot && !layers[from].peers:
		t.Errorf("%s imports %s: %s never import each other", file, path, layers[from].name)
	}
}

func isTestOnly(path string) bool {
	for _, p := range testOnly {
		if strings.HasPrefix(path, p+"/") || strings.HasPrefix(path, p+".") {
			return true
		}
	}
	return strings.Contains(path, "test/") && strings.HasPrefix(path, "internal/")
}
