package fixed

import (
	"haggle/internal/deal"
)

// The functions of this file read the entry that a line tells of; what the line gets wrong shows when the entry is
// replayed and writes another line.

func readBuy(l deal.Line) deal.Entry {
	e := deal.Entry{Account: l.Who, Role: deal.Member, Act: deal.Buy}
	n, _ := l.Body["quantity"].(int64)
	e.Values = Buy{Quantity: &n}
	if l.Who == "owner" || l.Who == "site" {
		e.Role = deal.Moderator // whom the rule lets buy nothing
	}
	return e
}

func (r *replay) readLapse(l deal.Line) deal.Entry {
	of, _ := l.Body["of"].(int64)
	reason, _ := l.Body["reason"].(string)
	return deal.Entry{Account: r.buyerOf[of], Role: deal.Site, Act: deal.Lapse, Values: Lapse{Seq: of}, Reason: deal.Reason(reason)}
}

func readEndEarly(l deal.Line) deal.Entry {
	reason, _ := l.Body["reason"].(string)
	return deal.Entry{Account: "owner", Role: deal.Owner, Act: deal.EndEarly, Reason: deal.Reason(reason)}
}

// readAwarded finds the purchase that an award paid. The line does not number it; of a buyer's purchases alike in
// pieces and price it is the oldest that could still be paid and never lapses: taking the one that is due first never
// leaves a later award without its purchase.
func (r *replay) readAwarded(l deal.Line) deal.Entry {
	to, _ := l.Body["to"].(string)
	e := deal.Entry{Account: to, Role: deal.Site, Act: deal.Paid, Values: Paid{}}
	for _, p := range purchases(r.buyers[to]).Unpaid {
		if p.Quantity == l.Body["quantity"] && int64(p.UnitPrice) == l.Body["unitPrice"] && !r.lapsed[p.Seq] && l.At.Before(p.Due) {
			e.Values = Paid{Seq: p.Seq}
			return e
		}
	}
	return e
}
