package engine_test

import (
	"fmt"
	"testing"
	"time"

	"haggle/internal/engine"
)

// BenchmarkSettle: a hundred auctions with two bidders each, one after the other and together, in commits of so many steps.
// The time is that of one auction; ms/commit is how long one commit takes with all that is read for it.
func BenchmarkSettle(b *testing.B) {
	onEach(b, func(b *testing.B, w *world) {
		b.Run("alone", func(b *testing.B) {
			w.settleHundred(b, func(w *world, ids []string) {
				for _, id := range ids {
					w.must(w.Settle(bg, id))
				}
			})
		})
		for _, chunk := range []int{32, 64, 128, 256} {
			b.Run(fmt.Sprint("together/", chunk), func(b *testing.B) {
				w.restarted(chunkOf(chunk)).settleHundred(b, func(w *world, ids []string) {
					for id, err := range w.SettleAll(bg, ids) {
						w.Errorf("%s: %v", id, err)
					}
				})
			})
		}
	})
}

func (w *world) settleHundred(b *testing.B, settle func(w *world, ids []string)) {
	var took, longest time.Duration
	var commits int
	for b.Loop() {
		b.StopTimer()
		ids := w.decidedAuctions(100)
		var last time.Time
		w.hooks.after.Store(always(func() error {
			now := time.Now()
			commits, longest, last = commits+1, max(longest, now.Sub(last)), now
			return nil
		}))
		b.StartTimer()
		begun := time.Now()
		last = begun
		settle(w, ids)
		took += time.Since(begun)
		w.hooks.after.Store(nil)
	}
	b.ReportMetric(float64(took.Microseconds())/float64(100*b.N), "µs/deal")
	b.ReportMetric(float64(took.Milliseconds())/float64(commits), "ms/commit")
	b.ReportMetric(float64(longest.Milliseconds()), "ms/longest")
}

// decidedAuctions are so many auctions with two bidders each, up to their decision.
func (w *world) decidedAuctions(n int) []string {
	w.Helper()
	ids := make([]string, n)
	var bids []engine.Submission
	for i := range ids {
		ids[i] = fmt.Sprintf("x%06d", w.drawn.Add(1))
		w.auction(ids[i])
		bids = append(bids, w.bid(ids[i], "m1", 1000), w.bid(ids[i], "m2", 1500))
	}
	for _, wait := range w.Queue(bids...) {
		_, err := wait()
		w.must(err)
	}
	w.clock.set(*w.deal(ids[n-1]).ClosesAt)
	for _, id := range ids {
		w.expire(id)
	}
	return ids
}
