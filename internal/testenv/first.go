package testenv

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
)

// firstRelease is the first commit whose program kept stores that later ones must read.
const firstRelease = "3e12a2a"

// first is the program of that commit.
var first struct {
	once sync.Once
	path string
	err  error
}

// FirstRelease gives the path of the program of the first released commit, built out of the repository's history by whichever
// test asks first on this machine; false where the checkout has no history to build it of, or git is missing.
func FirstRelease(t testing.TB) (program string, ok bool) {
	t.Helper()
	root := moduleRoot(t)
	if err := exec.Command("git", "-C", root, "cat-file", "-e", firstRelease+"^{commit}").Run(); err != nil {
		t.Logf("no program of the first release: the checkout does not have commit %s", firstRelease)
		return "", false
	}
	first.once.Do(func() { first.path, first.err = keptProgram(root, firstRelease) })
	if first.err != nil {
		t.Fatal(first.err)
	}
	return first.path, true
}

// keptProgram is haggle as a commit had it, in the user's folder of things that can be made again, or that of all where he has none.
func keptProgram(root, commit string) (program string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	home := filepath.Join(cache, "haggle-releases")
	program = filepath.Join(home, commit+"-"+runtime.Version()+"-"+runtime.GOARCH)
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	if err := os.MkdirAll(home, 0o755); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(home, "build-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	built := filepath.Join(dir, "haggle")
	if err := buildCommit(root, commit, dir, built); err != nil {
		return "", err
	}
	return program, os.Rename(built, program) // in one step: another process may build it, too
}

// buildCommit builds haggle as a commit had it, of sources that it puts into a folder.
func buildCommit(root, commit, dir, program string) error {
	src := filepath.Join(dir, "src")
	if err := os.Mkdir(src, 0o755); err != nil {
		return err
	}
	tree := exec.Command("sh", "-c", fmt.Sprintf("git -C %q archive %s | tar -x -C %q", root, commit, src))
	if out, err := tree.CombinedOutput(); err != nil {
		return fmt.Errorf("git archive %s: %w\n%s", commit, err, out)
	}
	build := exec.Command("go", "build", "-o", program, "./cmd/haggle")
	build.Dir = src
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build of %s: %w\n%s", commit, err, out)
	}
	return nil
}

// ServeWith is Serve with another program.
func ServeWith(t testing.TB, program string, args ...string) *Site {
	t.Helper()
	return launch(t, program, "serve", args)
}
