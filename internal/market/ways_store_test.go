package market_test

import (
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/identity/passkey"
	"haggle/internal/market"
	"haggle/internal/store"
)

func withPasskeys(t *testing.T) func(*market.Config) {
	t.Helper()
	keys, err := passkey.New("door", "http://localhost:8080")
	must(t, err)
	return func(c *market.Config) { c.Passkeys = keys }
}

// put stores a row as it is.
func (d *door) put(coll string, row any) {
	d.t.Helper()
	raw, err := store.Encode(row)
	must(d.t, err)
	must(d.t, d.store.Put(d.t.Context(), coll, raw))
}

// raw is everything that a collection holds.
func (d *door) raw(coll string) string {
	d.t.Helper()
	var b strings.Builder
	must(d.t, d.store.Scan(d.t.Context(), coll, func(raw bson.Raw) error { b.WriteString(raw.String()); return nil }))
	return b.String()
}
