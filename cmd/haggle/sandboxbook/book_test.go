package sandboxbook_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/cmd/haggle/sandboxbook"
	"haggle/internal/pay"
	"haggle/internal/pay/sandbox"
	"haggle/internal/pay/sandbox/sandboxtest"
	"haggle/internal/store"
	"haggle/internal/store/mongo"
	"haggle/internal/store/sqlite"
	"haggle/internal/testenv"
)

func embedded(t testing.TB, dir string) store.Engine {
	t.Helper()
	s, err := sqlite.Open(dir, store.Hooks{})
	return ready(t, s, err)
}

func ready(t testing.TB, s store.Engine, err error) store.Engine {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Ensure(t.Context(), sandboxbook.Specs()); err != nil {
		t.Fatal(err)
	}
	return s
}

// database is a name that MongoDB takes, one for each test.
func database(t testing.TB) string {
	return "book_" + strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\. "$`, r) {
			return '_'
		}
		return r
	}, t.Name())
}

// TestBook connects anew each time, as another process of the site does.
func TestBook(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) {
		sandboxtest.Run(t, func(t *testing.T) func() sandbox.Storage {
			dir := t.TempDir()
			return func() sandbox.Storage { return sandboxbook.Open(embedded(t, dir)) }
		})
	})
	t.Run("mongo", func(t *testing.T) {
		uri := testenv.Mongod(t)
		sandboxtest.Run(t, func(t *testing.T) func() sandbox.Storage {
			return func() sandbox.Storage {
				s, err := mongo.Open(t.Context(), uri, database(t), store.Hooks{})
				return sandboxbook.Open(ready(t, s, err))
			}
		})
	})
}

// TestApart: what the gateway decided stands although the transaction around the call is lost. Only MongoDB has two
// writers at once.
func TestApart(t *testing.T) {
	s, err := mongo.Open(t.Context(), testenv.Mongod(t), database(t), store.Hooks{})
	book := sandboxbook.Open(ready(t, s, err))
	lost := errors.New("lost")
	err = s.Tx(t.Context(), func(ctx context.Context) error {
		if err := book.Append(ctx, sandbox.Record{Intent: "a", Root: "a"}); err != nil {
			t.Error(err)
		}
		return lost
	})
	if got, err2 := book.Chain(t.Context(), "a"); !errors.Is(err, lost) || err2 != nil || len(got) != 1 {
		t.Errorf("%v; chain %+v, %v", err, got, err2)
	}
}

func TestNoCardNumberIsStored(t *testing.T) {
	s := embedded(t, t.TempDir())
	g := sandbox.New(sandbox.Config{Storage: sandboxbook.Open(s)})
	for i, n := range []string{sandbox.CardGood, sandbox.CardDeclined, sandbox.CardLate} {
		c := pay.Charge{Intent: string(rune('a' + i)), Amount: 1, Currency: "TWD", Card: sandboxtest.Card(t, n)}
		if _, err := g.Charge(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	err := s.Scan(t.Context(), sandboxbook.Collection, func(raw bson.Raw) error {
		seen++
		if text := raw.String(); strings.Contains(text, "42424242") || strings.Contains(text, "40000000") {
			t.Errorf("a card number is stored: %s", text)
		}
		return nil
	})
	if err != nil || seen != 3 {
		t.Errorf("%d records, %v", seen, err)
	}
}
