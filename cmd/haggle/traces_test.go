package main

import (
	"compress/gzip"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"haggle/internal/testenv"
)

// receiver is an OTLP collector that keeps every span.
type receiver struct {
	url   string
	mu    sync.Mutex
	got   []span
	words strings.Builder // everything that came but ids and times
}

// span is what the tests read of one.
type span struct {
	*tracepb.Span
	process string
}

func (s span) trace() string { return hex.EncodeToString(s.TraceId) }

func (s span) attribute(name string) string {
	for _, a := range s.Attributes {
		if a.Key == name {
			return fmt.Sprint(plain(a.Value))
		}
	}
	return ""
}

func plain(v *common.AnyValue) any {
	switch x := v.Value.(type) {
	case *common.AnyValue_StringValue:
		return x.StringValue
	case *common.AnyValue_IntValue:
		return x.IntValue
	}
	return nil
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if err := r.take(req); err != nil || req.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", req.URL.Path, err)
		}
	}))
	t.Cleanup(s.Close)
	r.url = s.URL + "/v1/traces"
	return r
}

func (r *receiver) take(req *http.Request) error {
	body := io.Reader(req.Body)
	if req.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(req.Body)
		if err != nil {
			return err
		}
		body = z
	}
	raw, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	var batch collector.ExportTraceServiceRequest
	if err := proto.Unmarshal(raw, &batch); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, rs := range batch.ResourceSpans {
		process := ""
		for _, a := range rs.Resource.Attributes {
			if a.Key == "service.instance.id" {
				process = a.Value.GetStringValue()
			}
		}
		for _, ss := range rs.ScopeSpans {
			for _, s := range ss.Spans {
				r.note(s)
				r.got = append(r.got, span{s, process})
			}
		}
	}
	return nil
}

// note writes down all words of a span.
func (r *receiver) note(s *tracepb.Span) {
	all := s.Attributes
	fmt.Fprintln(&r.words, s.Name, s.TraceState, s.Status.GetMessage())
	for _, e := range s.Events {
		fmt.Fprintln(&r.words, e.Name)
		all = append(all, e.Attributes...)
	}
	for _, l := range s.Links {
		all = append(all, l.Attributes...)
	}
	for _, a := range all {
		fmt.Fprintln(&r.words, a.Key, protojson.Format(a.Value))
	}
}

// find gives the spans that fit.
func (r *receiver) find(ok func(span) bool) (out []span) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.got {
		if ok(s) {
			out = append(out, s)
		}
	}
	return out
}

// below says whether one span stands under another, directly or not.
func (r *receiver) below(s, top span) bool {
	for range 20 {
		if slices.Equal(s.ParentSpanId, top.SpanId) {
			return true
		}
		up := r.find(func(x span) bool { return slices.Equal(x.SpanId, s.ParentSpanId) })
		if len(up) != 1 {
			return false
		}
		s = up[0]
	}
	return false
}

const plantedMax = 731946500

// plantedBid makes somebody bid an amount that nothing else is, and gives the request's id and what must not be told.
func plantedBid(t *testing.T, url, deal string) (id string, secrets []string) {
	t.Helper()
	c := member(t, url, "hidden")
	c.call("POST", "/wallet/deposits", map[string]any{"amount": plantedMax, "card": "4242424242424242"}, 201, nil)
	req, err := http.NewRequest("POST", url+"/api/v1/listings/"+deal+"/bids?note=planted-query", strings.NewReader(fmt.Sprintf(`{"max":%d}`, plantedMax)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Traceparent", "00-11111111111111111111111111111111-2222222222222222-01") // a stranger's: not believed
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); res.StatusCode != 201 {
		t.Fatalf("the bid: %d %s", res.StatusCode, body)
	}
	return res.Header.Get("X-Request-Id"), []string{c.token, "hidden@example.org", "hidden", "a long password", fmt.Sprint(plantedMax), "4242424242424242", "planted-query", deal}
}

func TestTraceOfABid(t *testing.T) {
	r := newReceiver(t)
	site := testenv.Serve(t, "--traces="+r.url, "--limits=off")
	seller, bidder := member(t, site.URL, "seller"), member(t, site.URL, "bidder")
	d := seller.auction(bidder, 600)
	id, secrets := plantedBid(t, site.URL, d.ID)
	if status, _ := get(t, site.URL+"/deals/"+d.ID); status != 200 {
		t.Errorf("the page: %d", status)
	}
	eventually(t, 10*time.Second, "the outbox is a job", func() bool {
		return len(r.find(func(s span) bool { return strings.HasPrefix(s.Name, "job ") })) > 0
	})
	site.Stop() // sends what is left
	requests := r.find(func(s span) bool { return s.attribute("haggle.request") == id })
	if len(requests) != 1 {
		t.Fatalf("%d spans of the request %s", len(requests), id)
	}
	request := requests[0]
	if request.Name != "POST /api/v1/listings/:id/bids" || request.attribute("http.response.status_code") != "201" || request.ParentSpanId != nil {
		t.Errorf("the request is %q, %v, below %x", request.Name, request.Attributes, request.ParentSpanId)
	}
	in := func(name string) []span {
		return r.find(func(s span) bool { return s.trace() == request.trace() && strings.HasPrefix(s.Name, name) })
	}
	for _, name := range []string{"act placeBid", "wait", "commit", "store tx", "store put"} {
		if len(in(name)) == 0 {
			t.Errorf("the trace has no %q", name)
		}
	}
	act, wait, commit := in("act placeBid")[0], in("wait")[0], in("commit")[0]
	if !r.below(act, request) || !r.below(wait, act) || !r.below(commit, act) {
		t.Error("request, act, wait and commit do not stand below each other")
	}
	if len(wait.Links) != 1 || !slices.Equal(wait.Links[0].SpanId, commit.SpanId) {
		t.Errorf("the wait's links: %v", wait.Links)
	}
	if commit.attribute("haggle.entries") != "1" || commit.attribute("haggle.deals") != "1" || commit.attribute("haggle.accepted") != "1" {
		t.Errorf("the commit: %v", commit.Attributes)
	}
	for _, s := range in("store tx") {
		if !r.below(s, commit) && !r.below(s, act) {
			t.Error("a transaction stands outside")
		}
	}
	if pages := r.find(func(s span) bool { return s.Name == "GET /deals/:id" }); len(pages) != 1 {
		t.Errorf("%d spans of the page", len(pages))
	}
	for _, secret := range secrets {
		if strings.Contains(r.words.String(), secret) {
			t.Errorf("%q was told", secret)
		}
	}
}

// TestTraceGoesThroughProcesses bids through both of two processes: the owner of the lane writes its commit into the trace
// of whoever asked.
func TestTraceGoesThroughProcesses(t *testing.T) {
	r := newReceiver(t)
	common := append(farm(t), "--redis="+testenv.Redis(t), "--traces="+r.url)
	one, two := testenv.Command(t, "web", common...), testenv.Command(t, "web", common...)
	seller, bidder := member(t, one.URL, "seller"), member(t, two.URL, "bidder")
	eventually(t, 30*time.Second, "a bid is forwarded", func() bool {
		for range 4 {
			seller.auction(bidder, 600)
		}
		return len(r.find(func(s span) bool { return s.Name == "forward" })) > 0
	})
	one.Stop()
	two.Stop()
	across := 0
	for _, f := range r.find(func(s span) bool { return s.Name == "forward" }) {
		for _, c := range r.find(func(s span) bool { return s.Name == "commit" && s.trace() == f.trace() }) {
			if c.process != f.process && r.below(c, f) {
				across++
			}
		}
	}
	if across == 0 {
		t.Error("no commit stands in the trace of another process")
	}
}

func TestACollectorThatIsDownCostsNothingButItsSpans(t *testing.T) {
	site := testenv.Serve(t, "--traces=http://127.0.0.1:1/v1/traces")
	seller, bidder := member(t, site.URL, "seller"), member(t, site.URL, "bidder")
	seller.auction(bidder, 600)
	begun := time.Now()
	if code := site.Stop(); code != 0 || time.Since(begun) > 9*time.Second {
		t.Errorf("it ended with %d after %v", code, time.Since(begun))
	}
	if !strings.Contains(site.Log(), "the collector of --traces does not take them") {
		t.Errorf("nothing was said: %s", site.Log())
	}
}
