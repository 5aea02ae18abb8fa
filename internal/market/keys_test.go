package market

import (
	"context"
	"errors"
	"testing"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/store"
)

// TestARefusalStandsBehindTheFirstAnswer sends one request to two processes: the second meets what the first has done, and
// gives its answer all the same.
func TestARefusalStandsBehindTheFirstAnswer(t *testing.T) {
	m, _ := till(t)
	m.eng = engine.New(engine.Config{Store: m.cfg.Store})
	t.Cleanup(m.eng.Close)
	other := New(m.cfg)
	other.eng = m.eng
	paid := fault.New(fault.CodeConflict, nil)
	a, key := Actor{Account: "ann"}, Key{Value: "k", Hash: "h"}
	pays := func(key *engine.Key) (string, error) {
		return "paid", m.tx(t.Context(), func(ctx context.Context) error { return m.keep(ctx, key, m.Now(), "paid") })
	}
	meanwhile := func(err error) func(*engine.Key) (string, error) {
		return func(*engine.Key) (string, error) {
			if _, _, err := once(t.Context(), other, a, key, nil, pays); err != nil {
				t.Fatal(err)
			}
			return "", err
		}
	}
	late, cancel := context.WithCancel(t.Context())
	for _, c := range []struct {
		name string
		ctx  context.Context
		act  func(*engine.Key) (string, error)
		out  string
		err  error
	}{
		{"nobody did it", t.Context(), func(*engine.Key) (string, error) { return "", paid }, "", paid},
		{"nobody can say", late, func(*engine.Key) (string, error) { cancel(); return "", paid }, "", context.Canceled},
		{"it is not known", t.Context(), meanwhile(store.ErrUnknown), "", store.ErrUnknown},
		{"the first one did it", t.Context(), meanwhile(paid), "paid", nil},
		{"the first one was quicker", t.Context(), meanwhile(&store.DuplicateError{Coll: engine.Keys}), "paid", nil},
	} {
		key.Value = c.name
		out, replayed, err := once(c.ctx, m, a, key, nil, c.act)
		if out != c.out || !errors.Is(err, c.err) || replayed != (c.out != "") {
			t.Errorf("%s: %q, replayed %v, %v; want %q, %v", c.name, out, replayed, err, c.out, c.err)
		}
	}
}
