package mongo

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
	"haggle/internal/store/storetest"
	"haggle/internal/testenv"
)

// weak are options of an address that would make every call weaker than it may be.
const weak = "&w=1&journal=false&readConcernLevel=local&readPreference=secondaryPreferred&retryReads=false"

// TestEngine runs the whole contract, over an address that asks for weaker calls, and watches the wire: no call goes out
// with less than concern.go says.
func TestEngine(t *testing.T) {
	uri := testenv.Mongod(t)
	wire := newWire()
	storetest.Run(t, func(t testing.TB, place string, hooks store.Hooks) (store.Engine, error) {
		e, err := open(bg, options.Client().ApplyURI(uri+weak).SetMonitor(wire.monitor()), "haggle_"+place, hooks)
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { dropAfter(t, uri, "haggle_"+place) })
		return e, nil
	})
	wire.check(t) // no call was weaker than promised
}
