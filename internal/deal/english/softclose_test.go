package english

import (
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/dealtest"
)

// TestSoftClose bids with so much time left and reads how far the deadline moved.
func TestSoftClose(t *testing.T) {
	const min, ms = time.Minute, time.Millisecond
	for name, c := range map[string]struct {
		window, extend int64
		left           time.Duration
		act            func(a auction)
		moves          time.Duration
	}{
		"the first bid, in the window":           {300, 300, 2 * min, func(a auction) { a.bid("bob", 1000) }, 3 * min},
		"exactly at its begin":                   {300, 300, 5 * min, func(a auction) { a.bid("bob", 1000) }, 0},
		"exactly at its begin, longer":           {300, 600, 5 * min, func(a auction) { a.bid("bob", 1000) }, 5 * min},
		"a millisecond before it":                {300, 600, 5*min + ms, func(a auction) { a.bid("bob", 1000) }, 0},
		"the last millisecond":                   {300, 300, ms, func(a auction) { a.bid("bob", 1000) }, 5*min - ms},
		"an extension shorter than what is left": {300, 60, 2 * min, func(a auction) { a.bid("bob", 1000) }, 0},
		"a hard close":                           {0, 300, ms, func(a auction) { a.bid("bob", 1000) }, 0},
		"a window without extension":             {300, 0, min, func(a auction) { a.bid("bob", 1000) }, 0},
		"a refused bid":                          {300, 300, min, func(a auction) { _, _ = a.try("bob", 1) }, 0},
		"a bid that does not count":              {300, 300, min, func(a auction) { a.bid("bob", 1000, dealtest.Owner) }, 0},
		"again and again": {300, 300, min, func(a auction) {
			a.bid("bob", 1000)
			a.left(min)
			a.bid("eve", 2000)
			a.left(min)
			a.bid("bob", 3000)
		}, 12 * min},
		"a leader who raises himself": {300, 300, min, func(a auction) {
			a.bid("bob", 1000)
			a.left(min)
			a.bid("bob", 9000)
		}, 4 * min},
		"a leader whose cut step grows": {300, 300, min, func(a auction) {
			a.bid("eve", 2000)
			a.left(min)
			a.bid("bob", 2030)
			a.left(min)
			a.bid("bob", 9000)
		}, 12 * min},
		"an equal bid at his limit": {300, 300, 10 * min, func(a auction) {
			a.bid("bob", 1050)
			a.bid("eve", 1050)
			a.left(min)
			_, _ = a.try("eve", 1050)
		}, 0},
		"a struck bid moves nothing back": {300, 300, min, func(a auction) {
			a.bid("bob", 1000)
			must(a.t, a.retract("bob"))
		}, 4 * min},
	} {
		t.Run(name, func(t *testing.T) {
			a := auctionIn(t, "USD", Terms{StartPrice: 1000, SoftClose: &SoftClose{c.window, c.extend}}, time.Hour)
			closes := a.ClosesAt()
			a.left(c.left)
			c.act(a)
			if got := a.ClosesAt().Sub(closes); got != c.moves {
				t.Errorf("moved by %s, want %s", got, c.moves)
			}
			logged := closes
			for _, l := range a.Lines() {
				if after, _ := l.Body["after"].(deal.Body); text(after, "closesAt") != "" {
					logged, _ = deal.ParseTime(text(after, "closesAt"))
				}
			}
			if !logged.Equal(a.ClosesAt()) {
				t.Errorf("the log closes at %s, the auction at %s", logged, a.ClosesAt())
			}
			a.verified()
		})
	}
}
