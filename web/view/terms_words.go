package view

import (
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/deal/request"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/order"
)

// termLines says the rules of one deal in plain words, with its own numbers.
func termLines(p *Page, d market.DealView, t Terms) []string {
	var lines []string
	switch d.Kind {
	case deal.English:
		lines = auctionTerms(p, d, t)
	case deal.Request:
		lines = requestTerms(p, d, t)
	case deal.Group:
		lines = groupTerms(p, d, t)
	default:
		lines = fixedTerms(p, d)
	}
	wrong := p.T("terms.wrong", "dispute", p.Long(order.DisputeWithin))
	if d.Kind == deal.Request {
		return append(lines, p.T(sendingKey(d, "terms.buyerPays")), quoterFee(p, d), wrong)
	}
	if t.Fees == nil && sent(d) {
		lines = append(lines, p.T("terms.sending"))
	}
	return append(lines, p.T("terms.fee", "fee", p.Percent(d.FeeBasis)), wrong)
}

// sent says that the thing may be sent, and is not only met for or fetched.
func sent(d market.DealView) bool {
	return len(d.Delivery) == 0 || slices.Contains(d.Delivery, market.Parcel) || slices.Contains(d.Delivery, market.StorePickup)
}

// sendingKey is the key of a sentence that speaks of shipping, or of its like for what is handed over.
func sendingKey(d market.DealView, key string) string {
	if sent(d) {
		return key
	}
	return key + ".met"
}

func auctionTerms(p *Page, d market.DealView, t Terms) []string {
	lines := []string{p.T("terms.proxy")}
	if t.StartPrice > 0 {
		lines = append(lines, p.T("terms.start", "amount", t.StartPrice))
	}
	if d.Standing != nil && len(t.Increments) > 0 {
		lines = append(lines, p.T("terms.step", "now", *d.Standing, "step", stepAt(t.Increments, *d.Standing)))
	}
	if d.HasReserve {
		lines = append(lines, p.T("terms.reserve"))
	}
	if d.BuyNowPrice != nil {
		key := "terms.buyNow"
		if d.HasReserve {
			key = "terms.buyNowReserve"
		}
		lines = append(lines, p.T(key, "amount", *d.BuyNowPrice))
	}
	return append(lines, softCloseLine(p, "terms.softClose", t), p.T("terms.auctionPay"), p.T("terms.auctionBinds"))
}

// stepAt is the step of an increment table at a price.
func stepAt(table [][2]money.Amount, price money.Amount) money.Amount {
	for _, row := range table {
		if row[0] == 0 || price < row[0] {
			return row[1]
		}
	}
	return 0
}

func softCloseLine(p *Page, key string, t Terms) string {
	if t.SoftClose == nil || t.SoftClose.WindowSeconds == 0 {
		return p.T("terms.hardClose")
	}
	return p.T(key, "window", p.Long(seconds(t.SoftClose.WindowSeconds)), "extend", p.Long(seconds(t.SoftClose.ExtendSeconds)))
}

func seconds(n int64) time.Duration { return time.Duration(n) * time.Second }

func fixedTerms(p *Page, d market.DealView) []string {
	total, _ := stock(d)
	lines := []string{p.N("terms.stock", total), p.T("terms.fixedPay")}
	if d.ClosesAt == nil {
		lines = append(lines, p.T("terms.noEnd"))
	}
	return lines
}

func requestTerms(p *Page, d market.DealView, t Terms) []string {
	lines := []string{p.T("terms.rule." + ruleName(d.Rule))}
	if n := value(d.Quantity); n > 1 {
		key := "terms.whole"
		if t.Split {
			key = "terms.split"
		}
		lines = append(lines, p.N(key, n))
	}
	if d.NamedPrice != nil {
		key := "terms.namedPublic"
		if value(d.Quantity) > 1 {
			key = "terms.namedPublicEach"
		}
		lines = append(lines, p.T(key, "amount", *d.NamedPrice))
	} else {
		lines = append(lines, p.T("terms.namedHidden"))
	}
	if value(d.Funded) {
		lines = append(lines, p.T("terms.binding"))
	} else {
		lines = append(lines, p.T("terms.inviting", "pay", p.Long(request.PayWithin)))
	}
	if d.MinimumStep != nil && d.Rule == "open" {
		lines = append(lines, p.T("terms.ownStep", "step", *d.MinimumStep))
	}
	if d.Rule == "open" {
		lines = append(lines, softCloseLine(p, "terms.softCloseRequest", t))
	}
	if n := value(d.MinimumQuotes); n > 1 {
		lines = append(lines, p.N("terms.minimumQuotes", n))
	}
	if d.Rule == "first" {
		return append(lines, p.T("terms.quoteBindsFirst"))
	}
	return append(lines, p.T("terms.quoteBinds"))
}

// Rules lists the ways a request is awarded.
func Rules() []string { return []string{"first", "open", "sealed", "choice"} }

func ruleName(rule string) string {
	for _, r := range Rules() {
		if r == rule {
			return r
		}
	}
	return "other"
}

func groupTerms(p *Page, d market.DealView, t Terms) []string {
	lines := []string{p.T("terms.uniform")}
	for _, tier := range d.Tiers {
		lines = append(lines, p.N("terms.tier", tier.From, "amount", tier.UnitPrice))
	}
	if d.GroupMinimum != nil {
		lines = append(lines, p.N("terms.groupMinimum", *d.GroupMinimum))
	}
	lines = append(lines, groupLimits(p, d, t)...)
	fees := ""
	if plusFees(p, t) != "" {
		fees = "Fees"
	}
	lines = append(lines, p.T("terms.hold"+fees), p.T("terms.ceilings"+fees))
	if d.LockedFrom != nil && d.Status == deal.Open {
		key := "terms.lockedFrom"
		if locked(p, d) {
			key = "terms.left"
		}
		lines = append(lines, p.T(key, "time", *d.LockedFrom))
	}
	return append(lines, groupFees(p, t)...)
}

// locked says that nobody can leave a group any more.
func locked(p *Page, d market.DealView) bool {
	return d.LockedFrom != nil && !p.Now.Before(*d.LockedFrom)
}

// quoterFee says when a seller who quotes is paid, and less what.
func quoterFee(p *Page, d market.DealView) string {
	return p.T("terms.feeQuoter", "fee", p.Percent(d.FeeBasis), "days", order.CompleteAfterShipping)
}

func groupLimits(p *Page, d market.DealView, t Terms) []string {
	var lines []string
	if n := value(d.Cap); n > 0 {
		lines = append(lines, p.N("terms.cap", n))
	}
	if n := value(d.PerPerson); n > 0 {
		lines = append(lines, p.N("terms.perPerson", n))
	}
	if n := value(d.CaseSize); n > 1 {
		lines = append(lines, p.N("terms.cases", n), p.Or("terms.allocation."+t.Allocation, "terms.allocation.first_come"))
	}
	return lines
}

func groupFees(p *Page, t Terms) []string {
	var lines []string
	if f := t.Fees; f != nil {
		for _, fee := range []struct {
			key    string
			amount money.Amount
		}{{"terms.feePiece", f.PerPiece}, {"terms.feeMember", f.PerMember}, {"terms.feeBill", f.Bill}} {
			if fee.amount > 0 {
				lines = append(lines, p.T(fee.key, "amount", fee.amount))
			}
		}
	}
	return append(lines, p.T("terms.groupAfter", "days", order.CompleteAfterShipping))
}
