package english

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// TestReveals lists what a close opens: lines and values, in the order of the log.
func TestReveals(t *testing.T) {
	reserve := deal.Ptr[money.Amount](4000)
	for name, c := range map[string]struct {
		terms Terms
		run   func(a auction)
		opens string
	}{
		"the only maximum stays closed": {Terms{}, func(a auction) { a.bid("ann", 5000) }, ""},
		"a loser's is opened": {Terms{}, func(a auction) {
			a.bid("ann", 2000)
			a.bid("bob", 5000)
		}, "1:2000"},
		"a winner's that cut the step": {Terms{}, func(a auction) {
			a.bid("ann", 2000)
			a.bid("bob", 2030)
		}, "1:2000 2:2030"},
		"a winner's of exactly the step": {Terms{}, func(a auction) {
			a.bid("ann", 2000)
			a.bid("bob", 2050)
		}, "1:2000"},
		"a winner's that was met by an equal": {Terms{}, func(a auction) {
			a.bid("ann", 5000)
			a.bid("bob", 5000)
		}, "1:5000 2:5000"},
		"of a winner's the last stays closed": {Terms{}, func(a auction) {
			a.bid("bob", 3000)
			a.bid("ann", 2000)
			a.bid("bob", 9000)
		}, "1:3000 2:2000"},
		"retracted ones are opened": {Terms{}, func(a auction) {
			a.bid("ann", 2000)
			a.bid("bob", 5000)
			must(a.t, a.retract("bob"))
		}, "1:2000 2:5000"},
		"and the winner's, unless he led when they stood": {Terms{}, func(a auction) {
			a.bid("ann", 5000)
			a.bid("bob", 2000)
			must(a.t, a.retract("bob"))
		}, "2:2000"},
		"nobody is left": {Terms{}, func(a auction) {
			a.bid("ann", 2000)
			must(a.t, a.retract("ann"))
		}, "1:2000"},
		"one that does not count": {Terms{}, func(a auction) {
			a.bid("ann", 2000)
			a.bid("bob", 5000, "ann")
		}, "2:5000"},
		"the winner's last was retracted": {Terms{}, func(a auction) {
			a.left(time.Hour)
			a.bid("ann", 2000)
			a.bid("ann", 5000)
			must(a.t, a.retract("ann"))
		}, "1:2000"},
		"the reserve, sold":                   {Terms{ReservePrice: reserve}, func(a auction) { a.bid("ann", 9000) }, "0:4000"},
		"the reserve, exactly reached":        {Terms{ReservePrice: reserve}, func(a auction) { a.bid("ann", 4000) }, "0:4000"},
		"the reserve, nobody bid":             {Terms{ReservePrice: reserve}, func(auction) {}, "0:4000"},
		"below the reserve the leader's stay": {Terms{ReservePrice: reserve}, func(a auction) { a.bid("ann", 3000) }, "0:4000"},
		"below it, the leader's cut the step": {Terms{ReservePrice: reserve}, func(a auction) {
			a.bid("ann", 3000)
			a.bid("bob", 2990)
		}, "0:4000 1:3000 2:2990"},
		"ended early below it": {Terms{ReservePrice: reserve}, func(a auction) {
			a.bid("ann", 3000)
			must(a.t, a.endEarly())
		}, "0:4000 1:3000"},
		"ended early above it": {Terms{ReservePrice: reserve}, func(a auction) {
			a.bid("ann", 5000)
			must(a.t, a.endEarly())
		}, "0:4000"},
		"bought by somebody": {Terms{ReservePrice: reserve, BuyNowPrice: deal.Ptr[money.Amount](9000)}, func(a auction) {
			a.bid("ann", 2000)
			must(a.t, a.buy("bob"))
		}, "0:4000 1:2000"},
		"bought by the leader, whose maximum explains the price before": {Terms{ReservePrice: reserve, BuyNowPrice: deal.Ptr[money.Amount](9000)},
			func(a auction) {
				a.bid("ann", 2000)
				must(a.t, a.buy("ann"))
			}, "0:4000 1:2000"},
		"cancelled": {Terms{ReservePrice: reserve}, func(a auction) {
			a.bid("ann", 2000)
			must(a.t, a.cancel(a.Frame().Owner, ""))
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c.terms.StartPrice = 1000
			a := dollars(t, c.terms)
			c.run(a)
			var got []string
			for _, r := range a.verified().Reveals {
				got = append(got, fmt.Sprintf("%d:%d", r.Of, r.Secret.Value))
				if r.Who != a.Lines()[r.Of].Who {
					t.Errorf("line %d is opened as %s's", r.Of, r.Who)
				}
			}
			if s := strings.Join(got, " "); s != c.opens {
				t.Errorf("opens %q, want %q", s, c.opens)
			}
		})
	}
}
