package main

import (
	"fmt"
	"net"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"haggle/internal/testenv"
)

var descOf = regexp.MustCompile(`fqName: "(haggle_[a-z_]+)", help: "([^"]*)".*variableLabels: \{([^}]*)\}`)

// TestMetricsAreDocumented holds the table of scripts/metrics.md against the metrics that are registered.
func TestMetricsAreDocumented(t *testing.T) {
	m := newMetrics()
	m.handler(&house{})
	ch := make(chan *prometheus.Desc, 1000)
	m.registry.Describe(ch)
	close(ch)
	var rows []string
	for d := range ch {
		if p := descOf.FindStringSubmatch(d.String()); p != nil {
			rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |\n", p[1], strings.ReplaceAll(p[3], ",", ", "), p[2]))
		}
	}
	slices.Sort(rows)
	want := "# Every metric\n\nWhat `/metrics` tells besides what Go and the process tell of themselves; `go test ./cmd/haggle -run Metrics` holds this against\nthe code.\n\n| metric | labels | meaning |\n|---|---|---|\n" + strings.Join(rows, "")
	if got := string(read(t, "../../scripts/metrics.md")); got != want {
		t.Errorf("scripts/metrics.md should be:\n%s", want)
		if os.Getenv("HAGGLE_UPDATE") != "" {
			ok(t, os.WriteFile("../../scripts/metrics.md", []byte(want), 0o644))
		}
	}
	if len(rows) < 15 {
		t.Errorf("only %d metrics", len(rows))
	}
}

// TestMetricsOfTrade trades and reads what changed.
func TestMetricsOfTrade(t *testing.T) {
	site := testenv.Serve(t, "--limits=off")
	seller, bidder := member(t, site.URL, "seller"), member(t, site.URL, "bidder")
	d := seller.auction(bidder, 1)
	eventually(t, 10e9, "the deal is settled", func() bool { return seller.deal(d.ID).Status == "settled" })
	_, body := get(t, site.URL+"/metrics")
	for _, want := range []string{
		`haggle_entries_total{verdict="accepted"} 1`,
		`haggle_http_seconds_count{method="POST",route="/api/v1/listings/:id/bids",status="2xx"} 1`,
		`haggle_closing_lateness_seconds_count 1`,
		`haggle_ledger_findings 0`,
		`haggle_store_seconds_count{call="tx"}`,
		`haggle_lanes 1`,
	} {
		if !strings.Contains(string(body), want) {
			t.Errorf("no %s in\n%s", want, grep(string(body), strings.FieldsFunc(want, func(r rune) bool { return r == '{' || r == ' ' })[0]))
		}
	}
	if strings.Contains(string(body), d.ID) || strings.Contains(string(body), "ledger_checked_timestamp_seconds 0\n") {
		t.Error("the metrics name a deal, or the books were never checked")
	}
}

func grep(text, word string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.Contains(line, word) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// TestAWorkerTellsHowItIs asks a worker, and the command that a supervisor uses.
func TestAWorkerTellsHowItIs(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ok(t, err)
	address := l.Addr().String()
	ok(t, l.Close())
	redis := testenv.OwnRedis(t)
	worker := testenv.Command(t, "worker", append(farm(t), "--redis="+redis.URL, "--health="+address)...)
	for path, want := range map[string]string{"/healthz": `"alive":true`, "/readyz": `"ready":true`, "/metrics": "haggle_queue_tasks"} {
		if status, body := get(t, "http://"+address+path); status != 200 || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d %.300s", path, status, body)
		}
	}
	if out, _, code := testenv.Run(t, "", "healthy", "--at=http://"+address); code != 0 || !strings.Contains(out, "can serve") {
		t.Errorf("healthy: %d %s", code, out)
	}
	redis.Kill()
	eventually(t, 5e9, "it names what is down", func() bool {
		out, _, code := testenv.Run(t, "", "healthy", "--at=http://"+address)
		return code == 0 && strings.Contains(out, "redis does not answer")
	})
	worker.Stop()
	if _, _, code := testenv.Run(t, "", "healthy", "--at=http://"+address); code != 1 {
		t.Errorf("healthy, when nobody is there: %d", code)
	}
}
