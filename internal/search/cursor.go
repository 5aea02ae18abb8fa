package search

import (
	"encoding/base64"
	"encoding/json"
	"hash/fnv"

	"haggle/internal/fault"
)

// Cursor is the place in a result after which the next page begins. Where the place is a hit (its sort key, time and
// tie) and not a number of hits, later pages neither repeat nor skip anything when deals come and go in between.
type Cursor struct {
	Query   uint64  `json:"q"`           // of which query this is the cursor
	Level   int     `json:"l,omitempty"` // how far the engine had relaxed the text
	Score   float64 `json:"s,omitempty"`
	Key     int64   `json:"k,omitempty"`
	Created int64   `json:"c,omitempty"` // Unix milliseconds
	Tie     string  `json:"t,omitempty"`
	Offset  int64   `json:"o,omitempty"` // for orders that only the engine can compare
}

// Encode gives the cursor as the opaque string of a Result's Next.
func (c Cursor) Encode(q Query) string {
	c.Query = q.fingerprint()
	raw, err := json.Marshal(c)
	if err != nil { // a score is never NaN
		panic(err)
	}
	return base64.RawURLEncoding.EncodeToString(raw)
}

// After reads the query's cursor; nil for the first page. A cursor that is broken or of another query is refused.
func (q Query) After() (*Cursor, error) {
	if q.Cursor == "" {
		return nil, nil
	}
	refused := fault.Invalidf("cursor", "not a cursor of this query")
	raw, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil {
		return nil, refused.Because(err)
	}
	var c Cursor
	if err := json.Unmarshal(raw, &c); err != nil {
		return nil, refused.Because(err)
	}
	if c.Query != q.fingerprint() || c.Offset < 0 {
		return nil, refused
	}
	return &c, nil
}

// fingerprint is the same for all pages of a query: its limit may change between pages.
func (q Query) fingerprint() uint64 {
	q.Cursor, q.Limit = "", 0
	raw, err := json.Marshal(q)
	if err != nil { // strings and integers
		panic(err)
	}
	h := fnv.New64a()
	h.Write(raw)
	return h.Sum64() >> 11 // fits a JSON number
}
