package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"haggle/internal/testenv"
)

func TestWrongUseExitsWith2(t *testing.T) {
	log := testenv.Shared(t, "data", "log_english.jsonl")
	for _, args := range []string{
		"",
		"no-such-command",
		"serve --no-such-flag",
		"serve --limits=off --listen=0.0.0.0:0",
		"serve --mongo=mongodb://127.0.0.1/",
		"serve one two",
		"web",
		"worker",
		"verify",
		"verify no-such-file",
		"verify --key=abc " + log,
		"verify --receipt=" + log + " " + log,
		"verify --receipt=" + log + " --key=abc " + log,
		"ledger",
		"backup",
		"restore",
		"restore no-such-file",
		"serve --migrate=perhaps",
		"role somebody@example.org king",
		"role somebody member",
		"reindex --check --mongo=mongodb://127.0.0.1/ --secret=" + strings.Repeat("s", 32),
	} {
		if out, errs, code := testenv.Run(t, "", strings.Fields(args)...); code != 2 || out != "" && args != "" || errs == "" {
			t.Errorf("haggle %s: exit %d, wrote %q and %q", args, code, out, errs)
		}
	}
}

func TestHelpExitsWith0(t *testing.T) {
	for _, args := range []string{"--help", "serve --help", "ledger verify --help"} {
		if out, _, code := testenv.Run(t, "", strings.Fields(args)...); code != 0 || !strings.Contains(out, "haggle") {
			t.Errorf("haggle %s: exit %d, wrote %q", args, code, out)
		}
	}
}

func TestWithoutAStoreNothingIsMade(t *testing.T) {
	for _, args := range []string{"ledger verify", "doctor", "backup copy.db", "role a@example.org admin"} {
		data := filepath.Join(t.TempDir(), "none")
		out, _, code := testenv.Run(t, "", append(strings.Fields(args), "--json", "--data="+data)...)
		if code != 1 {
			t.Errorf("haggle %s: exit %d", args, code)
		}
		var answer struct{ OK *bool }
		if err := json.Unmarshal([]byte(out), &answer); err != nil || answer.OK == nil || *answer.OK {
			t.Errorf("haggle %s --json wrote %q", args, out)
		}
		if _, err := os.Stat(data); !os.IsNotExist(err) {
			t.Errorf("haggle %s made the folder", args)
		}
	}
}

func TestVerifyAcceptsSoundLogs(t *testing.T) {
	for _, name := range []string{"log_english.jsonl", "log_group.jsonl"} {
		path := testenv.Shared(t, "data", name)
		if out, errs, code := testenv.Run(t, "", "verify", path); code != 0 || !strings.HasPrefix(out, "sound: ") {
			t.Errorf("%s: exit %d, %q, %q", name, code, out, errs)
		}
		out, _, code := testenv.Run(t, string(read(t, path)), "verify", "--json", "-")
		var v verified
		if err := json.Unmarshal([]byte(out), &v); err != nil || code != 0 || !v.OK || v.State != "closed" || v.Result == "" {
			t.Errorf("%s from standard input: exit %d, %q, %v", name, code, out, err)
		}
	}
}

func TestVerifySaysThatALogIsOpen(t *testing.T) {
	lines := bytes.SplitAfter(read(t, testenv.Shared(t, "data", "log_english.jsonl")), []byte("\n"))
	out, errs, code := testenv.Run(t, string(bytes.Join(lines[:3], nil)), "verify", "-")
	if code != 0 || !strings.HasPrefix(out, "open: 3 lines") {
		t.Errorf("exit %d, %q, %q", code, out, errs)
	}
}

// TestVerifyRefusesAnyChange changes one byte in every line, one line a run.
func TestVerifyRefusesAnyChange(t *testing.T) {
	for _, name := range []string{"log_english.jsonl", "log_group.jsonl"} {
		log := read(t, testenv.Shared(t, "data", name))
		for line, at := 0, 0; at < len(log); line++ {
			end := at + bytes.IndexByte(log[at:], '\n')
			spoiled := bytes.Clone(log)
			spoiled[(at+end)/2] ^= 1
			out, _, code := testenv.Run(t, string(spoiled), "verify", "--json", "-")
			var v verified
			if err := json.Unmarshal([]byte(out), &v); err != nil || code != 1 || v.OK || v.Why == "" {
				t.Errorf("%s with a changed line %d: exit %d, %q", name, line, code, out)
			} else if v.Line == nil || *v.Line != int64(line) {
				t.Errorf("%s with a changed line %d: the wrong line is %v (%s)", name, line, v.Line, v.Why)
			}
			at = end + 1
		}
	}
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
