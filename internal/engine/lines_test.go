package engine_test

import (
	"fmt"
	"reflect"

	"haggle/internal/engine"
	"haggle/internal/money"
)

var linesPromises = []promise{{"LinesOfManyDealsAreThoseOfEach", linesOfMany}}

// linesOfMany reads parts of several logs at once: some begin behind a commit, some within one, some are empty, one is long.
func linesOfMany(w *world) {
	for i := range 4 {
		id := fmt.Sprint("a", i)
		w.auction(id)
		w.enter(w.bid(id, "ann", 1100))
		for round := range 2 {
			var all []engine.Submission
			for n := range 3 {
				all = append(all, w.bid(id, "bob", money.Amount(1201+100*round+n)))
			}
			stopped, release := w.stopCommits()
			first := w.submitLater(w.bid(id, "cem", money.Amount(1150+100*round)))
			<-stopped
			wait := w.Queue(all...) // one segment
			release()
			w.must(<-first)
			for _, verdict := range wait {
				_, err := verdict()
				w.must(err)
			}
			w.hooks.before.Store(nil)
		}
	}
	w.auction("long")
	for n := range 300 {
		w.enter(w.bid("long", "ann", money.Amount(1100+n)))
	}
	for from := int64(0); from <= 10; from++ {
		for to := from - 1; to <= 9; to++ {
			spans := []engine.Span{{Deal: "long", From: 1, To: 299}, {Deal: "a0", From: from, To: to}, {Deal: "a1", From: 2, To: 3}, {Deal: "a2", From: from, To: to}, {Deal: "a3", From: 0, To: 9}}
			got, err := w.LinesOf(bg, spans)
			w.must(err)
			for _, s := range spans {
				want, err := w.Lines(bg, s.Deal, s.From, s.To)
				if w.must(err); s.To < s.From {
					want = nil
				}
				if len(want)+len(got[s.Deal]) > 0 && !reflect.DeepEqual(got[s.Deal], want) || int64(len(want)) != s.To-s.From+1 {
					w.Fatalf("%+v: %d lines, want %d", s, len(got[s.Deal]), len(want))
				}
			}
		}
	}
}
