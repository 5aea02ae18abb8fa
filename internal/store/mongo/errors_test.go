package mongo

import (
	"errors"
	"fmt"
	"testing"

	"haggle/internal/store"
)

// cleared is how the driver says that it gave up its connections before it sent anything.
type cleared struct{}

func (cleared) Error() string   { return "connection pool was cleared because another operation failed" }
func (cleared) Retryable() bool { return true }

// TestAClearedPoolIsUnavailable: nothing was sent, and soon there is a connection again.
func TestAClearedPoolIsUnavailable(t *testing.T) {
	if err := translate(bg, "things", fmt.Errorf("insert: %w", cleared{})); !errors.Is(err, store.ErrUnavailable) {
		t.Error(err)
	}
	if err := translate(bg, "things", errors.New("anything else")); errors.Is(err, store.ErrUnavailable) {
		t.Error(err)
	}
}
