package mongo

import (
	"context"
	"testing"

	"haggle/internal/store"
	"haggle/internal/store/storetest"
	"haggle/internal/testenv"
)

func TestEngine(t *testing.T) {
	uri := testenv.Mongod(t)
	storetest.Run(t, func(t testing.TB, place string, hooks store.Hooks) (store.Engine, error) {
		e, err := Open(context.Background(), uri, "haggle_"+place, hooks)
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { dropAfter(t, uri, "haggle_"+place) })
		return e, nil
	})
}
