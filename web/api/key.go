package api

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"haggle/internal/market"
)

// maxKey bounds an Idempotency-Key, in bytes.
const maxKey = 200

// Keyed is embedded by every input of a POST that keeps its answer.
type Keyed struct {
	IdempotencyKey string `header:"Idempotency-Key" doc:"Stands for method, path and body for 24 h: a repeated request gets the first answer."`
	hash           string
}

// Resolve notes what the key stands for, and refuses one that is too long.
func (k *Keyed) Resolve(ctx huma.Context) []error {
	if len(k.IdempotencyKey) > maxKey {
		return []error{&huma.ErrorDetail{Location: "header.Idempotency-Key", Message: "at most 200 bytes"}}
	}
	if k.IdempotencyKey != "" {
		u := ctx.URL()
		k.hash = requestHash(ctx.Method(), u.Path, humafiber.Unwrap(ctx).Body())
	}
	return nil
}

func requestHash(method, path string, body []byte) string {
	h := sha256.New()
	h.Write([]byte(method + "\n" + path + "\n"))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// key is the market's form of the request's key.
func (k *Keyed) key() market.Key { return market.Key{Value: k.IdempotencyKey, Hash: k.hash} }
