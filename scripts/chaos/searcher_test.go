package chaos

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// ways a search server fails.
const (
	works    = iota
	answers5 // 503
	hangs    // takes a request and does not answer for long
	hangsUp  // closes the connection
)

// searcher stands in for a Meilisearch: it takes documents in, and can fail. It finds nothing, so it shows what is fed, never
// how well something is found. No registry carries the real one.
type searcher struct {
	url string

	mu      sync.Mutex
	way     int
	indexes map[string]map[string]any
}

func newSearcher(t testing.TB) *searcher {
	s := &searcher{indexes: map[string]map[string]any{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.CloseClientConnections)
	s.url = server.URL
	return s
}

func (s *searcher) set(way int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.way = way
}

// has lists the documents of the index that answers, by id.
func (s *searcher) has() map[string]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string]bool{}
	for id := range s.indexes["haggle_deals"] {
		out[id] = true
	}
	return out
}

func (s *searcher) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	way := s.way
	s.mu.Unlock()
	switch way {
	case hangs:
		select {
		case <-r.Context().Done():
		case <-time.After(8 * time.Second):
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case answers5:
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	case hangsUp:
		panic(http.ErrAbortHandler)
	}
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	defer s.mu.Unlock()
	status, answer := s.answer(r.Method, strings.Split(strings.Trim(r.URL.Path, "/"), "/"), body)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

const begun = `{"taskUid":1,"status":"enqueued"}`

func (s *searcher) answer(method string, path []string, body []byte) (int, string) {
	switch {
	case path[0] == "tasks":
		return 200, `{"uid":1,"status":"succeeded"}`
	case path[0] == "multi-search":
		return 200, `{"results":[{"hits":[]},{"hits":[],"totalHits":0}]}`
	case path[0] == "swap-indexes":
		var swaps []struct{ Indexes [2]string }
		_ = json.Unmarshal(body, &swaps)
		for _, x := range swaps {
			s.indexes[x.Indexes[0]], s.indexes[x.Indexes[1]] = s.indexes[x.Indexes[1]], s.indexes[x.Indexes[0]]
		}
		return 202, begun
	case path[0] != "indexes":
		return 404, `{"message":"unknown","code":"not_found"}`
	case len(path) == 1:
		var made struct{ UID string }
		_ = json.Unmarshal(body, &made)
		s.indexes[made.UID] = map[string]any{}
		return 202, begun
	}
	return s.ofIndex(method, path[1], strings.Join(path[2:], "/"), body)
}

func (s *searcher) ofIndex(method, name, rest string, body []byte) (int, string) {
	if method == "POST" && rest == "documents" && s.indexes[name] == nil {
		s.indexes[name] = map[string]any{}
	}
	docs := s.indexes[name]
	switch {
	case docs == nil:
		return 404, `{"message":"no such index","code":"index_not_found"}`
	case method == "GET" && rest == "":
		return 200, fmt.Sprintf(`{"uid":%q,"primaryKey":"id"}`, name)
	case method == "DELETE" && rest == "":
		delete(s.indexes, name)
	case method == "POST" && rest == "documents":
		var list []map[string]any
		_ = json.Unmarshal(body, &list)
		for _, d := range list {
			docs[fmt.Sprint(d["id"])] = d
		}
	case rest == "documents/delete-batch":
		var ids []string
		_ = json.Unmarshal(body, &ids)
		for _, id := range ids {
			delete(docs, id)
		}
	case rest == "documents/fetch":
		return 200, fetched(docs, body)
	case method == "GET" && strings.HasPrefix(rest, "documents/"):
		doc, ok := docs[strings.TrimPrefix(rest, "documents/")]
		if !ok {
			return 404, `{"message":"no such document","code":"document_not_found"}`
		}
		raw, _ := json.Marshal(doc)
		return 200, string(raw)
	}
	return 202, begun
}

// fetched lists documents, those that are named or all.
func fetched(docs map[string]any, body []byte) string {
	var q struct {
		IDs           []string
		Offset, Limit int
	}
	_ = json.Unmarshal(body, &q)
	found := []any{}
	for _, id := range q.IDs {
		if d, ok := docs[id]; ok {
			found = append(found, d)
		}
	}
	if q.IDs == nil {
		for _, d := range docs {
			found = append(found, d)
		}
	}
	total := len(found)
	found = found[min(q.Offset, total):min(q.Offset+q.Limit, total)]
	raw, _ := json.Marshal(map[string]any{"results": found, "total": total, "limit": q.Limit, "offset": q.Offset})
	return string(raw)
}
