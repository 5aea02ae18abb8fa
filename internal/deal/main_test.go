package deal_test

import (
	"flag"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
	"haggle/internal/testenv"
)

// TestMain lets HAGGLE_RAPID_CHECKS say how many random values each property is held against (default 1000).
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.checks", strconv.Itoa(testenv.Checks(1000))); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	os.Exit(m.Run())
}

var start = time.Date(2026, 11, 22, 1, 30, 0, 0, time.UTC)

// plain accepts every log of a kind: what is refused then is refused by the chain.
type plain struct{ deal.Mechanism }

func (plain) Audit(*deal.Transcript) error { return nil }

var registry = deal.Registry{deal.English: plain{}}

// draft is a line before it is chained.
type draft struct {
	at   time.Duration // after start
	who  string
	kind deal.LineKind
	body deal.Body
}

// chained is a log of drafts.
func chained(t testing.TB, drafts []draft) []deal.Line {
	t.Helper()
	head := deal.NewHead()
	var lines []deal.Line
	for _, d := range drafts {
		l, err := deal.Append(head, "d-1", start.Add(d.at), deal.LineDraft{Who: d.who, Kind: d.kind, Body: d.body})
		if err != nil {
			t.Fatal(err)
		}
		if l, err = deal.ParseLine(l.Raw); err != nil {
			t.Fatal(err)
		}
		lines, head = append(lines, l), l.Head()
	}
	return lines
}

// served is lines as bytes.
func served(lines []deal.Line) []byte {
	var b []byte
	for _, l := range lines {
		b = append(append(b, l.Raw...), '\n')
	}
	return b
}

func usd(t testing.TB) money.Currency {
	c, err := money.Lookup("USD")
	if err != nil {
		t.Fatal(err)
	}
	return c
}
