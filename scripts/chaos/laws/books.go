package laws

import (
	"maps"
	"slices"
	"strings"
)

// books holds the money: each sum that is kept in two ways is the same in both.
func (j *judge) books() {
	law := j.law[Books]
	sums := map[string]int64{}
	for _, t := range byKey(j.p.Transfers) {
		sum := int64(0)
		for _, p := range t.Postings {
			sum += p.Amount
			sums[p.Account] += p.Amount
		}
		if sum != 0 || len(t.Postings) < 2 {
			law.breaks("transfer %s has %d postings that sum to %d", t.ID, len(t.Postings), sum)
		}
	}
	law.saw("transfers", len(j.p.Transfers))
	j.balances(law, sums)
	j.holds(law)
	j.escrow(law, sums)
}

// balances holds each row against the postings, and all accounts together against zero.
func (j *judge) balances(law *Law, sums map[string]int64) {
	total := int64(0)
	open := map[string]int64{}
	for _, h := range j.p.Holds {
		if h.State == "open" {
			open[h.User] += h.Amount
		}
	}
	for _, b := range byKey(j.p.Balances) {
		free, held := sums["user:"+b.User+":available"], sums["user:"+b.User+":held"]
		if b.Available != free || b.Held != held {
			law.breaks("the balance of %s is %d free and %d held; the postings sum to %d and %d", b.User, b.Available, b.Held, free, held)
		}
		if b.Held != open[b.User] {
			law.breaks("%d of %s is held; his open holds sum to %d", b.Held, b.User, open[b.User])
		}
		if b.Held < 0 || (b.Available < 0) != b.Owing {
			law.breaks("the balance of %s is %d free and %d held, owing %v", b.User, b.Available, b.Held, b.Owing)
		}
		total += b.Available + b.Held
	}
	law.saw("balances", len(j.p.Balances))
	for account, sum := range sums {
		user, isUser := strings.CutPrefix(account, "user:")
		user, _, _ = strings.Cut(user, ":")
		if _, ok := j.p.Balances[user]; isUser && !ok {
			law.breaks("%s has postings and no balance", account)
		}
		if !isUser {
			total += sum
		}
	}
	if total != 0 {
		law.breaks("all accounts together are %d", total)
	}
}

// holds holds each hold against what its deal's standing says.
func (j *judge) holds(law *Law) {
	want := map[string]int64{}
	for id, all := range j.p.Standings {
		for _, s := range all {
			law.saw("standings", 1)
			if s.Hold != 0 {
				want["hold:"+id+":"+s.Account] = s.Hold
			}
			if s.Hold != 0 && j.p.Deals[id].Final() {
				law.breaks("deal %s is over, and %d of %s is held for it", id, s.Hold, s.Account)
			}
		}
	}
	for _, h := range j.p.Holds {
		law.saw("holds", 1)
		amount := int64(0)
		if h.State == "open" {
			amount = h.Amount
		} else if h.Amount != 0 {
			law.breaks("%s is %s and still %d", h.ID, h.State, h.Amount)
		}
		if want[h.ID] != amount {
			law.breaks("%s is %d, the standing says %d", h.ID, amount, want[h.ID])
		}
		delete(want, h.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(want)) {
		law.breaks("%s is missing, the standing says %d", id, want[id])
	}
}

// escrow holds each order against its account, and the fees against the site's.
func (j *judge) escrow(law *Law, sums map[string]int64) {
	fees := int64(0)
	for _, o := range byKey(j.p.Orders) {
		want := int64(0)
		if o.Escrow {
			want = o.Total - o.Refunded
		}
		if got := sums["escrow:"+o.ID]; got != want {
			law.breaks("%d waits for order %s, which says %d", got, o.ID, want)
		}
		delete(sums, "escrow:"+o.ID)
		fees += o.FeeTaken
	}
	law.saw("orders", len(j.p.Orders))
	if sums["fee"] != fees {
		law.breaks("the site took %d, the orders say %d", sums["fee"], fees)
	}
	for account, sum := range sums {
		if strings.HasPrefix(account, "escrow:") {
			law.breaks("%s has %d and no order", account, sum)
		}
	}
}
