package api

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/danielgtaylor/huma/v2"

	"haggle/internal/market"
)

// maxKey bounds an Idempotency-Key, in bytes.
const maxKey = 200

// keyed is embedded by every input of a POST that keeps its answer.
type keyed struct {
	IdempotencyKey string `header:"Idempotency-Key" doc:"Stands for method, path and body for 24 h: a repeated request gets the first answer."`
	RawBody        []byte
	method, path   string
}

// Resolve notes what the key stands for, and refuses one that is too long.
func (k *keyed) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	k.method, k.path = ctx.Method(), u.Path
	if len(k.IdempotencyKey) > maxKey {
		return []error{&huma.ErrorDetail{Location: "header.Idempotency-Key", Message: "at most 200 bytes"}}
	}
	return nil
}

// key is the market's form of the request's key.
func (k *keyed) key() market.Key {
	if k.IdempotencyKey == "" {
		return market.Key{}
	}
	h := sha256.New()
	for _, part := range []string{k.method, "\n", k.path, "\n"} {
		h.Write([]byte(part))
	}
	h.Write(k.RawBody)
	return market.Key{Value: k.IdempotencyKey, Hash: hex.EncodeToString(h.Sum(nil))}
}
