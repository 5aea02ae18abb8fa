package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

// bench holds what all rows share: the built binary and a folder.
type bench struct {
	each time.Duration
	dir  string
	bin  string
	undo []func()
}

func newBench(each time.Duration) (*bench, error) {
	dir, err := os.MkdirTemp("", "haggle-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{each: each, dir: dir, bin: filepath.Join(dir, "haggle")}
	b.undo = append(b.undo, func() { _ = os.RemoveAll(dir) })
	out, err := exec.Command("go", "build", "-o", b.bin, "./cmd/haggle").CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	return b, nil
}

func (b *bench) close() {
	for i := len(b.undo) - 1; i >= 0; i-- {
		b.undo[i]()
	}
}

func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// child starts a process that ends with this one, and answers when it listens.
func (b *bench) child(cmd *exec.Cmd, addr string) (stop func(), err error) {
	cmd.Stderr = os.Stderr
	// a group of its own: to a group that has lost its shell and has members that stand still, the kernel hangs up
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		for s := bufio.NewScanner(out); s.Scan(); {
		}
	}()
	stop = func() { _ = cmd.Process.Kill(); _, _ = cmd.Process.Wait() }
	for range 600 {
		if c, err := net.Dial("tcp", addr); err == nil {
			_ = c.Close()
			return stop, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	stop()
	return nil, fmt.Errorf("%s does not listen", addr)
}

func (b *bench) plain() (addr string, stop func(), err error) {
	if addr, err = freeAddr(); err != nil {
		return "", nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	stop, err = b.child(exec.Command(self, "-plain", addr), addr)
	return addr, stop, err
}

// server starts a program that takes --port on a free one.
func (b *bench) server(program string, args ...string) (addr string, stop func(), err error) {
	if addr, err = freeAddr(); err != nil {
		return "", nil, err
	}
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", nil, err
	}
	stop, err = b.child(exec.Command(program, append(args, "--port", port)...), addr)
	return addr, stop, err
}

// market is a running haggle with one person a connection.
type market struct {
	addr   string   // of the first process that serves
	addrs  []string // of all that serve
	pids   []int    // of all
	stop   func()
	owner  string
	tokens []string
}

// haggle starts one process on a store of its own and signs everybody up. batch is how many entries one commit takes.
func (b *bench) haggle(name string, batch int, more ...string) (*market, error) {
	m := &market{stop: func() {}}
	err := m.join(b, "serve", name, append(more, fmt.Sprintf("HAGGLE_BATCH=%d", batch))...)
	if err == nil {
		err = m.signUp()
	}
	if err != nil {
		m.stop()
	}
	return m, err
}

// join starts a process of the market, with a data folder of its own.
func (m *market) join(b *bench, command, name string, more ...string) error {
	addr, err := freeAddr()
	if err != nil {
		return err
	}
	where := "HAGGLE_LISTEN="
	if command == "worker" {
		where = "HAGGLE_HEALTH="
	} else {
		m.addrs = append(m.addrs, addr)
		m.addr = m.addrs[0]
	}
	cmd := exec.Command(b.bin, command)
	cmd.Env = append(os.Environ(), "HAGGLE_DATA="+filepath.Join(b.dir, name), where+addr, "HAGGLE_LIMITS=off")
	cmd.Env = append(cmd.Env, more...)
	stop, err := b.child(cmd, addr)
	if err != nil {
		return err
	}
	before := m.stop
	m.stop = func() { stop(); before() }
	m.pids = append(m.pids, cmd.Process.Pid)
	return nil
}

// signUp registers the owner of all deals and one person a connection, once the market takes writes.
func (m *market) signUp() (err error) {
	if err := m.ready(); err != nil {
		return err
	}
	if m.owner, err = m.person("owner"); err != nil {
		return err
	}
	for i := range connections {
		token, err := m.person(fmt.Sprintf("client-%d", i))
		if err != nil {
			return err
		}
		m.tokens = append(m.tokens, token)
	}
	return nil
}

// ready waits until the market takes writes.
func (m *market) ready() error {
	for range 600 {
		code, _, err := fasthttp.Get(nil, "http://"+m.addr+"/readyz")
		if err == nil && code == 200 {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("%s is not ready", m.addr)
}

// person registers somebody with money.
func (m *market) person(name string) (string, error) {
	var got struct{ Token string }
	body := map[string]any{"email": name + "@bench.test", "password": "correct horse battery", "name": name, "locale": "en"}
	if err := m.post("", "/accounts", body, &got); err != nil {
		return "", err
	}
	return got.Token, m.post(got.Token, "/wallet/deposits", map[string]any{"amount": 900_000_000_000, "card": "4242424242424242"}, nil)
}

// post sends one request and wants 201.
func (m *market) post(token, path string, body, into any) error {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	m.fill(req, token, path, raw)
	if err := fasthttp.Do(req, res); err != nil {
		return err
	}
	if res.StatusCode() != 201 {
		return fmt.Errorf("POST %s: %d %s", path, res.StatusCode(), res.Body())
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(res.Body(), into)
}

func (m *market) fill(req *fasthttp.Request, token, path string, body []byte) {
	req.Header.SetMethod("POST")
	req.SetRequestURI("http://" + m.addr + "/api/v1" + path)
	req.Header.SetContentType("application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	req.SetBody(body)
}

// open opens a deal and gives its id.
func (m *market) open(path string, body map[string]any) (string, error) {
	var got struct{ ID string }
	err := m.post(m.owner, path, body, &got)
	return got.ID, err
}

// size is how many bytes a page has, uncompressed.
func (m *market) size(path, token string) (int, error) {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	req.SetRequestURI("http://" + m.addr + path)
	req.Header.Set("Cookie", "haggle="+token)
	if err := fasthttp.Do(req, res); err != nil {
		return 0, err
	}
	if res.StatusCode() != 200 || !strings.Contains(string(res.Header.ContentType()), "html") {
		return 0, fmt.Errorf("GET %s: %d", path, res.StatusCode())
	}
	return len(res.Body()), nil
}
