package testenv

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// firstRelease is the first commit whose program kept stores that later ones must read.
const firstRelease = "3e12a2a"

// first is the program of that commit.
var first binary

// FirstRelease builds the program of the first released commit out of the repository's history and gives its path;
// false where the checkout has no history to build it of, or git is missing.
func FirstRelease(t testing.TB) (program string, ok bool) {
	t.Helper()
	root := moduleRoot(t)
	if err := exec.Command("git", "-C", root, "cat-file", "-e", firstRelease+"^{commit}").Run(); err != nil {
		t.Logf("no program of the first release: the checkout does not have commit %s", firstRelease)
		return "", false
	}
	first.once.Do(func() { first.path, first.err = buildCommit(root, firstRelease, &first) })
	if first.err != nil {
		t.Fatal(first.err)
	}
	return first.path, true
}

// buildCommit builds haggle as a commit had it, in a folder that goes with the process.
func buildCommit(root, commit string, b *binary) (string, error) {
	dir, err := os.MkdirTemp("", "haggle-first-")
	if err != nil {
		return "", err
	}
	if b.keep, err = janitor(dir); err != nil {
		return "", err
	}
	src := filepath.Join(dir, "src")
	if err := os.Mkdir(src, 0o755); err != nil {
		return "", err
	}
	tree := exec.Command("sh", "-c", fmt.Sprintf("git -C %q archive %s | tar -x -C %q", root, commit, src))
	if out, err := tree.CombinedOutput(); err != nil {
		return "", fmt.Errorf("git archive %s: %w\n%s", commit, err, out)
	}
	program := filepath.Join(dir, "haggle")
	build := exec.Command("go", "build", "-trimpath", "-o", program, "./cmd/haggle") // with the folder's path in them, packages are compiled every time
	build.Dir = src
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build of %s: %w\n%s", commit, err, out)
	}
	return program, nil
}

// ServeWith is Serve with another program.
func ServeWith(t testing.TB, program string, args ...string) *Site {
	t.Helper()
	return launch(t, program, "serve", args)
}
