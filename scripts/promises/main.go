// Command promises holds the table of promises against a test run:
//
//	go test -json ./... > run.json; go run ./scripts/promises run.json
//
// It prints what failed, what was skipped and how long each package took, and exits 1 when a test failed, when a test
// that the table names did not pass, or when a suite ran a different number of tests on the two stores.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"sort"
	"strings"
)

// event is one line of `go test -json`.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

// run is what a test run said.
type run struct {
	result   map[string]string // package.Test → pass, fail, skip
	output   map[string][]string
	packages map[string]event
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: promises RUN.json")
		os.Exit(2)
	}
	r, err := read(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "promises:", err)
		os.Exit(2)
	}
	bad := r.printFailures()
	r.printSkips()
	r.printDurations()
	bad += r.checkTable("scripts/promises.md")
	bad += r.checkStores()
	passed, failed, skipped := r.count()
	fmt.Printf("\n%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	if bad > 0 || failed > 0 {
		os.Exit(1)
	}
}

func read(file string) (*run, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := &run{result: map[string]string{}, output: map[string][]string{}, packages: map[string]event{}}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) == nil {
			r.add(e)
		}
	}
	return r, lines.Err()
}

func (r *run) add(e event) {
	pkg := strings.TrimPrefix(e.Package, "haggle/")
	name := pkg + "." + e.Test
	switch e.Action {
	case "output":
		r.output[name] = append(r.output[name], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.packages[pkg] = e
			return
		}
		r.result[name] = e.Action
	}
}

func (r *run) count() (passed, failed, skipped int) {
	for _, v := range r.result {
		switch v {
		case "pass":
			passed++
		case "fail":
			failed++
		case "skip":
			skipped++
		}
	}
	return
}

func (r *run) names(action string) []string {
	var out []string
	for n, v := range r.result {
		if v == action {
			out = append(out, n)
		}
	}
	sort.Strings(out)
	return out
}

func (r *run) printFailures() (bad int) {
	for _, n := range r.names("fail") {
		fmt.Printf("FAIL %s\n%s", n, indent(r.output[n]))
	}
	for pkg, e := range r.packages {
		if e.Action == "fail" {
			bad++
			fmt.Printf("FAIL package %s\n%s", pkg, indent(r.output[pkg+"."]))
		}
	}
	return bad
}

func indent(lines []string) string {
	const most = 60
	if len(lines) > most {
		lines = append([]string{fmt.Sprintf("(%d lines before)\n", len(lines)-most)}, lines[len(lines)-most:]...)
	}
	return "    " + strings.Join(lines, "    ")
}

func (r *run) printSkips() {
	for _, n := range r.names("skip") {
		fmt.Printf("SKIP %s\n", n)
	}
}

func (r *run) printDurations() {
	var all []string
	for pkg := range r.packages {
		all = append(all, pkg)
	}
	sort.Slice(all, func(i, j int) bool { return r.packages[all[i]].Elapsed > r.packages[all[j]].Elapsed })
	fmt.Println("\nseconds by package:")
	for _, pkg := range all {
		if s := r.packages[pkg].Elapsed; s >= 0.5 {
			fmt.Printf("  %7.1f  %s\n", s, pkg)
		}
	}
}

// named finds `path/to/package.TestName` and `path.TestName/sub` between backquotes.
var named = regexp.MustCompile("`([a-z][a-z0-9_/]*\\.Test[A-Za-z0-9_]+(?:/[^`]+)?)`")

// mayBeSkipped are promises that rest on a server no registry carries.
var mayBeSkipped = regexp.MustCompile(`^internal/search/meili\.`)

func (r *run) checkTable(file string) (bad int) {
	text, err := os.ReadFile(file)
	if err != nil {
		fmt.Println("promises:", err)
		return 1
	}
	seen := map[string]bool{}
	for _, m := range named.FindAllStringSubmatch(string(text), -1) {
		name := m[1]
		if seen[name] {
			continue
		}
		seen[name] = true
		switch got := r.result[name]; {
		case got == "pass", got == "skip" && mayBeSkipped.MatchString(name):
		case got == "":
			bad++
			fmt.Printf("PROMISE %s did not run\n", name)
		default:
			bad++
			fmt.Printf("PROMISE %s: %s\n", name, got)
		}
	}
	fmt.Printf("\npromises: %d tests named, %d missing or not passed\n", len(seen), bad)
	if len(seen) == 0 {
		return 1
	}
	return bad
}

// suites are run once a store, under a subtest named after it.
var suites = []string{"internal/store/{}.TestEngine", "internal/engine.TestSuite/{}"}

// checkStores compares how many subtests each suite passed on each store.
func (r *run) checkStores() (bad int) {
	for _, suite := range suites {
		n := map[string]int{}
		for _, store := range []string{"sqlite", "mongo"} {
			prefix := strings.ReplaceAll(suite, "{}", store) + "/"
			for name, v := range r.result {
				if v == "pass" && strings.HasPrefix(name, prefix) {
					n[store]++
				}
			}
		}
		fmt.Printf("suite %s: %d subtests on sqlite, %d on mongo\n", suite, n["sqlite"], n["mongo"])
		if n["sqlite"] == 0 || n["sqlite"] != n["mongo"] {
			bad++
		}
	}
	return bad
}
