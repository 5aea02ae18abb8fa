package sandbox

import (
	"time"

	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/pay"
)

// Record is what the gateway decided about one intent. It is never changed. Times are whole milliseconds.
type Record struct {
	Intent   string       `bson:"_id"`
	Root     string       `bson:"root"` // the intent that began the chain
	Seq      int          `bson:"seq"`  // place in the chain, 0 for the root
	Act      pay.Act      `bson:"act"`
	Of       string       `bson:"of,omitempty"`
	Amount   money.Amount `bson:"amount"`
	Currency string       `bson:"currency"`
	Last4    string       `bson:"last4,omitempty"`
	To       string       `bson:"to,omitempty"` // method and owner of a payout
	Purpose  string       `bson:"purpose,omitempty"`
	State    pay.State    `bson:"state"` // Succeeded or Declined
	Code     fault.Code   `bson:"code,omitempty"`
	At       time.Time    `bson:"at"`
	FailsAt  time.Time    `bson:"failsAt,omitempty"` // of a chain that fails late; zero: never
}

// same says whether a repeated call asks for what was decided. A release has no amount of its own.
func (r Record) same(q Record) bool {
	amounts := r.Amount == q.Amount || r.Act == pay.Released
	return amounts && r.Act == q.Act && r.Of == q.Of && r.Currency == q.Currency && r.Last4 == q.Last4 && r.To == q.To
}

// chain is a root and what was done with it, in order.
type chain []Record

// find gives the record of an intent.
func (c chain) find(intent string) (Record, bool) {
	for _, r := range c {
		if r.Intent == intent {
			return r, true
		}
	}
	return Record{}, false
}

// refunded adds up what was given back of an intent.
func (c chain) refunded(of string) (sum money.Amount) {
	for _, r := range c {
		if r.Act == pay.Refunded && r.Of == of && r.State == pay.Succeeded {
			sum += r.Amount
		}
	}
	return sum
}

// ended gives when an authorisation was captured or released.
func (c chain) ended(of string) (Record, bool) {
	for _, r := range c {
		if (r.Act == pay.Captured || r.Act == pay.Released) && r.Of == of && r.State == pay.Succeeded {
			return r, true
		}
	}
	return Record{}, false
}

// failure says what of a record's money is taken back, and when. Money that was given back before cannot be taken: a
// released authorisation and a refunded charge do not fail, and of a captured authorisation the capture does.
func (c chain) failure(r Record) (lost money.Amount, at time.Time) {
	if r.FailsAt.IsZero() || r.State != pay.Succeeded {
		return 0, time.Time{}
	}
	switch r.Act {
	case pay.Charged, pay.Captured:
		lost = r.Amount - c.refunded(r.Intent)
	case pay.Authorized:
		if _, ended := c.ended(r.Intent); !ended {
			lost = r.Amount
		}
	}
	if lost == 0 {
		return 0, time.Time{}
	}
	return lost, r.FailsAt
}

// outcome is what the gateway says of a record at a moment.
func (c chain) outcome(r Record, now time.Time) pay.Outcome {
	o := pay.Outcome{
		Intent: r.Intent, Act: r.Act, State: r.State, Code: r.Code,
		Amount: r.Amount, Currency: r.Currency, Last4: r.Last4, At: r.At,
	}
	if r.Act == pay.Authorized && r.State == pay.Succeeded {
		o.Until = r.At.Add(pay.AuthorisationLife)
	}
	if _, at := c.failure(r); !at.IsZero() && !now.Before(at) {
		o.State, o.Code = pay.Failed, fault.CodeCardDeclined
	}
	return o
}
