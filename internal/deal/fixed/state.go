package fixed

import (
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// State is the stock and what became of it. Left + Unpaid + Sold is the quantity of the terms, always.
type State struct {
	Left   int64     `bson:"left"`          // pieces that can be bought
	Unpaid int64     `bson:"unpaid"`        // pieces held for purchases not yet paid
	Sold   int64     `bson:"sold"`          // pieces paid
	Buys   int64     `bson:"buys"`          // purchases, lapsed ones too
	Awards int64     `bson:"awards"`        // purchases paid
	Due    time.Time `bson:"due,omitempty"` // until when the newest purchase may be paid: no older one may be paid later
}

// Purchases is one buyer's standing in a listing.
type Purchases struct {
	Unpaid    []Purchase `bson:"unpaid,omitempty"` // oldest first
	Paid      int64      `bson:"paid,omitempty"`   // pieces
	Lapses    int64      `bson:"lapses,omitempty"`
	LastLapse time.Time  `bson:"lastLapse,omitempty"`
}

// Purchase is one that may still be paid.
type Purchase struct {
	Seq       int64        `bson:"seq"` // of its log line
	Quantity  int64        `bson:"quantity"`
	UnitPrice money.Amount `bson:"unitPrice"`
	Due       time.Time    `bson:"due"` // payment is refused from here on
}

// purchases is what somebody has bought; empty where he never did.
func purchases(s *deal.Standing) Purchases {
	if s == nil {
		return Purchases{}
	}
	if p, ok := s.Values.(*Purchases); ok {
		return *p
	}
	return Purchases{}
}

// take removes an unpaid purchase and gives it, or false where there is none of this number.
func (p Purchases) take(seq int64) (Purchase, Purchases, bool) {
	i := slices.IndexFunc(p.Unpaid, func(x Purchase) bool { return x.Seq == seq })
	if i < 0 {
		return Purchase{}, p, false
	}
	found := p.Unpaid[i]
	p.Unpaid = slices.Delete(slices.Clone(p.Unpaid), i, i+1)
	return found, p, true
}

// with is a standing with these purchases. It stands while something of it is paid or may be.
func (p Purchases) with(s deal.Standing) *deal.Standing {
	s.Values, s.Active = &p, p.Paid > 0 || len(p.Unpaid) > 0
	return &s
}
