package acceptance

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"haggle/internal/testenv"
)

// TestSearchIsAway runs a market whose Meilisearch does not answer: it trades on, and lists come from the store and say
// so, on the page and in the API.
func TestSearchIsAway(t *testing.T) {
	t.Parallel()
	m := start(t, "--meili=http://127.0.0.1:1", "--meili-key=none")
	w := m.wave(3, 2*time.Second, 100*time.Millisecond)
	m.trades(w.seller, w.buyer)
	id := w.seller.fixed(nil)
	w.ended()
	o := m.guest().do("GET", "/search?q=notebook", nil).want(200).obj()
	if o.at("stale") != true || o.str("items.0.id") != id {
		t.Errorf("without its search the list is stale %v, with %v first", o.at("stale"), o.str("items.0.id"))
	}
	for language, want := range map[string]string{"en": "Search is taking a rest", "zh-TW": "搜尋暫時無法使用"} {
		if page := m.page("/search?q=notebook", language); !strings.Contains(page, want) || !strings.Contains(page, "/deals/"+id) {
			t.Errorf("the page (%s) does not say %q", language, want)
		}
	}
}

// page reads a page in a language.
func (m *market) page(path, language string) string {
	m.t.Helper()
	req, err := http.NewRequest("GET", m.site.URL+path, nil)
	if err != nil {
		m.t.Fatal(err)
	}
	req.Header.Set("Accept-Language", language)
	res, err := client.Do(req)
	if err != nil {
		m.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 {
		m.t.Fatalf("%s: %d, %v", path, res.StatusCode, err)
	}
	return string(body)
}

// TestSearchOnMeilisearch runs a market on a real Meilisearch with a key that is limited to its index.
func TestSearchOnMeilisearch(t *testing.T) {
	t.Parallel()
	url, master := testenv.Meili(t)
	out, errs, code := testenv.Run(t, "", "reindex", "--key", "--meili="+url, "--meili-key="+master)
	if code != 0 {
		t.Fatalf("reindex --key: exit %d, %s%s", code, out, errs)
	}
	key := strings.TrimSpace(out)
	if again, _, _ := testenv.Run(t, "", "reindex", "--key", "--meili="+url, "--meili-key="+master); key == "" || key == master || strings.TrimSpace(again) != key {
		t.Fatal("the key is not one of its own, or another one each time")
	}
	if got := meiliSays(t, url, "/keys", key); got != 403 {
		t.Errorf("the limited key reads all keys: %d", got)
	}
	if got := meiliSays(t, url, "/indexes/of_somebody_else/documents", key); got != 403 {
		t.Errorf("the limited key reads another index: %d", got)
	}
	m := start(t, "--meili="+url, "--meili-key="+key)
	w := m.wave(5, 3*time.Second, 100*time.Millisecond)
	id := w.seller.fixed(obj{"title": "高級 Oolong notebook"})
	for _, words := range []string{"notebook", "高級", "notebok"} {
		m.finds(words, id)
	}
	w.ended()
	w.found()
	if out, errs, code := testenv.Run(t, "", "reindex", "--check", "--data="+m.site.Data, "--meili="+url, "--meili-key="+key); code != 0 {
		t.Errorf("reindex --check: exit %d, %s%s", code, out, errs)
	}
	if out, errs, code := testenv.Run(t, "", "reindex", "--data="+m.site.Data, "--meili="+url, "--meili-key="+key); code != 0 {
		t.Errorf("reindex beside the running site: exit %d, %s%s", code, out, errs)
	}
	m.finds("notebook", id)
}

// finds waits until a search finds a deal first.
func (m *market) finds(words, id string) {
	m.t.Helper()
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		a := m.guest().do("GET", "/search?q="+words, nil).want(200).obj()
		if a.at("stale") == nil && a.str("items.0.id") == id {
			return
		}
		if time.Now().After(end) {
			m.t.Fatalf("%s finds %v", words, a)
		}
	}
}

// meiliSays is the status of an answer of the search server.
func meiliSays(t *testing.T, url, path, key string) int {
	t.Helper()
	req, err := http.NewRequest("GET", url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+key)
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	return res.StatusCode
}
