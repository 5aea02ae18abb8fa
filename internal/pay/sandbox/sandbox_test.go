package sandbox_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/pay"
	"haggle/internal/pay/paytest"
	"haggle/internal/pay/sandbox"
)

func card(t *testing.T, number string) pay.Card {
	t.Helper()
	c, err := pay.ParseCard(number)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func bench(t *testing.T, open func() sandbox.Storage) *paytest.Bench {
	clk := newClock()
	connect := func() pay.Gateway { return sandbox.New(sandbox.Config{Storage: open(), Clock: clk.Now}) }
	return &paytest.Bench{
		Gateway: connect(), Reopen: connect, Sleep: clk.Sleep, LateAfter: sandbox.LateAfter,
		Good: card(t, sandbox.CardGood), Declined: card(t, sandbox.CardDeclined), Expired: card(t, sandbox.CardExpired),
		Challenge: card(t, sandbox.CardChallenge), Late: card(t, sandbox.CardLate),
	}
}

func journal(t *testing.T, dir string) *sandbox.Journal {
	t.Helper()
	j, err := sandbox.OpenJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func TestGateway(t *testing.T) {
	t.Run("memory", func(t *testing.T) {
		paytest.Run(t, func(t *testing.T) *paytest.Bench {
			m := sandbox.NewMemory()
			return bench(t, func() sandbox.Storage { return m })
		})
	})
	t.Run("journal", func(t *testing.T) {
		paytest.Run(t, func(t *testing.T) *paytest.Bench {
			dir := t.TempDir()
			return bench(t, func() sandbox.Storage { return journal(t, dir) })
		})
	})
}

func TestStorageTakesAPlaceOnce(t *testing.T) {
	for name, s := range map[string]sandbox.Storage{"memory": sandbox.NewMemory(), "journal": journal(t, t.TempDir())} {
		root := sandbox.Record{Intent: "a", Root: "a"}
		for _, c := range []struct {
			what string
			rec  sandbox.Record
			want error
		}{
			{"root", root, nil}, {"the same again", root, sandbox.ErrTaken},
			{"its follower", sandbox.Record{Intent: "b", Root: "a", Seq: 1}, nil},
			{"another in that place", sandbox.Record{Intent: "c", Root: "a", Seq: 1}, sandbox.ErrTaken},
			{"a known intent in a free place", sandbox.Record{Intent: "b", Root: "a", Seq: 2}, sandbox.ErrTaken},
			{"the next place", sandbox.Record{Intent: "c", Root: "a", Seq: 2}, nil},
		} {
			if err := s.Append(t.Context(), c.rec); !errors.Is(err, c.want) {
				t.Errorf("%s, %s: %v", name, c.what, err)
			}
		}
		if got, err := s.Chain(t.Context(), "b"); err != nil || len(got) != 3 || got[2].Intent != "c" {
			t.Errorf("%s: chain %+v, %v", name, got, err)
		}
	}
}

func TestUnknownCardIsDeclined(t *testing.T) {
	g := sandbox.New(sandbox.Config{Storage: sandbox.NewMemory()})
	o, err := g.Charge(t.Context(), pay.Charge{Intent: "i", Amount: 1, Currency: "TWD", Card: card(t, "5555555555554444")})
	if err != nil || o.State != pay.Declined || o.Code != fault.CodeCardDeclined {
		t.Errorf("got %+v, %v", o, err)
	}
}

func TestAuthorisationLapses(t *testing.T) {
	clk := newClock()
	g := sandbox.New(sandbox.Config{Storage: sandbox.NewMemory(), Clock: clk.Now})
	good := pay.Charge{Intent: "a", Amount: 100, Currency: "TWD", Card: card(t, sandbox.CardGood)}
	if o, err := g.Authorize(t.Context(), good); err != nil || o.State != pay.Succeeded {
		t.Fatal(o, err)
	}
	clk.Sleep(pay.AuthorisationLife)
	o, err := g.Capture(t.Context(), pay.Follow{Intent: "c", Of: "a", Amount: 100, Currency: "TWD"})
	if err != nil || o.State != pay.Declined || o.Code != fault.CodeConflict {
		t.Errorf("captured after it lapsed: %+v, %v", o, err)
	}
}

func TestJournalHoldsNoCardNumber(t *testing.T) {
	dir := t.TempDir()
	g := sandbox.New(sandbox.Config{Storage: journal(t, dir)})
	for i, n := range []string{sandbox.CardGood, sandbox.CardDeclined, sandbox.CardLate} {
		if _, err := g.Charge(t.Context(), pay.Charge{Intent: string(rune('a' + i)), Amount: 1, Currency: "TWD", Card: card(t, n)}); err != nil {
			t.Fatal(err)
		}
	}
	data, info := readJournal(t, dir)
	if strings.Contains(data, "42424242") || strings.Contains(data, "40000000") || strings.Count(data, "\n") != 3 {
		t.Errorf("journal:\n%s", data)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
}

func readJournal(t *testing.T, dir string) (string, os.FileInfo) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	if len(files) != 1 {
		t.Fatalf("files: %v", files)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	info, _ := os.Stat(files[0])
	return string(data), info
}

func TestTornLastLineIsCutOff(t *testing.T) {
	for name, torn := range map[string]string{
		"half a line": `{"intent":"b","root":"b","am`, "zeros": "\x00\x00\x00\n", "blank end": "\n",
		"longer than what follows": `{"intent":"b","purpose":"` + strings.Repeat("x", 2000),
	} {
		dir := t.TempDir()
		good := pay.Charge{Intent: "a", Amount: 1, Currency: "TWD", Card: card(t, sandbox.CardGood)}
		g := sandbox.New(sandbox.Config{Storage: journal(t, dir)})
		if _, err := g.Charge(t.Context(), good); err != nil {
			t.Fatal(err)
		}
		whole, _ := readJournal(t, dir)
		appendTo(t, dir, torn)
		g = sandbox.New(sandbox.Config{Storage: journal(t, dir)})
		good.Intent = "b"
		if o, err := g.Charge(t.Context(), good); err != nil || o.State != pay.Succeeded {
			t.Errorf("%s: %+v, %v", name, o, err)
		}
		after, _ := readJournal(t, dir)
		if !strings.HasPrefix(after, whole) || !strings.HasSuffix(after, "}\n") || strings.Count(after, "\n") != 2 {
			t.Errorf("%s: journal is now\n%s", name, after)
		}
	}
}

func TestDamageIsNotPassedOver(t *testing.T) {
	dir := t.TempDir()
	journal(t, dir)
	appendTo(t, dir, "{broken\n{}\n")
	if _, err := sandbox.OpenJournal(dir); err == nil || !strings.Contains(err.Error(), "damaged at byte 0") {
		t.Errorf("got %v", err)
	}
}

func appendTo(t *testing.T, dir, text string) {
	t.Helper()
	files, _ := filepath.Glob(filepath.Join(dir, "*"))
	f, err := os.OpenFile(files[0], os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		t.Fatal(err)
	}
}
