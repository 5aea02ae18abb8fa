package chaos

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/redis/go-redis/v9"

	"haggle/scripts/chaos/laws"
)

var built struct {
	once sync.Once
	path string
	err  error
}

// checker is the path of the checker, built once.
func checker(t testing.TB) string {
	t.Helper()
	built.once.Do(func() {
		var dir string
		if dir, built.err = os.MkdirTemp("", "haggle-check-"); built.err != nil {
			return
		}
		built.path = filepath.Join(dir, "check")
		if out, err := exec.Command("go", "build", "-o", built.path, "./check").CombinedOutput(); err != nil {
			built.err = errors.Join(err, errors.New(string(out)))
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return built.path
}

// quiet says nothing of a Redis that is away: here it is, on purpose.
type quiet struct{}

func (quiet) Printf(context.Context, string, ...any) {}

func TestMain(m *testing.M) {
	redis.SetLogger(quiet{})
	code := m.Run()
	results.report(code == 0)
	if built.path != "" {
		_ = os.RemoveAll(filepath.Dir(built.path))
	}
	os.Exit(code)
}

// judge runs the checker, a process of its own, and gives its report.
func judge(t testing.TB, args ...string) laws.Report {
	t.Helper()
	cmd := exec.Command(checker(t), append([]string{"--json"}, args...)...)
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.Output()
	var r laws.Report
	if json.Unmarshal(out, &r) != nil {
		t.Fatalf("check %v: %v: %s", args, err, errs.String())
	}
	if code := cmd.ProcessState.ExitCode(); code > 1 || r.OK != (code == 0) {
		t.Fatalf("check says ok %v and exits %d", r.OK, code)
	}
	return r
}

// TestCheckerSharesNothing holds that the checker is built of the standard library and drivers: nothing of the program that
// it judges.
func TestCheckerSharesNothing(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./check").Output()
	if err != nil {
		t.Fatal(err)
	}
	own := 0
	for _, path := range strings.Fields(string(out)) {
		if strings.HasPrefix(path, "haggle/scripts/chaos/") {
			own++
		} else if strings.HasPrefix(path, "haggle") {
			t.Errorf("the checker imports %s", path)
		}
	}
	if own < 5 {
		t.Errorf("only %d packages of its own: the test shows nothing", own)
	}
}
