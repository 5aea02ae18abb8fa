// Package testenv finds what tests need and a user does not: the shared data files, real servers, a browser.
//
// What is missing skips the test with one sentence, or fails it where HAGGLE_TEST_REQUIRE (a comma list of mongod,
// redis, chromium, axe, meili, shared) names it. Servers listen on loopback, keep their data in a temporary folder and
// end with the process, however that ends.
//
//	HAGGLE_SHARED         folder of shared data; default ../shared beside the folder of go.mod
//	HAGGLE_TEST_MONGOD    path of mongod; else PATH
//	HAGGLE_TEST_REDIS     path of redis-server; else PATH
//	HAGGLE_TEST_CHROMIUM  path of Chromium; else PATH
//	HAGGLE_TEST_AXE       path of axe.min.js
//	HAGGLE_TEST_MEILI     URL of a Meilisearch, its key in HAGGLE_TEST_MEILI_KEY
//	HAGGLE_SAMPLE         large: suites that draw a part of their cases draw more of them
//	HAGGLE_FULL           set: suites run at full size
//	HAGGLE_RAPID_CHECKS   number of cases per property
package testenv

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Require goes on where ok. Else it skips the test, or fails it where HAGGLE_TEST_REQUIRE lists name.
func Require(t testing.TB, name string, ok bool, why string) {
	t.Helper()
	switch {
	case ok:
	case slices.Contains(strings.Split(os.Getenv("HAGGLE_TEST_REQUIRE"), ","), name):
		t.Fatalf("%s is required and missing: %s", name, why)
	default:
		t.Skipf("SKIPPED for want of %s: %s", name, why)
	}
}

// Shared is the path of a file or folder in the shared folder.
func Shared(t testing.TB, elems ...string) string {
	t.Helper()
	root := os.Getenv("HAGGLE_SHARED")
	if root == "" {
		root = filepath.Join(moduleRoot(t), "..", "shared")
	}
	path := filepath.Join(append([]string{root}, elems...)...)
	_, err := os.Stat(path)
	Require(t, "shared", err == nil, "there is no "+filepath.Join(elems...)+" in the shared folder (HAGGLE_SHARED)")
	return path
}

// moduleRoot is the folder of go.mod.
func moduleRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			t.Fatal("no go.mod above the working directory")
		}
		dir = up
	}
}

// Chromium is the path of a Chromium browser.
func Chromium(t testing.TB) string {
	t.Helper()
	return program(t, "chromium", "HAGGLE_TEST_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
}

// Axe is the path of axe-core's script.
func Axe(t testing.TB) string {
	t.Helper()
	path := os.Getenv("HAGGLE_TEST_AXE")
	_, err := os.Stat(path)
	Require(t, "axe", path != "" && err == nil, "HAGGLE_TEST_AXE is not the path of axe.min.js")
	return path
}

// Meili is the address and the key of a running Meilisearch.
func Meili(t testing.TB) (url, key string) {
	t.Helper()
	url = os.Getenv("HAGGLE_TEST_MEILI")
	Require(t, "meili", url != "", "HAGGLE_TEST_MEILI is not the URL of a Meilisearch")
	return url, os.Getenv("HAGGLE_TEST_MEILI_KEY")
}

// program finds an executable by a variable of the environment, or by its names in PATH.
func program(t testing.TB, need, variable string, names ...string) string {
	t.Helper()
	if path := os.Getenv(variable); path != "" {
		names = []string{path}
	}
	for _, n := range names {
		if path, err := exec.LookPath(n); err == nil {
			return path
		}
	}
	Require(t, need, false, "no "+strings.Join(names, ", ")+" (set "+variable+")")
	return ""
}

// Full reports whether suites run at full size.
func Full() bool { return os.Getenv("HAGGLE_FULL") != "" }

// Large reports whether suites that draw a part of their cases draw more of them than usual.
func Large() bool { return Full() || os.Getenv("HAGGLE_SAMPLE") == "large" }

// Draw is how many cases a suite draws: usual, large where Large, and all of them in a full run.
func Draw(usual, large, all int) int {
	switch {
	case Full():
		return all
	case Large():
		return min(large, all)
	}
	return min(usual, all)
}

// Checks is the number of cases of a property test: HAGGLE_RAPID_CHECKS, else the number given.
func Checks(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("HAGGLE_RAPID_CHECKS")); err == nil && n > 0 {
		return n
	}
	return usual
}
