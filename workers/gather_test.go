package workers

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"
)

// TestGatherings: the first does not wait for company; what comes meanwhile is done together, up to a bound, and each hears
// what was said of it.
func TestGatherings(t *testing.T) {
	begun, goOn := make(chan []string), make(chan bool)
	g := gather[string]{atOnce: 1, bound: 2, do: func(_ context.Context, ids []string) map[string]string {
		begun <- ids
		<-goOn
		said := map[string]string{}
		for _, id := range ids {
			if id != "silent" {
				said[id] = "did " + id
			}
		}
		return said
	}}
	heard := map[string]string{}
	var mu sync.Mutex
	var all sync.WaitGroup
	put := func(id string) {
		all.Go(func() {
			s := g.put(id)
			mu.Lock()
			defer mu.Unlock()
			heard[id] = s
		})
	}
	put("a")
	if ids := <-begun; !slices.Equal(ids, []string{"a"}) {
		t.Errorf("the first gathering is %v", ids)
	}
	for n, id := range []string{"b", "silent", "c"} {
		put(id)
		eventually(t, time.Second, id+" waits", func() bool { g.mu.Lock(); defer g.mu.Unlock(); return len(g.waiting) == n+1 })
	}
	goOn <- true
	for _, want := range [][]string{{"b", "silent"}, {"c"}} {
		if ids := <-begun; !slices.Equal(ids, want) {
			t.Errorf("a gathering is %v, want %v", ids, want)
		}
		goOn <- true
	}
	all.Wait()
	if got, want := fmt.Sprint(heard), "map[a:did a b:did b c:did c silent:]"; got != want {
		t.Errorf("they heard %s, want %s", got, want)
	}
}
