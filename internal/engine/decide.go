package engine

import (
	"context"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/order"
)

// decide lets the mechanism judge an entry, after what holds for every kind: who may, and whether the deal is open.
func (b *batch) decide(ctx context.Context, w *working, it *item, now time.Time) (deal.Effects, error) {
	e := it.sub.Entry
	if err := w.mayAct(e); err != nil {
		return deal.Effects{}, err
	}
	if err := w.isOpen(e.Role, now); err != nil {
		return deal.Effects{}, err
	}
	v := b.view(w, e, now)
	if err := w.addCrowd(ctx, &v, e.Act); err != nil {
		return deal.Effects{}, err
	}
	return w.mechanism().Enter(v, e)
}

// addCrowd puts every standing of the deal into the view of an act that is judged by all of them.
func (w *working) addCrowd(ctx context.Context, v *deal.View, act deal.Act) (err error) {
	if w.mechanism().Needs(act, w.terms) {
		v.Crowd, err = w.everybody(ctx)
	}
	return err
}

// mayAct holds the entry's role against the deal's owner.
func (w *working) mayAct(e deal.Entry) error {
	switch {
	case e.Role == deal.Owner && e.Account != w.doc.Owner:
		return fault.New(fault.CodeForbidden, nil)
	case e.Role == deal.Member && e.Account == w.doc.Owner:
		return fault.New(fault.CodeOwnDeal, nil)
	}
	return nil
}

// isOpen refuses entries from closesAt on, whether or not anybody has closed the deal yet. The site's own entries
// (a payment, a lapse) may still come while the deal waits for them.
func (w *working) isOpen(r deal.Role, now time.Time) error {
	switch {
	case w.doc.Status == deal.Draft || w.doc.Status == deal.Cancelled:
		return fault.New(fault.CodeNotOpen, fault.Params{"status": string(w.doc.Status)})
	case w.doc.Status != deal.Open:
		return fault.New(fault.CodeClosed, w.closedParams())
	case r != deal.Site && w.doc.ClosesAt != nil && !now.Before(*w.doc.ClosesAt):
		return fault.New(fault.CodeClosed, w.closedParams())
	}
	return nil
}

func (w *working) closedParams() fault.Params {
	if w.doc.ClosesAt == nil {
		return nil
	}
	return fault.Params{"closesAt": deal.FormatTime(*w.doc.ClosesAt)}
}

// view is what the entry is judged by.
func (b *batch) view(w *working, e deal.Entry, now time.Time) deal.View {
	v := deal.View{Frame: w.frame(), Now: now, Seq: w.head.Seq + 1, State: w.state, Own: w.own(e.Account)}
	v.Available = b.books.Available(e.Account)
	v.Who = w.who(e)
	return v
}

// who is the actor as the log names him; a newcomer gets the next pseudonym.
func (w *working) who(e deal.Entry) string {
	switch {
	case e.Role == deal.Owner:
		return "owner"
	case e.Role == deal.Site || e.Role == deal.Moderator:
		return "site"
	}
	if s := w.own(e.Account); s != nil && s.Pseudonym != "" {
		return s.Pseudonym
	}
	return deal.Pseudonym(w.doc.Members + 1)
}

// apply makes the effects of an accepted entry part of the commit.
func (b *batch) apply(ctx context.Context, w *working, it *item, now time.Time, fx deal.Effects) (Accepted, error) {
	e, seq := it.sub.Entry, w.head.Seq+1
	if err := b.applyLines(w, it, now, fx.Lines); err != nil {
		return Accepted{}, err
	}
	if err := b.applyStandings(w, e, now, seq, fx); err != nil {
		return Accepted{}, err
	}
	if fx.State != nil {
		w.state = fx.State
	}
	if !fx.ClosesAt.IsZero() {
		at := fx.ClosesAt
		w.doc.ClosesAt, w.doc.NextAt = &at, &at
	}
	orders, err := b.applyOrders(w, now, fx.Orders)
	if err != nil {
		return Accepted{}, err
	}
	if fx.Decision != nil {
		w.decided(*fx.Decision, now)
	}
	if it.sub.Within != nil {
		if err := it.sub.Within(ctx, b.books, now); err != nil {
			return Accepted{}, err
		}
	}
	a := Accepted{Answer: fx.Answer, Orders: orders, Closing: fx.Decision != nil}
	a.Receipt = w.receipt(now, fx.Lines)
	return a, nil
}

// receipt is the place of an entry's first line. An entry without lines (a cancellation: its line is the closing's) is
// placed at the head.
func (w *working) receipt(now time.Time, drafts []deal.LineDraft) deal.Receipt {
	if len(drafts) == 0 {
		return deal.Receipt{Deal: w.doc.ID, Seq: w.head.Seq, Hash: w.head.Hash, At: deal.FormatTime(now)}
	}
	l := w.lines[len(w.lines)-len(drafts)]
	r := deal.Receipt{Deal: w.doc.ID, Seq: l.Seq, Hash: l.Hash, At: deal.FormatTime(l.At)}
	if s := drafts[0].Secrets; len(s) > 0 {
		r.Salt, r.Value = s[0].Salt, &s[0].Value
	}
	return r
}

// applyLines writes the entry's lines, and one entry row for each that the close may have to open.
func (b *batch) applyLines(w *working, it *item, now time.Time, drafts []deal.LineDraft) error {
	for i, d := range drafts {
		line, err := w.append(now, d)
		if err != nil {
			return err
		}
		switch d.Kind {
		case deal.Entered:
			w.doc.Entered++
		case deal.Awarded:
			w.awards = append(w.awards, w.awardedAtOnce(it.sub.Entry, d.Body))
		}
		if i == 0 || len(d.Secrets) > 0 {
			w.entries = append(w.entries, entryRow(w.doc.ID, it, i, line, d.Secrets))
		}
	}
	if len(drafts) == 0 {
		w.entries = append(w.entries, entryRow(w.doc.ID, it, 0, deal.Line{Seq: w.head.Seq, At: now}, nil))
	}
	return nil
}

// awardedAtOnce is the row of an award that an entry writes itself: a fixed-price purchase when it is paid.
func (w *working) awardedAtOnce(e deal.Entry, b deal.Body) AwardRow {
	w.doc.Awarded++
	r := AwardRow{ID: awardID(w.doc.ID, w.doc.Awarded), Deal: w.doc.ID, Rank: w.doc.Awarded, Account: e.Account}
	r.To, _ = b["to"].(string)
	r.Quantity = number(b["quantity"])
	r.UnitPrice, r.Total = money.Amount(number(b["unitPrice"])), money.Amount(number(b["total"]))
	if p, ok := e.Values.(interface{ Purchase() int64 }); ok {
		r.Order = order.ID(w.doc.ID, p.Purchase())
	}
	return r
}

// number reads an integer of a log body.
func number(v any) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case int:
		return int64(v)
	case money.Amount:
		return int64(v)
	}
	return 0
}

func entryRow(dealID string, it *item, i int, l deal.Line, secrets []deal.Secret) EntryRow {
	id := it.sub.ID
	if i > 0 {
		id = entryPart(id, i)
	}
	return EntryRow{ID: id, Deal: dealID, Account: it.sub.Entry.Account, Seq: l.Seq, Act: it.sub.Entry.Act, At: l.At, Secrets: secrets}
}

// applyStandings writes the standings that changed; a newcomer's row keeps his pseudonym for good.
func (b *batch) applyStandings(w *working, e deal.Entry, now time.Time, seq int64, fx deal.Effects) error {
	newcomer := e.Role == deal.Member && w.own(e.Account) == nil
	if newcomer {
		w.doc.Members++
	}
	switch {
	case fx.Own != nil:
		if err := w.setStanding(b.books, fx.Own, seq); err != nil {
			return err
		}
	case newcomer:
		s := &deal.Standing{Account: e.Account, Pseudonym: deal.Pseudonym(w.doc.Members), Seq: seq, At: now}
		if err := w.setStanding(b.books, s, seq); err != nil {
			return err
		}
	}
	for i := range fx.Others {
		if err := w.setStanding(b.books, &fx.Others[i], seq); err != nil {
			return err
		}
	}
	return nil
}

// applyOrders begins the orders that an entry leads to at once.
func (b *batch) applyOrders(w *working, now time.Time, awards []deal.Award) ([]order.Order, error) {
	var out []order.Order
	for _, a := range awards {
		o, err := w.beginOrder(b.books, a, now)
		if err != nil {
			return nil, err
		}
		w.orders = append(w.orders, o)
		out = append(out, o)
	}
	return out, nil
}

// judgeExpiry decides a deal whose deadline has come.
func (b *batch) judgeExpiry(ctx context.Context, w *working) (verdict, error) {
	now := w.at(b.now)
	if w.doc.Status == deal.Clearing {
		return verdict{accepted: Accepted{Closing: true}}, nil
	}
	if !w.due(now) {
		return verdict{}, nil
	}
	v := deal.View{Frame: w.frame(), Now: now, Seq: w.head.Seq + 1, State: w.state, Who: "site"}
	if err := w.addCrowd(ctx, &v, deal.ActClose); err != nil {
		return verdict{}, err
	}
	d, later, err := w.mechanism().Decide(v)
	if err != nil {
		return verdict{}, err
	}
	if !later.IsZero() {
		if w.doc.NextAt == nil || !w.doc.NextAt.Equal(later) {
			w.doc.NextAt, w.touched = &later, true
		}
		return verdict{}, nil
	}
	if w.touched { // its past is not the one that was read
		delete(b.pasts, w.doc.ID)
	}
	w.decided(d, now)
	return verdict{accepted: Accepted{Closing: true}}, nil
}

// due says that a deal's deadline has come and nobody has decided it.
func (w *working) due(now time.Time) bool {
	return w.doc.Status == deal.Open && w.doc.ClosesAt != nil && !now.Before(*w.doc.ClosesAt)
}
