package market

import (
	"context"
	"fmt"
	"time"

	"haggle/internal/money"
	"haggle/internal/order"
)

// MailOrders writes the mails that follow from the steps of orders, from their timelines. Running it twice, late or out of
// order does no harm: the same step is the same mail.
func (m *Market) MailOrders(ctx context.Context, orders []order.Order) error {
	since := m.Now().Add(-mailWindow)
	var mails []MailRow
	for _, o := range orders {
		for i, e := range o.Timeline {
			if e.At.After(since) {
				mails = append(mails, mailsOfStep(o, i)...)
			}
		}
	}
	return m.writeMails(ctx, mails)
}

// failureMail tells somebody that the gateway took back what his card had paid.
func failureMail(intent IntentRow, amount money.Amount, now time.Time) MailRow {
	what := "payment_failed"
	if intent.Purpose == purposeDeposit {
		what = "deposit_failed"
	}
	return newMail("failed-"+intent.ID, what, intent.Account, Facts{Amount: amount, Order: intent.Order}, now)
}

// mailsOfStep are the mails about the i-th step of an order.
func mailsOfStep(o order.Order, i int) (mails []MailRow) {
	for _, r := range orderMails {
		if !r.fits(o, i) {
			continue
		}
		account := o.Buyer
		if r.to == order.Seller {
			account = o.Seller
		}
		mails = append(mails, newMail(fmt.Sprintf("%s-%d-%s", o.ID, i, r.to), r.what, account, orderFacts(o, i), o.Timeline[i].At))
	}
	return append(mails, payReminders(o, i)...)
}

// reminded is how long after an order began its buyer is reminded to pay, before it is due.
var reminded = []time.Duration{24 * time.Hour, 48 * time.Hour}

// payReminders are the mails that wait from an order's first step on, and are dropped where it is paid or over by then.
func payReminders(o order.Order, i int) (mails []MailRow) {
	if o.Timeline[i].Act != order.Begin || !unpaidYet(o, i) || o.DueAt == nil {
		return nil
	}
	for _, after := range reminded {
		if at := o.Timeline[i].At.Add(after); at.Before(*o.DueAt) {
			mails = append(mails, newMail(fmt.Sprintf("%s-%d-remind-%d", o.ID, i, after/time.Hour), "pay_soon", o.Buyer, orderFacts(o, i), at))
		}
	}
	return mails
}
