// Package api is the JSON API under /api/v1: thin operations over the market's use cases, one file a noun. The
// OpenAPI 3.1 document is made from these types and served at /api/v1/openapi.json.
//
// An operation does three things: read the input, call one act, answer its view. Everything else stands in one place:
// who is asking (auth.go), idempotency keys (key.go), refusals (problem.go).
package api
