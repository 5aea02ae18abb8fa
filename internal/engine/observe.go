package engine

import (
	"time"

	"haggle/internal/deal"
)

// Commit is what one commit of a lane did, or that it did not happen, for the metrics.
type Commit struct {
	Lane     int             // which decided it
	Items    int             // entries and closings that it decided
	Deals    int             // deals that it wrote
	Accepted int             // entries accepted
	Refused  int             // entries refused
	Retried  int             // entries that are tried again, because the commit did not happen
	Late     []time.Duration // of every deal that it closed at its deadline: how long after it
}

// observe tells of a commit that happened.
func (b *batch) observe() {
	if tell := b.lane.e.cfg.Observe; tell != nil {
		tell(b.summary())
	}
}

// summary counts what a commit did, as far as it came.
func (b *batch) summary() Commit {
	c := Commit{Lane: b.lane.n, Items: len(b.items), Deals: len(b.written)}
	if len(b.verdicts) == 0 { // it did not begin
		return c
	}
	for i := range b.items {
		switch {
		case b.fresh(i):
			c.Accepted++
		case b.verdicts[i].err != nil:
			c.Refused++
		}
	}
	for _, w := range b.written {
		if late, ok := w.closedLate(); ok {
			c.Late = append(c.Late, late)
		}
	}
	return c
}

// observeRetry tells of a commit that did not happen.
func (e *Engine) observeRetry(items int) {
	if e.cfg.Observe != nil {
		e.cfg.Observe(Commit{Retried: items})
	}
}

// closedLate is how long after its deadline the commit decided a deal; false where it did not, or for another cause.
func (w *working) closedLate() (time.Duration, bool) {
	if w.base.doc.Status != deal.Open || w.doc.DecidedAt == nil || w.doc.ClosesAt == nil {
		return 0, false
	}
	late := w.doc.DecidedAt.Sub(*w.doc.ClosesAt)
	return late, late >= 0
}
