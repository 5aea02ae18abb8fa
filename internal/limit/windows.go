package limit

import (
	"maps"
	"sync"
	"sync/atomic"
	"time"
)

// maxWindows bounds the keys counted in one process. Beyond it an arbitrary window is forgotten.
const maxWindows = 65_536

// windows counts tries in this process.
type windows struct {
	mu    sync.Mutex
	of    map[string]window
	swept time.Time // when what had ended was last removed
}

type window struct {
	used int
	ends time.Time
}

func newWindows() *windows { return &windows{of: map[string]window{}} }

func (w *windows) allow(key string, n int, per time.Duration, now time.Time) (bool, time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	cur, found := w.of[key]
	if !found || !now.Before(cur.ends) {
		w.makeRoom(found, now)
		cur = window{ends: now.Add(per)}
	}
	if cur.used >= n {
		return false, cur.ends.Sub(now)
	}
	cur.used++
	w.of[key] = cur
	return true, 0
}

// makeRoom keeps the bound before a new key: what has ended goes first (looked for once a second at most, a full map
// must not make every newcomer expensive), else any one.
func (w *windows) makeRoom(known bool, now time.Time) {
	if known || len(w.of) < maxWindows {
		return
	}
	if now.Sub(w.swept) >= time.Second {
		w.swept = now
		maps.DeleteFunc(w.of, func(_ string, old window) bool { return !now.Before(old.ends) })
	}
	for key := range w.of {
		if len(w.of) < maxWindows {
			return
		}
		delete(w.of, key)
	}
}

// gate is shut until a moment.
type gate struct{ until atomic.Int64 }

func (g *gate) open(now time.Time) bool { return now.UnixMilli() >= g.until.Load() }
func (g *gate) shut(until time.Time)    { g.until.Store(until.UnixMilli()) }
