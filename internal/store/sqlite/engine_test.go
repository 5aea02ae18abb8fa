package sqlite

import (
	"path/filepath"
	"testing"

	"haggle/internal/store"
	"haggle/internal/store/storetest"
)

func TestEngine(t *testing.T) {
	storetest.Run(t, opener(t.TempDir()))
}

// opener opens places as folders.
func opener(dir string) storetest.Open {
	return func(t testing.TB, place string, hooks store.Hooks) (store.Engine, error) {
		return Open(filepath.Join(dir, place), hooks)
	}
}
