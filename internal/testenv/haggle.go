package testenv

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is a program that was built once.
type binary struct {
	once sync.Once
	path string
	keep io.Closer // the janitor's leash
	err  error
}

// plain is the program that people run; crashing can be told to die (see cmd/haggle/crashpoints.go).
var plain, crashing binary

// Binary is the path of the program haggle, built once for all tests of the process.
func Binary(t testing.TB) string {
	t.Helper()
	return plain.build(t)
}

func (b *binary) build(t testing.TB, flags ...string) string {
	t.Helper()
	root := moduleRoot(t)
	readSources(root)
	b.once.Do(func() {
		var dir string
		if dir, b.err = os.MkdirTemp("", "haggle-test-"); b.err != nil {
			return
		}
		if b.keep, b.err = janitor(dir); b.err != nil {
			return
		}
		b.path = filepath.Join(dir, "haggle")
		cmd := exec.Command("go", slices.Concat([]string{"build", "-o", b.path}, flags, []string{"./cmd/haggle"})...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			b.err = fmt.Errorf("go build ./cmd/haggle: %w\n%s", err, out)
		}
	})
	if b.err != nil {
		t.Fatal(b.err)
	}
	return b.path
}

// readSources reads the folders that the program is built of, so that `go test` knows: what it remembers of a passed test
// holds only as long as they are unchanged.
func readSources(root string) {
	for _, top := range []string{"cmd", "internal", "web", "workers"} {
		_ = filepath.WalkDir(filepath.Join(root, top), func(string, fs.DirEntry, error) error { return nil })
	}
}

// Run runs haggle to its end with what it reads on standard input, and gives what it wrote and its exit code.
func Run(t testing.TB, stdin string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.Command(Binary(t), args...)
	cmd.Env = CleanEnv()
	cmd.Stdin = strings.NewReader(stdin)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// CleanEnv is the environment without the variables that would configure haggle.
func CleanEnv() []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "HAGGLE_") {
			env = append(env, v)
		}
	}
	return env
}

// Site is a running haggle.
type Site struct {
	URL  string // as in its ready line
	Data string

	t    testing.TB
	path string // of the program
	name string // of the command
	args []string
	cmd  *exec.Cmd
	log  string
	gone chan struct{}
}

// readyWait is how long a site may take to print its ready line.
const readyWait = 90 * time.Second

// Serve starts `haggle serve` on a free port over a new folder, with deals as short as a second and more arguments, and
// waits until it is ready. It ends with the test.
func Serve(t testing.TB, args ...string) *Site {
	t.Helper()
	return Command(t, "serve", args...)
}

// Command is Serve for another command that runs until it is stopped: web or worker.
func Command(t testing.TB, name string, args ...string) *Site {
	t.Helper()
	return launch(t, Binary(t), name, args)
}

// ServeCrashing is Serve with a program that can be told to die at a point, by the file crash.json in its data folder.
func ServeCrashing(t testing.TB, args ...string) *Site {
	t.Helper()
	return launch(t, crashing.build(t, "-tags=crashpoints,nodynamic"), "serve", args)
}

func launch(t testing.TB, program, name string, args []string) *Site {
	t.Helper()
	s := &Site{t: t, path: program, name: name, Data: t.TempDir(), args: args}
	s.log = filepath.Join(s.Data, "log")
	s.Start()
	t.Cleanup(func() { s.Kill() })
	return s
}

// Start starts the site again, on the same folder and another port.
func (s *Site) Start() {
	s.t.Helper()
	if err := s.TryStart(); err != nil {
		s.t.Fatal(err)
	}
}

// TryStart is Start for a site that may not get ready: then it has ended.
func (s *Site) TryStart() error {
	args := append([]string{s.name, "--json", "--listen=127.0.0.1:0", "--min-duration=1s", "--data=" + s.Data}, s.args...)
	s.cmd = exec.Command(s.path, args...)
	s.cmd.Env = CleanEnv()
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.cmd.Stderr = log
	line, err := s.begin()
	if err != nil {
		s.Kill()
		return fmt.Errorf("haggle %s: %w; %s", s.name, err, tail(s.log))
	}
	s.URL = line
	return nil
}

// begin starts the process and reads the address from its ready line.
func (s *Site) begin() (url string, err error) {
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	first, started := make(chan string, 1), make(chan error, 1)
	s.gone = make(chan struct{})
	go s.attend(out, first, started)
	if err := <-started; err != nil {
		return "", err
	}
	select {
	case line := <-first:
		var ready struct {
			OK  bool
			URL string
		}
		err := json.Unmarshal([]byte(line), &ready)
		if err == nil && !ready.OK {
			err = fmt.Errorf("it says %s", line)
		}
		return ready.URL, err
	case <-s.gone:
		return "", fmt.Errorf("it ended before it was ready")
	case <-time.After(readyWait):
		return "", fmt.Errorf("it is not ready after %v", readyWait)
	}
}

// attend starts the process and stays with it to its end: the kernel ends it with the thread that forked it, see spawn.
func (s *Site) attend(out io.Reader, first chan<- string, started chan<- error) {
	runtime.LockOSThread()
	defer close(s.gone)
	s.cmd.SysProcAttr = dieWithParent()
	err := s.cmd.Start()
	started <- err
	if err != nil {
		return
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		select {
		case first <- lines.Text():
		default:
		}
	}
	_ = s.cmd.Wait()
}

// Stop asks the site to end (SIGTERM) and gives its exit code.
func (s *Site) Stop() int {
	s.t.Helper()
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.gone:
	case <-time.After(readyWait):
		s.t.Errorf("the site did not end in %v", readyWait)
		s.Kill()
	}
	return s.cmd.ProcessState.ExitCode()
}

// Kill ends the site as a power cut would.
func (s *Site) Kill() {
	if s.cmd.Process != nil {
		_ = s.cmd.Process.Kill()
		<-s.gone
	}
}

// Pause stops the process in its tracks (SIGSTOP) until Resume.
func (s *Site) Pause() { s.signal(syscall.SIGSTOP) }

// Resume lets a paused process go on.
func (s *Site) Resume() { s.signal(syscall.SIGCONT) }

func (s *Site) signal(sig syscall.Signal) {
	s.t.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.t.Errorf("signal %v: %v", sig, err)
	}
}

// Gone says whether the site has ended, or ends within the patience.
func (s *Site) Gone(patience time.Duration) bool {
	select {
	case <-s.gone:
		return true
	default:
	}
	select {
	case <-s.gone:
		return true
	case <-time.After(patience):
		return false
	}
}

// Log is what the site wrote on standard error.
func (s *Site) Log() string {
	b, _ := os.ReadFile(s.log)
	return string(b)
}
