package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

// site is a demo market that answers.
type site struct {
	url   string
	cmd   *exec.Cmd
	files string
}

var readyLine = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// pictured is when every picture is taken, so that those of two days can be laid side by side. It is ahead of real time:
// no session of it has ended.
const pictured = "2031-03-05T10:00:00+08:00"

// open starts the demo market over a new folder, or takes the one at the address.
func open(ctx context.Context, address string) (*site, error) {
	if address != "" {
		return &site{url: address}, nil
	}
	dir, err := os.MkdirTemp("", "haggle-shots-")
	if err != nil {
		return nil, err
	}
	s := &site{files: dir}
	if err := s.start(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *site) start(ctx context.Context) error {
	program := filepath.Join(s.files, "haggle")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/haggle").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	s.cmd = exec.CommandContext(ctx, program, "serve", "--demo", "--demo-at="+pictured, "--listen=127.0.0.1:0", "--data="+filepath.Join(s.files, "data"))
	s.cmd.Stderr = io.Discard
	said, err := s.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := s.cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if at := readyLine.FindString(lines.Text()); at != "" {
			s.url = at
			go func() { _, _ = io.Copy(io.Discard, said) }()
			return nil
		}
	}
	return errors.New("the demo market ended before it was ready")
}

func (s *site) close() {
	if s.cmd != nil && s.cmd.Process != nil {
		_ = s.cmd.Process.Signal(os.Interrupt)
		_ = s.cmd.Wait()
	}
	if s.files != "" {
		_ = os.RemoveAll(s.files)
	}
}

// found is a list of the API.
type found struct {
	Items []struct {
		ID       string `json:"id"`
		Kind     string `json:"kind"`
		Entries  int64  `json:"entries"`
		Rule     string `json:"rule"`
		ClosesAt *time.Time
	} `json:"items"`
}

// list asks the API as somebody; a guest has no token.
func (s *site) list(ctx context.Context, token, path string, query url.Values) (found, error) {
	var f found
	err := s.call(ctx, http.MethodGet, path+"?"+query.Encode(), token, nil, &f)
	return f, err
}

func (s *site) call(ctx context.Context, method, path, token string, body io.Reader, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, s.url+"/api/v1"+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode >= 300 {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 500))
		return fmt.Errorf("%s %s: %s: %s", method, path, res.Status, text)
	}
	return json.NewDecoder(res.Body).Decode(into)
}
