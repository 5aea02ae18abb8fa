package fixed

import (
	"fmt"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
)

// Paid says that the order of a purchase was paid: the Values of a [deal.Paid] entry, by the site.
type Paid struct {
	Seq int64 // of the purchase's log line
}

// Purchase is the line of the purchase that was paid: the order's id is made of it.
func (p Paid) Purchase() int64 { return p.Seq }

// Lapse says that a purchase will not be paid: the Values of a [deal.Lapse] entry, by the site. From the 30th minute on
// its reason is payment_lapsed; before, the order was called off, by its buyer (bidder_asked, which an entry without a
// reason means) or by a moderator.
type Lapse struct {
	Seq int64 // of the purchase's log line
}

// enterPaid awards a purchase. The payment of the last piece ends the listing, and so does, after the deadline, that
// of the last purchase that could still be paid.
func enterPaid(v deal.View, t *Terms, st *State, e deal.Entry) (deal.Effects, error) {
	p, ok := e.Values.(Paid)
	if !ok {
		return deal.Effects{}, fmt.Errorf("fixed: values of a payment are %T", e.Values)
	}
	bought, own, err := concerned(v, e, p.Seq)
	if err != nil {
		return deal.Effects{}, err
	}
	if !v.Now.Before(bought.Due) {
		return deal.Effects{}, fault.New(fault.CodeConflict, fault.Params{"status": string(deal.PaymentLapsed)})
	}
	total, err := money.Mul(bought.UnitPrice, bought.Quantity)
	if err != nil {
		return deal.Effects{}, err
	}
	own.Paid += bought.Quantity
	next := *st
	next.Unpaid -= bought.Quantity
	next.Sold += bought.Quantity
	next.Awards++
	body := deal.Body{"to": v.Own.Pseudonym, "quantity": bought.Quantity, "unitPrice": bought.UnitPrice, "total": total}
	return deal.Effects{
		State:    &next,
		Own:      own.with(*v.Own),
		Lines:    []deal.LineDraft{{Who: v.Who, Kind: deal.Awarded, Body: body}},
		Decision: next.endedBy(v, t),
		Answer:   deal.Answer{Left: deal.Ptr(next.Left)},
	}, nil
}

// enterLapse puts the pieces of an unpaid purchase back. One that was not paid in time counts on its buyer.
func enterLapse(v deal.View, t *Terms, st *State, e deal.Entry) (deal.Effects, error) {
	l, ok := e.Values.(Lapse)
	if !ok {
		return deal.Effects{}, fmt.Errorf("fixed: values of a lapse are %T", e.Values)
	}
	bought, own, err := concerned(v, e, l.Seq)
	if err != nil {
		return deal.Effects{}, err
	}
	reason, err := whyUnpaid(bought, v.Now, e.Reason)
	if err != nil {
		return deal.Effects{}, err
	}
	if reason == deal.PaymentLapsed {
		own.Lapses++
		own.LastLapse = v.Now
	}
	next := *st
	next.Unpaid -= bought.Quantity
	next.Left += bought.Quantity
	body := deal.Body{"act": string(deal.Lapse), "of": l.Seq, "reason": string(reason), "after": next.after()}
	return deal.Effects{
		State:    &next,
		Own:      own.with(*v.Own),
		Lines:    []deal.LineDraft{{Who: v.Who, Kind: deal.Changed, Body: body}},
		Decision: next.endedBy(v, t),
		Answer:   deal.Answer{Left: deal.Ptr(next.Left)},
	}, nil
}

// whyUnpaid is the reason of a lapse: the clock's, or before it struck the one given.
func whyUnpaid(p Purchase, now time.Time, given deal.Reason) (deal.Reason, error) {
	switch {
	case !now.Before(p.Due):
		return deal.PaymentLapsed, nil
	case given == "" || given == deal.BidderAsked:
		return deal.BidderAsked, nil
	case given == deal.ByModerator:
		return deal.ByModerator, nil
	}
	return "", fault.New(fault.CodeConflict, fault.Params{"until": deal.FormatTime(p.Due)})
}

// concerned finds the purchase that the site speaks of in its buyer's standing, and that standing without it.
func concerned(v deal.View, e deal.Entry, seq int64) (Purchase, Purchases, error) {
	if e.Role != deal.Site {
		return Purchase{}, Purchases{}, fault.New(fault.CodeForbidden, nil)
	}
	bought, rest, ok := purchases(v.Own).take(seq)
	if !ok {
		return Purchase{}, Purchases{}, fault.New(fault.CodeConflict, fault.Params{"status": "not_unpaid"})
	}
	return bought, rest, nil
}

// endedBy is the decision that the site's word on a purchase leads to: everything is paid, or the deadline is over and
// this was the last purchase that it waited for. Nil: the listing goes on.
func (st State) endedBy(v deal.View, t *Terms) *deal.Decision {
	over := !v.ClosesAt.IsZero() && !v.Now.Before(v.ClosesAt) && st.Unpaid == 0
	if st.Sold == t.quantity() || over {
		d := st.decide()
		return &d
	}
	return nil
}
