package web

import (
	"context"
	"encoding/json"
	"errors"
	"sync/atomic"
	"testing"
	"time"
)

func TestReadySaysWhatIsDown(t *testing.T) {
	for _, c := range []struct {
		name   string
		vital  bool
		err    error
		status int
		ready  bool
		down   string
	}{
		{"all is well", true, nil, 200, true, ""},
		{"a part that one can do without", false, errors.New("does not answer"), 200, true, "does not answer"},
		{"a vital part", true, errors.New("does not answer"), 503, false, "does not answer"},
	} {
		s, _ := assembled(t, func(cfg *ServerConfig) {
			cfg.Health = NewHealth(Probe{Name: "other", Vital: true, Check: func(context.Context) error { return nil }},
				Probe{Name: "part", Vital: c.vital, Check: func(context.Context) error { return c.err }})
		})
		resp, body := ask(t, s, "GET", "/readyz", nil)
		var state State
		if err := json.Unmarshal([]byte(body), &state); err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != c.status || state.Ready != c.ready || state.Down["part"] != c.down || state.Down["other"] != "" {
			t.Errorf("%s: %d, %s", c.name, resp.StatusCode, body)
		}
		if resp, _ := ask(t, s, "GET", "/healthz", nil); resp.StatusCode != 200 {
			t.Errorf("%s: the process is not alive: %d", c.name, resp.StatusCode)
		}
	}
}

func TestAskingOftenCostsOneLook(t *testing.T) {
	var looks atomic.Int32
	h := NewHealth(Probe{Name: "part", Check: func(context.Context) error { looks.Add(1); return nil }})
	for range 50 {
		h.State(t.Context())
	}
	if n := looks.Load(); n > 2 {
		t.Errorf("%d looks for 50 questions at once", n)
	}
}

func TestAProbeThatHangsIsBounded(t *testing.T) {
	h := NewHealth(Probe{Name: "part", Vital: true, Check: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }})
	begun := time.Now()
	if state := h.State(t.Context()); state.Ready || time.Since(begun) > probeBound+time.Second {
		t.Errorf("%+v after %v", state, time.Since(begun))
	}
}
