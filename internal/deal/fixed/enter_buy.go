package fixed

import (
	"fmt"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

const (
	payWithin  = 30 * time.Minute // how long a purchase holds its pieces
	maxLapses  = 2                // of one buyer, before he has to wait
	lapsePause = 24 * time.Hour
	maxUnpaid  = 500 // purchases of one buyer at a time: his standing stays small
)

// Buy takes pieces at the listing's price: the Values of a [deal.Buy] entry.
type Buy struct {
	Quantity  *int64        // pieces; nil: 1
	UnitPrice *money.Amount // what the buyer saw; nil: whatever it is
}

func (b Buy) quantity() int64 {
	if b.Quantity == nil {
		return 1
	}
	return *b.Quantity
}

// Check refuses a purchase whose fields are of no use, all of them at once.
func (b Buy) Check() error {
	var wrong fault.Collect
	if n := b.quantity(); n < 1 || n > maxQuantity {
		wrong.Addf("quantity", "range", "must be from 1 to %d", maxQuantity)
	}
	if b.UnitPrice != nil && (*b.UnitPrice <= 0 || *b.UnitPrice > money.Max) {
		wrong.Addf("unitPrice", "range", "must be above 0 and in range")
	}
	return wrong.Err()
}

// judge accepts or refuses a purchase, by what its maker may see. Whoever saw a higher price pays the lower one.
func judge(t *Terms, left int64, c money.Currency, own Purchases, now time.Time, b Buy) error {
	if err := b.Check(); err != nil {
		return err
	}
	if b.UnitPrice != nil {
		if err := deal.Cash(c, *b.UnitPrice); err != nil {
			return err
		}
	}
	switch {
	case b.quantity() > left:
		return fault.New(fault.CodeOutOfStock, fault.Params{"left": left})
	case b.UnitPrice != nil && *b.UnitPrice < t.Price:
		return fault.New(fault.CodePriceChanged, fault.Params{"unitPrice": int64(t.Price)})
	}
	return own.limit(now)
}

// limit refuses a buyer who let two purchases lapse here until 24 h after the last, and one who has too many unpaid.
func (p Purchases) limit(now time.Time) error {
	if until := p.LastLapse.Add(lapsePause); p.Lapses >= maxLapses && now.Before(until) {
		return fault.New(fault.CodeLimit, fault.Params{"limit": maxLapses, "until": deal.FormatTime(until)})
	}
	if len(p.Unpaid) >= maxUnpaid {
		return fault.New(fault.CodeLimit, fault.Params{"limit": maxUnpaid, "until": deal.FormatTime(p.Unpaid[0].Due)})
	}
	return nil
}

// enterBuy takes the pieces out of the stock and begins the order that pays for them.
func enterBuy(v deal.View, t *Terms, st *State, e deal.Entry) (deal.Effects, error) {
	b, ok := e.Values.(Buy)
	if !ok {
		return deal.Effects{}, fmt.Errorf("fixed: values of a purchase are %T", e.Values)
	}
	if e.Role != deal.Member {
		return deal.Effects{}, fault.New(fault.CodeForbidden, nil)
	}
	own := purchases(v.Own)
	if err := judge(t, st.Left, v.Currency, own, v.Now, b); err != nil {
		return deal.Effects{}, err
	}
	total, err := money.Mul(t.Price, b.quantity())
	if err != nil {
		return deal.Effects{}, err
	}
	next := st.bought(b.quantity(), v.Now)
	body := deal.Body{"act": string(deal.Buy), "quantity": b.quantity(), "after": next.after()}
	award := deal.Award{Account: e.Account, Pseudonym: v.Who, Seq: v.Seq, Quantity: b.quantity(), UnitPrice: t.Price,
		Total: total, Buyer: e.Account, Seller: v.Owner, Payment: deal.PayLater, DueIn: payWithin}
	return deal.Effects{
		State:  &next,
		Own:    own.bought(award, v.Now).with(deal.Standing{Account: e.Account, Pseudonym: v.Who, Seq: v.Seq, At: v.Now}),
		Lines:  []deal.LineDraft{{Who: v.Who, Kind: deal.Entered, Body: body}},
		Orders: []deal.Award{award},
		Answer: deal.Answer{Left: deal.Ptr(next.Left)},
	}, nil
}

// bought is the stock after one more purchase.
func (st State) bought(n int64, now time.Time) State {
	st.Left -= n
	st.Unpaid += n
	st.Buys++
	st.Due = now.Add(payWithin)
	return st
}

// bought is a buyer's purchases with one more.
func (p Purchases) bought(a deal.Award, now time.Time) Purchases {
	unpaid := make([]Purchase, len(p.Unpaid), len(p.Unpaid)+1)
	copy(unpaid, p.Unpaid)
	p.Unpaid = append(unpaid, Purchase{Seq: a.Seq, Quantity: a.Quantity, UnitPrice: a.UnitPrice, Due: now.Add(payWithin)})
	return p
}

// after is the public state that a line led to.
func (st State) after() deal.Body { return deal.Body{"left": st.Left} }
