package request

import (
	"fmt"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// The second implementation: it keeps every accepted quote, knows no running state and computes everything anew from
// the list, in the plainest way.

type naiveQuote struct {
	seller, who string
	seq         int64
	at          time.Time
	price       money.Amount
	pieces      int64
	goods       string // condition and delivery
}

type naive struct {
	t      *Terms
	unit   money.Amount
	closes time.Time // as opened
	list   []naiveQuote
}

// standing is the last quote of every seller, oldest first.
func (n *naive) standing() []naiveQuote {
	var out []naiveQuote
	for i, q := range n.list {
		later := slices.ContainsFunc(n.list[i+1:], func(o naiveQuote) bool { return o.seller == q.seller })
		if !later {
			out = append(out, q)
		}
	}
	return out
}

func (n *naive) of(seller string) []naiveQuote {
	return slices.DeleteFunc(slices.Clone(n.list), func(q naiveQuote) bool { return q.seller != seller })
}

// refusal is the code that a well-formed quote deserves; "" where it is taken.
func (n *naive) refusal(q naiveQuote) fault.Code {
	mine := n.of(q.seller)
	public := *n.t.PriceVisible
	switch {
	case q.price%n.unit != 0:
		return fault.CodeNotCash
	case public && q.price > n.t.NamedPrice:
		return fault.CodeAboveNamedPrice
	case len(mine) == 0:
		return ""
	}
	last := mine[len(mine)-1]
	switch {
	case n.t.Rule == "open" && last.price-q.price < *n.t.MinimumStep:
		return fault.CodeNotLowerThanOwn
	case n.t.Rule == "choice" && q.price >= last.price:
		return fault.CodeNotLowerThanOwn
	case n.t.Rule == "first" && !public && len(mine) == 5:
		return fault.CodeLimit
	case n.t.Rule == "first" && !public && q.at.Sub(last.at) < 24*time.Hour && q.goods == last.goods && q.pieces == last.pieces:
		return fault.CodeLimit
	}
	return ""
}

// best is the quote that leads: the lowest, of equal ones the one that stands longest.
func (n *naive) best() (naiveQuote, bool) {
	var best naiveQuote
	for _, q := range n.standing() {
		if best.seller == "" || q.price < best.price {
			best = q
		}
	}
	return best, best.seller != ""
}

// deadline replays the soft close from the first quote on.
func (n *naive) deadline() time.Time {
	closes := n.closes
	if n.t.Rule != "open" {
		return closes
	}
	window, length := time.Duration(n.t.SoftClose.WindowSeconds)*time.Second, time.Duration(n.t.SoftClose.ExtendSeconds)*time.Second
	for i, q := range n.list {
		before, _ := (&naive{list: n.list[:i]}).best()
		after, _ := (&naive{list: n.list[:i+1]}).best()
		changed := before.seller != after.seller || before.price != after.price
		if window > 0 && changed && closes.Sub(q.at) <= window && q.at.Add(length).After(closes) {
			closes = q.at.Add(length)
		}
	}
	return closes
}

// place is the rank of a seller's standing quote.
func (n *naive) place(seller string) int64 {
	s := n.standing()
	slices.SortStableFunc(s, func(a, b naiveQuote) int { return int(a.price - b.price) })
	return int64(slices.IndexFunc(s, func(q naiveQuote) bool { return q.seller == seller })) + 1
}

// wonAtOnce is the first quote within the named price, under first.
func (n *naive) wonAtOnce() (naiveQuote, bool) {
	for _, q := range n.list {
		if n.t.Rule == "first" && q.price <= n.t.NamedPrice {
			return q, true
		}
	}
	return naiveQuote{}, false
}

// outcome hands out piece by piece, each to the cheapest standing quote that still has one.
func (n *naive) outcome() (result deal.Result, reason deal.Reason, won string) {
	s := n.standing()
	if q, ok := n.wonAtOnce(); ok {
		return deal.Sold, "", fmt.Sprint([]string{fmt.Sprintf("%s %d×%d", q.who, q.pieces, q.price)})
	}
	switch {
	case len(s) < int(*n.t.MinimumQuotes):
		return deal.ResultFailed, deal.TooFewQuotes, "[]"
	case n.t.Rule == "first":
		return deal.ResultFailed, deal.ReserveNotMet, "[]"
	case n.t.Rule == "choice":
		return deal.ResultFailed, deal.OwnerWithdrew, "[]"
	}
	got, order, within := map[string]int64{}, []naiveQuote{}, false
	for range *n.t.Quantity {
		var next naiveQuote
		for _, q := range s {
			within = within || q.price <= n.t.NamedPrice
			eligible := q.price <= n.t.NamedPrice && (n.t.Floor == nil || q.price >= *n.t.Floor) && got[q.who] < q.pieces
			if eligible && (next.seller == "" || q.price < next.price) {
				next = q
			}
		}
		if next.seller == "" {
			break
		}
		if got[next.who]++; got[next.who] == 1 {
			order = append(order, next)
		}
	}
	var out []string
	for _, q := range order {
		out = append(out, fmt.Sprintf("%s %d×%d", q.who, got[q.who], q.price))
	}
	switch {
	case len(out) > 0:
		return deal.Sold, "", fmt.Sprint(out)
	case within:
		return deal.ResultFailed, deal.BelowMinimum, "[]"
	}
	return deal.ResultFailed, deal.ReserveNotMet, "[]"
}
