package push_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"haggle/internal/push"
	"haggle/internal/push/pushtest"
)

func sender(s *pushtest.Service) *push.Sender {
	return push.New(push.Config{Seed: []byte("seed"), Subscriber: "ops@haggle.example", Private: true, Roots: s.Roots()})
}

func TestABrowserReadsWhatWasSent(t *testing.T) {
	s := pushtest.Listen(t)
	x := sender(s)
	s.Answer(x.PublicKey(), nil)
	text := `{"title":"有人出價比你高：底片相機"}`
	if err := x.Send(t.Context(), s.Subscription("/a"), push.Message{Payload: []byte(text), TTL: time.Hour, Urgent: true, Topic: "outbid-1"}); err != nil {
		t.Fatal(err)
	}
	longest := strings.Repeat("x", push.MaxPayload)
	if err := x.Send(t.Context(), s.Subscription("/b"), push.Message{Payload: []byte(longest)}); err != nil {
		t.Fatal(err)
	}
	got := s.Got()
	if len(got) != 2 || got[0] != (pushtest.Received{Path: "/a", Payload: text, TTL: "3600", Urgency: "high", Topic: "outbid-1"}) || got[1].Payload != longest {
		t.Errorf("%+v", got)
	}
	if again := sender(s); again.PublicKey() != x.PublicKey() {
		t.Error("the same seed makes another key")
	}
	if other := push.New(push.Config{Seed: []byte("another")}); other.PublicKey() == x.PublicKey() {
		t.Error("another seed makes the same key")
	}
}

func TestWhatServicesAnswer(t *testing.T) {
	s := pushtest.Listen(t)
	x := sender(s)
	for code, want := range map[int]struct{ gone, permanent bool }{404: {gone: true}, 410: {gone: true}, 400: {permanent: true}, 403: {permanent: true}, 413: {permanent: true}, 429: {}, 500: {}, 503: {}, 302: {permanent: true}} {
		s.Answer("", func(string) int { return code })
		err := x.Send(t.Context(), s.Subscription("/a"), push.Message{Payload: []byte("{}")})
		var refused *push.RefusedError
		if errors.Is(err, push.ErrGone) != want.gone || !want.gone && (!errors.As(err, &refused) || refused.Permanent != want.permanent) {
			t.Errorf("%d: %v", code, err)
		}
	}
	var refused *push.RefusedError
	if err := x.Send(t.Context(), s.Subscription("/a"), push.Message{Payload: make([]byte, push.MaxPayload+1)}); !errors.As(err, &refused) || !refused.Permanent {
		t.Errorf("too long: %v", err)
	}
}

// TestASenderKeepsToTheOpenNet subscribes where a site must not go: on its own machine, in its network, by a name that leads
// there.
func TestASenderKeepsToTheOpenNet(t *testing.T) {
	s := pushtest.Listen(t)
	reached := false
	s.Answer("", func(string) int { reached = true; return http.StatusCreated })
	strict := push.New(push.Config{Seed: []byte("seed"), Subscriber: "ops@haggle.example", Roots: s.Roots()})
	sub := s.Subscription("/a")
	for _, endpoint := range []string{s.URL, "http://push.example/a", "https://127.0.0.1/a", "https://[::1]/a", "https://10.1.2.3/a", "https://192.168.1.1/a", "https://169.254.169.254/latest",
		"https://[::ffff:127.0.0.1]/a", "https://[64:ff9b::7f00:1]/a", "https://0.0.0.0/a", "https://100.64.0.1/a", "https://[fe80::1]/a", "https://[fd00::1]/a", "https://224.0.0.1/a",
		"https://push.example:22/a", "https://user@push.example/a", "https:///a", "ftp://push.example", "", "https://push.example/" + strings.Repeat("a", 1000)} {
		sub.Endpoint = endpoint
		if err := strict.Check(sub); err == nil {
			t.Errorf("%s is taken", endpoint)
		}
	}
	sub.Endpoint = "https://localhost/a" // a name: known only when it is dialled
	if err := strict.Check(sub); err != nil {
		t.Errorf("a name: %v", err)
	}
	err := strict.Send(t.Context(), sub, push.Message{Payload: []byte("{}")})
	if err == nil || !strings.Contains(err.Error(), "private address") || reached {
		t.Errorf("sent to localhost: %v, reached %v", err, reached)
	}
	for name, change := range map[string]func(*push.Subscription){"no key": func(s *push.Subscription) { s.P256dh = "" }, "no point": func(s *push.Subscription) { s.P256dh = strings.Repeat("A", 87) },
		"no secret": func(s *push.Subscription) { s.Auth = "" }, "half a secret": func(s *push.Subscription) { s.Auth = "AAAA" }} {
		sub := s.Subscription("/a")
		sub.Endpoint = "https://push.example/a"
		if err := strict.Check(sub); err != nil {
			t.Fatalf("a good one: %v", err)
		}
		if change(&sub); strict.Check(sub) == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
