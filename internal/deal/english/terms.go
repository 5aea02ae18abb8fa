package english

import (
	"fmt"
	"slices"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// SoftClose moves the deadline when the standing price or the leader changes within the window before it. A window of
// 0 is a hard close.
type SoftClose struct {
	WindowSeconds int64 `bson:"windowSeconds" json:"windowSeconds"`
	ExtendSeconds int64 `bson:"extendSeconds" json:"extendSeconds"`
}

// Terms are what a seller asks, in the API's names. Check fills in what is absent.
type Terms struct {
	StartPrice   money.Amount      `bson:"startPrice" json:"startPrice"`
	ReservePrice *money.Amount     `bson:"reservePrice,omitempty" json:"reservePrice,omitempty"` // secret; nil: none
	BuyNowPrice  *money.Amount     `bson:"buyNowPrice,omitempty" json:"buyNowPrice,omitempty"`
	Increments   [][2]money.Amount `bson:"increments" json:"increments"` // [below, step] rising; below 0: from there on
	SoftClose    *SoftClose        `bson:"softClose" json:"softClose"`
}

const (
	defaultSoftClose = 300       // seconds, window and length
	maxSoftClose     = 24 * 3600 // seconds
	maxBands         = 50        // rows of an increment table
	buyNowPercent    = 130       // of the start price, at least
)

// reserve is the reserve price; 0 where there is none.
func (t *Terms) reserve() money.Amount {
	if t.ReservePrice == nil {
		return 0
	}
	return *t.ReservePrice
}

// public is the terms without their secret.
func (t *Terms) public() *Terms {
	p := *t
	p.ReservePrice = nil
	return &p
}

// OwnerSecrets tells the owner his reserve.
func (t *Terms) OwnerSecrets() deal.OwnerSecrets {
	return deal.OwnerSecrets{ReservePrice: t.ReservePrice}
}

// Check refuses terms that are impossible, with every wrong field at once, and gives a copy with defaults filled in.
func (Mechanism) Check(f deal.Frame) (any, error) {
	given, ok := f.Terms.(*Terms)
	if !ok {
		return nil, fmt.Errorf("english: terms are %T", f.Terms)
	}
	t := *given
	if t.Increments == nil {
		t.Increments = f.Currency.Increments()
	}
	if t.SoftClose == nil {
		t.SoftClose = &SoftClose{WindowSeconds: defaultSoftClose, ExtendSeconds: defaultSoftClose}
	}
	if err := t.check(f); err != nil {
		return nil, err
	}
	return &t, t.checkCash(f.Currency)
}

func (t *Terms) check(f deal.Frame) error {
	var wrong fault.Collect
	if t.StartPrice <= 0 || t.StartPrice > money.Max/2 {
		wrong.Addf("startPrice", "range", "must be above 0 and at most %d", money.Max/2)
	}
	if r := t.ReservePrice; r != nil && (*r < t.StartPrice || *r > money.Max/2) {
		wrong.Addf("reservePrice", "range", "must be at least the start price, %d", t.StartPrice)
	}
	t.checkBuyNow(&wrong, f.Currency)
	t.checkIncrements(&wrong)
	if s := t.SoftClose; min(s.WindowSeconds, s.ExtendSeconds) < 0 || max(s.WindowSeconds, s.ExtendSeconds) > maxSoftClose {
		wrong.Addf("softClose", "range", "window and extension must be from 0 to %d seconds", maxSoftClose)
	}
	if f.ClosesAt.IsZero() {
		wrong.Addf("closesAt", "required", "an auction has a deadline")
	} else if !f.ClosesAt.After(f.OpenedAt) {
		wrong.Addf("closesAt", "range", "the deadline lies in the past")
	}
	return wrong.Err()
}

func (t *Terms) checkBuyNow(wrong *fault.Collect, c money.Currency) {
	b := t.BuyNowPrice
	if b == nil {
		return
	}
	least := max(leastBuyNow(t.StartPrice, c), t.reserve())
	if *b < least || *b > money.Max/2 {
		wrong.Addf("buyNowPrice", "range", "must be at least %d: %d %% of the start price, and the reserve", least, buyNowPercent)
	}
}

// leastBuyNow is 130 % of the start price, rounded up to the cash unit.
func leastBuyNow(start money.Amount, c money.Currency) money.Amount {
	hundredths, err := money.Mul(start, buyNowPercent)
	if err != nil {
		return money.Max
	}
	return money.CeilTo((hundredths+99)/100, c.CashUnit)
}

// checkIncrements wants rising bands, steps that are positive and never fall, and one last band without an end. Were a
// step to fall, the price could rise when a bid is struck.
func (t *Terms) checkIncrements(wrong *fault.Collect) {
	n := len(t.Increments)
	if n < 1 || n > maxBands || t.Increments[n-1][0] != 0 {
		wrong.Addf("increments", "shape", "from 1 to %d rows [below, step]; the last with below 0", maxBands)
		return
	}
	last := [2]money.Amount{0, 1}
	for i, row := range t.Increments {
		if row[1] < last[1] || row[1] > money.Max/2 || i < n-1 && (row[0] <= last[0] || row[0] > money.Max/2) {
			wrong.Addf("increments", "shape", "bands rise, steps are above 0 and never fall")
			return
		}
		last = row
	}
}

func (t *Terms) checkCash(c money.Currency) error {
	amounts := []money.Amount{t.StartPrice, t.reserve()}
	if t.BuyNowPrice != nil {
		amounts = append(amounts, *t.BuyNowPrice)
	}
	for _, row := range t.Increments {
		amounts = append(amounts, row[0], row[1])
	}
	return deal.Cash(c, amounts...)
}

// logged is the terms as the log shows them; the reserve stands there as a commitment.
func (t *Terms) logged(dealID string, secrets []deal.Secret) deal.Body {
	b := deal.Body{"startPrice": t.StartPrice, "increments": loggedTable(t.Increments),
		"softClose": deal.Body{"windowSeconds": t.SoftClose.WindowSeconds, "extendSeconds": t.SoftClose.ExtendSeconds}}
	if t.BuyNowPrice != nil {
		b["buyNowPrice"] = *t.BuyNowPrice
	}
	for _, s := range secrets {
		b[s.Field] = deal.Committed(dealID, "owner", s)
	}
	return b
}

func loggedTable(rows [][2]money.Amount) []any {
	out := make([]any, len(rows))
	for i, r := range rows {
		out[i] = []any{int64(r[0]), int64(r[1])}
	}
	return out
}

// increment is the step above a price: that of the first band whose end lies above it.
func (t *Terms) increment(price money.Amount) money.Amount {
	i := slices.IndexFunc(t.Increments, func(row [2]money.Amount) bool { return row[0] == 0 || price < row[0] })
	return t.Increments[i][1]
}
