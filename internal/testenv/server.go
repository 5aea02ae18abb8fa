package testenv

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"testing"
	"time"
)

// Server is a real server process that belongs to this test process.
type Server struct {
	URL string
	Dir string // its data

	port  int
	args  func(*Server) []string // program and arguments
	ready func(*Server) error    // nil once it answers

	mu   sync.Mutex
	proc *os.Process
	gone chan struct{} // closed when proc has ended
	keep io.Closer     // the janitor's leash
}

// startWait is how long a server may take to answer.
const startWait = 90 * time.Second

// launch makes the data folder and starts the server.
func (s *Server) launch() error {
	var err error
	if s.Dir, err = os.MkdirTemp("", "haggle-test-"); err != nil {
		return err
	}
	if s.port, err = freePort(); err != nil {
		return err
	}
	if s.keep, err = janitor(s.Dir); err != nil {
		return err
	}
	return s.start()
}

// Start starts the server again after Kill, on the same address and data.
func (s *Server) Start(t testing.TB) {
	t.Helper()
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	proc, gone, err := spawn(s.args(s), s.Dir+"/output")
	if err != nil {
		return err
	}
	s.proc, s.gone = proc, gone
	for end := time.Now().Add(startWait); ; time.Sleep(10 * time.Millisecond) {
		err := s.ready(s)
		if err == nil {
			return nil
		}
		select {
		case <-gone:
			return fmt.Errorf("%s ended at once: %s", s.args(s)[0], tail(s.Dir+"/output"))
		default:
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s does not answer: %w", s.args(s)[0], err)
		}
	}
}

// Kill ends the server as a power cut would, and waits until it is gone.
func (s *Server) Kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.proc.Kill()
	<-s.gone
}

// discard ends the server and removes its data.
func (s *Server) discard() {
	s.Kill()
	_ = s.keep.Close()
}

// spawn starts a program that the kernel ends with this process. The signal is bound to the thread that forked, so a
// goroutine keeps one thread for it until the program is gone.
func spawn(args []string, output string) (*os.Process, chan struct{}, error) {
	started, gone := make(chan error, 1), make(chan struct{})
	var cmd *exec.Cmd
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		defer close(gone)
		cmd = exec.Command(args[0], args[1:]...)
		cmd.SysProcAttr = dieWithParent()
		if out, err := os.OpenFile(output, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600); err == nil {
			cmd.Stdout, cmd.Stderr = out, out
			defer out.Close()
		}
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, nil, err
	}
	return cmd.Process, gone, nil
}

// janitor removes a folder when its leash is closed, be it by this process or by this process's end.
func janitor(dir string) (leash io.Closer, err error) {
	cmd := exec.Command("sh", "-c", `read line; sleep 1; rm -rf "$0"`, dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() { _ = cmd.Wait() }()
	return in, nil
}

// freePort is a port nobody listens at, below those that the system gives to outgoing connections: a server that is
// stopped for a while finds it free again.
func freePort() (int, error) {
	var last error
	for range 100 {
		port := 10_000 + rand.IntN(22_000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			last = err
			continue
		}
		return port, l.Close()
	}
	return 0, last
}

// FreeAddress is an address of this machine that nobody listens at.
func FreeAddress(t testing.TB) string {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("127.0.0.1:%d", port)
}

func tail(path string) string {
	b, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-2000):])
}
