package request

import (
	"cmp"
	"slices"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// offer is a quote as the ranking sees it; an award is an offer cut to what it gets.
type offer struct {
	account   string // "" where only the log is known
	who       string
	seq       int64
	unitPrice money.Amount
	quantity  int64
}

// limits are the terms that decide a ranking.
type limits struct {
	namedPrice money.Amount
	floor      money.Amount // 0: none
	quantity   int64
}

func (t *Terms) limits() limits {
	return limits{namedPrice: t.NamedPrice, floor: valueOr(t.Floor, 0), quantity: t.quantity()}
}

// allot awards the quantity to the cheapest offers within floor and named price, equal prices to the earlier, the last
// one cut to what is left.
func allot(l limits, offers []offer) []offer {
	var awards []offer
	for _, o := range slices.SortedFunc(slices.Values(offers), cheaper) {
		if l.quantity == 0 || o.unitPrice > l.namedPrice {
			break
		}
		if o.unitPrice < l.floor {
			continue
		}
		o.quantity = min(o.quantity, l.quantity)
		l.quantity -= o.quantity
		awards = append(awards, o)
	}
	return awards
}

func cheaper(a, b offer) int {
	return cmp.Or(cmp.Compare(a.unitPrice, b.unitPrice), cmp.Compare(a.seq, b.seq))
}

// whyNone says why no offer was awarded: all of them above the named price, or those within it abnormally low.
func whyNone(l limits, offers []offer) deal.Reason {
	for _, o := range offers {
		if o.unitPrice <= l.namedPrice {
			return deal.BelowMinimum
		}
	}
	return deal.ReserveNotMet
}

// offers are the standing quotes of a crowd.
func offers(crowd []deal.Standing) []offer {
	var out []offer
	for i := range crowd {
		s := &crowd[i]
		if q := quoted(s); q != nil {
			out = append(out, offer{account: s.Account, who: s.Pseudonym, seq: s.Seq, unitPrice: q.UnitPrice, quantity: q.Quantity})
		}
	}
	return out
}
