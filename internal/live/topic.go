package live

import "sync"

// topic is what the readers of one deal share. It exists while it has readers.
type topic struct {
	mu      sync.Mutex
	last    int64 // the newest Seq given out
	any     bool  // whether last means anything
	readers map[chan Event]struct{}
}

// offer gives an event to every reader, unless it is not newer than the last one.
func (t *topic) offer(e Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.any && e.Seq <= t.last {
		return
	}
	t.last, t.any = e.Seq, true
	for ch := range t.readers {
		replace(ch, e)
	}
}

// replace puts an event into a reader's slot, in place of one he has not read yet. Only the holder of the topic's lock
// sends, so after the slot was emptied it stays free.
func replace(ch chan Event, e Event) {
	select {
	case <-ch:
	default:
	}
	ch <- e
}

func (t *topic) add(ch chan Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.readers[ch] = struct{}{}
}

// remove ends a reader and says how many are left.
func (t *topic) remove(ch chan Event) (left int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, reading := t.readers[ch]; reading {
		delete(t.readers, ch)
		close(ch)
	}
	return len(t.readers)
}

func (t *topic) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for ch := range t.readers {
		close(ch)
	}
	clear(t.readers)
}
