package group

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// Bounds on terms and pledges. They keep every sum of a group, price times pieces included, exact.
const (
	maxTiers    = 20
	maxPieces   = 1_000_000_000             // of thresholds, minimum and cap
	maxQuantity = 1_000_000                 // of one pledge, its limit and a case
	maxPrice    = 1_000_000_000_000         // minor units: a tier's price, a fee
	maxDuration = 60 * 24 * time.Hour       // RULES: a group buy is open for 60 days at most
	maxPickup   = 50                        // places
	maxPlace    = 200                       // characters of one
	codeInvalid = string(fault.CodeInvalid) // of a field
)

// Check fills in the defaults and refuses what is impossible, every wrong field at once; then what is not cash.
func (mechanism) Check(f deal.Frame) (any, error) {
	given, ok := f.Terms.(*Terms)
	if !ok || given == nil {
		return nil, fmt.Errorf("group: %T are no terms of a group", f.Terms)
	}
	duration := f.ClosesAt.Sub(f.OpenedAt)
	t := given.withDefaults(duration)
	var wrong fault.Collect
	checkDeadline(&wrong, f.ClosesAt, duration)
	t.check(&wrong)
	t.checkLastPhase(&wrong, duration)
	if err := wrong.Err(); err != nil {
		return nil, err
	}
	return t, deal.Cash(f.Currency, t.amounts()...)
}

func checkDeadline(wrong *fault.Collect, closesAt time.Time, duration time.Duration) {
	switch {
	case closesAt.IsZero():
		wrong.Addf("closesAt", "required", "a group buy has a deadline")
	case duration <= 0:
		wrong.Addf("closesAt", codeInvalid, "lies in the past")
	case duration > maxDuration:
		wrong.Addf("closesAt", codeInvalid, "is more than 60 days away")
	}
}

// check notes every wrong field that can be judged without the deal's times.
func (t *Terms) check(wrong *fault.Collect) {
	t.checkTiers(wrong)
	t.checkPieces(wrong)
	t.checkCases(wrong)
	t.checkFees(wrong)
	t.checkPickup(wrong)
	if !slices.Contains([]Allocation{FirstCome, ProRata, Even}, t.Allocation) {
		wrong.Addf("allocation", codeInvalid, "is first_come, pro_rata or even")
	}
	if !slices.Contains([]DropOut{Waitlist, Organiser, Reclear}, t.DropOut) {
		wrong.Addf("dropOut", codeInvalid, "is waitlist, organiser or reclear")
	}
}

func (t *Terms) checkTiers(wrong *fault.Collect) {
	switch n := len(t.Tiers); {
	case n == 0:
		wrong.Addf("tiers", "required", "a group buy has at least one tier")
		return
	case n > maxTiers:
		wrong.Addf("tiers", codeInvalid, "at most %d tiers", maxTiers)
		return
	}
	for i, tier := range t.Tiers {
		from, price := fmt.Sprintf("tiers[%d].from", i), fmt.Sprintf("tiers[%d].unitPrice", i)
		switch {
		case tier.From < 1 || tier.From > maxPieces:
			wrong.Addf(from, codeInvalid, "is from 1 to %d", maxPieces)
		case i > 0 && tier.From <= t.Tiers[i-1].From:
			wrong.Addf(from, codeInvalid, "is not above the tier before")
		}
		switch {
		case tier.UnitPrice < 1 || tier.UnitPrice > maxPrice:
			wrong.Addf(price, codeInvalid, "is from 1 to %d", int64(maxPrice))
		case i > 0 && tier.UnitPrice >= t.Tiers[i-1].UnitPrice:
			wrong.Addf(price, codeInvalid, "is not below the tier before")
		}
	}
}

// checkPieces judges minimum, cap and the limit per person; without tiers there is nothing to hold them against.
func (t *Terms) checkPieces(wrong *fault.Collect) {
	var first, last int64
	if n := len(t.Tiers); n > 0 {
		first, last = t.Tiers[0].From, t.Tiers[n-1].From
	}
	switch {
	case t.Minimum < 0 || t.Minimum > maxPieces:
		wrong.Addf("minimum", codeInvalid, "is from 1 to %d", maxPieces)
	case t.Minimum < first:
		wrong.Addf("minimum", codeInvalid, "is below the first threshold %d", first)
	}
	switch {
	case t.Cap < 0 || t.Cap > maxPieces:
		wrong.Addf("cap", codeInvalid, "is from 1 to %d", maxPieces)
	case t.Cap > 0 && t.Cap < max(last, t.Minimum):
		wrong.Addf("cap", codeInvalid, "is below the last threshold or the minimum")
	case t.Cap > 0 && t.CaseSize > 0 && t.Cap%t.CaseSize != 0:
		wrong.Addf("cap", codeInvalid, "is no multiple of the case size %d", t.CaseSize)
	}
	if t.PerPerson < 0 || t.PerPerson > maxQuantity {
		wrong.Addf("perPerson", codeInvalid, "is from 1 to %d", maxQuantity)
	}
}

func (t *Terms) checkCases(wrong *fault.Collect) {
	if t.CaseSize < 0 || t.CaseSize > maxQuantity {
		wrong.Addf("caseSize", codeInvalid, "is from 1 to %d", maxQuantity)
	}
	if t.Tolerance && t.CaseSize == 0 {
		wrong.Addf("tolerance", codeInvalid, "belongs to goods in cases: give a caseSize")
	}
}

func (t *Terms) checkFees(wrong *fault.Collect) {
	fees := []struct {
		name   string
		amount money.Amount
	}{{"fees.perPiece", t.Fees.PerPiece}, {"fees.perMember", t.Fees.PerMember}, {"fees.bill", t.Fees.Bill}}
	for _, fee := range fees {
		if fee.amount < 0 || fee.amount > maxPrice {
			wrong.Addf(fee.name, codeInvalid, "is from 0 to %d", int64(maxPrice))
		}
	}
}

func (t *Terms) checkPickup(wrong *fault.Collect) {
	if len(t.Pickup) > maxPickup {
		wrong.Addf("pickup", codeInvalid, "at most %d places", maxPickup)
		return
	}
	for i, place := range t.Pickup {
		if n := utf8.RuneCountInString(place); n < 1 || n > maxPlace {
			wrong.Addf(fmt.Sprintf("pickup[%d]", i), codeInvalid, "has 1 to %d characters", maxPlace)
		}
	}
}

func (t *Terms) checkLastPhase(wrong *fault.Collect, duration time.Duration) {
	if s := *t.LastPhaseSeconds; s < 0 || s > int64(max(duration, 0)/time.Second) {
		wrong.Addf("lastPhaseSeconds", codeInvalid, "is from 0 to the duration")
	}
}

// amounts lists all money of the terms.
func (t *Terms) amounts() []money.Amount {
	all := []money.Amount{t.Fees.PerPiece, t.Fees.PerMember, t.Fees.Bill}
	for _, tier := range t.Tiers {
		all = append(all, tier.UnitPrice)
	}
	return all
}
