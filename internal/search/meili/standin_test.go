package meili_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"haggle/internal/search/meili"
)

// standin answers like a Meilisearch server as far as requests and tasks go. It stores documents by index and finds
// nothing: what it is for is the shape of what it is asked.
type standin struct {
	mu      sync.Mutex
	indexes map[string]map[string]map[string]any
	asked   []request
	tasks   int
	looks   int    // at tasks; each task is done at the second look
	fail    string // type of task that fails
	down    bool   // answer everything with 503
	key     string
	answer  string // what multi-search answers
	blind   bool   // the key is limited to indexes: a swap's task is not to be seen
	kind    string // of the last task
	born    map[string]int
}

type request struct {
	what string // method and path
	body string
}

func newStandin(t *testing.T) (*standin, *meili.Index) {
	t.Helper()
	s := &standin{key: "secret-key", indexes: map[string]map[string]map[string]any{}, born: map[string]int{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	x := meili.New(server.URL, "secret-key", "deals")
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, x
}

// log is what was asked since the last call, without looks at tasks and whether indexes exist.
func (s *standin) log() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, r := range s.asked {
		if !strings.HasPrefix(r.what, "GET ") {
			out = append(out, r.what)
		}
	}
	s.asked = nil
	return out
}

// body is the last body that was sent to the path.
func (s *standin) body(t *testing.T, what string) map[string]any {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.asked) - 1; i >= 0; i-- {
		if s.asked[i].what == what {
			var out map[string]any
			if err := json.Unmarshal([]byte(s.asked[i].body), &out); err != nil {
				t.Fatal(err)
			}
			return out
		}
	}
	t.Fatalf("%s was not asked, but %v", what, s.asked)
	return nil
}

func (s *standin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	what := r.Method + " " + r.URL.Path
	s.asked = append(s.asked, request{what, string(body)})
	w.Header().Set("Content-Type", "application/json")
	switch {
	case s.down:
		reply(w, http.StatusServiceUnavailable, `{"message":"starting","code":"unavailable"}`)
	case r.Header.Get("Authorization") != "Bearer "+s.key:
		reply(w, http.StatusForbidden, `{"message":"no key","code":"invalid_api_key"}`)
	case strings.HasPrefix(r.URL.Path, "/tasks/") && s.blind && s.kind == "indexSwap":
		reply(w, http.StatusNotFound, `{"message":"no such task","code":"task_not_found"}`)
	case strings.HasPrefix(r.URL.Path, "/tasks/"):
		s.task(w)
	case what == "POST /multi-search":
		reply(w, http.StatusOK, s.answer)
	case what == "POST /indexes":
		s.begin(w, "indexCreation", func() {
			s.indexes[field(body, "uid")], s.born[field(body, "uid")] = map[string]map[string]any{}, s.tasks
		})
	case what == "POST /swap-indexes":
		s.begin(w, "indexSwap", func() {
			s.indexes["deals"], s.indexes["deals_next"] = s.indexes["deals_next"], s.indexes["deals"]
			s.born["deals"], s.born["deals_next"] = s.born["deals_next"], s.born["deals"]
		})
	default:
		s.ofIndex(w, r.Method, strings.Split(r.URL.Path, "/")[2:], body)
	}
}

// ofIndex answers requests below /indexes/{name}.
func (s *standin) ofIndex(w http.ResponseWriter, method string, path []string, body []byte) {
	name, rest := path[0], method+" "+strings.Join(path[1:], "/")
	if rest == "POST documents" && s.indexes[name] == nil {
		s.indexes[name] = map[string]map[string]any{} // the server makes an index of documents it does not know
	}
	docs, known := s.indexes[name]
	switch {
	case !known:
		reply(w, http.StatusNotFound, `{"message":"no such index","code":"index_not_found"}`)
	case rest == "GET ":
		reply(w, http.StatusOK, fmt.Sprintf(`{"uid":%q,"primaryKey":"id","createdAt":"2026-01-01T00:%02d:%02dZ"}`, name, s.born[name]/60, s.born[name]%60))
	case rest == "DELETE ":
		s.begin(w, "indexDeletion", func() { delete(s.indexes, name) })
	case rest == "PATCH settings":
		s.begin(w, "settingsUpdate", func() {})
	case rest == "POST documents":
		s.begin(w, "documentAdditionOrUpdate", func() { store(docs, body) })
	case rest == "POST documents/delete-batch":
		s.begin(w, "documentDeletion", func() {
			var ids []string
			_ = json.Unmarshal(body, &ids)
			for _, id := range ids {
				delete(docs, id)
			}
		})
	case rest == "POST documents/fetch":
		fetch(w, docs, body)
	case method == "GET" && docs[path[len(path)-1]] != nil:
		raw, _ := json.Marshal(docs[path[len(path)-1]])
		reply(w, http.StatusOK, string(raw))
	default:
		reply(w, http.StatusNotFound, `{"message":"no such document","code":"document_not_found"}`)
	}
}

func store(docs map[string]map[string]any, body []byte) {
	var list []map[string]any
	_ = json.Unmarshal(body, &list)
	for _, d := range list {
		docs[d["id"].(string)] = d
	}
}

func fetch(w http.ResponseWriter, docs map[string]map[string]any, body []byte) {
	var q struct {
		Ids           []string
		Offset, Limit int
	}
	_ = json.Unmarshal(body, &q)
	found := []map[string]any{}
	for id, d := range docs {
		if q.Ids == nil || strings.Contains(strings.Join(q.Ids, ","), id) {
			found = append(found, d)
		}
	}
	total := len(found)
	found = found[min(q.Offset, total):min(q.Offset+q.Limit, total)]
	raw, _ := json.Marshal(map[string]any{"results": found, "total": total, "limit": q.Limit, "offset": q.Offset})
	reply(w, http.StatusOK, string(raw))
}

// begin takes a task in. What it does is done at once; that it is done is said later.
func (s *standin) begin(w http.ResponseWriter, kind string, do func()) {
	s.tasks++
	s.looks, s.kind = 0, kind
	if s.fail == kind {
		s.looks = -1
	} else {
		do()
	}
	reply(w, http.StatusAccepted, fmt.Sprintf(`{"taskUid":%d,"status":"enqueued","type":%q}`, s.tasks, kind))
}

func (s *standin) task(w http.ResponseWriter) {
	if s.looks < 0 {
		reply(w, http.StatusOK, `{"uid":1,"status":"failed","type":"x","error":{"message":"disk full","code":"no_space_left_on_device"}}`)
		return
	}
	s.looks++
	if s.looks < 2 {
		reply(w, http.StatusOK, `{"uid":1,"status":"processing"}`)
		return
	}
	reply(w, http.StatusOK, `{"uid":1,"status":"succeeded"}`)
}

func reply(w http.ResponseWriter, status int, body string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func field(body []byte, name string) string {
	var m map[string]any
	_ = json.Unmarshal(body, &m)
	s, _ := m[name].(string)
	return s
}
