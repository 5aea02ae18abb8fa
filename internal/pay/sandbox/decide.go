package sandbox

import (
	"time"

	"haggle/internal/fault"
	"haggle/internal/money"
	"haggle/internal/pay"
)

// begin decides the first record of a chain: what the card does is what happens.
func begin(r Record, b behaviour, now time.Time) Record {
	r.Root, r.At, r.State = r.Intent, now, pay.Succeeded
	if b.refuse != "" {
		r.State, r.Code = pay.Declined, b.refuse
	}
	if b.late {
		r.FailsAt = now.Add(LateAfter)
	}
	return r
}

// follow decides what is done with an earlier record of the chain.
func follow(c chain, r Record, now time.Time) Record {
	of, _ := c.find(r.Of)
	r.Root, r.Seq, r.At, r.Last4 = of.Root, len(c), now, of.Last4
	if r.Act == pay.Captured {
		r.FailsAt = of.FailsAt
	}
	if r.Act == pay.Released {
		r.Amount = of.Amount
	}
	r.State = pay.Succeeded
	if code := refusal(c, of, r, now); code != "" {
		r.State, r.Code = pay.Declined, code
	}
	return r
}

// refusal says why r cannot be done with of; empty when it can.
func refusal(c chain, of, r Record, now time.Time) fault.Code {
	switch {
	case r.Currency != of.Currency:
		return fault.CodeConflict
	case c.outcome(of, now).State == pay.Failed:
		return fault.CodeCardDeclined
	case r.Amount > left(c, of, r.Act, now):
		return fault.CodeConflict
	}
	return ""
}

// left is the most that act can do with a record; 0 when nothing.
func left(c chain, of Record, act pay.Act, now time.Time) money.Amount {
	if of.State != pay.Succeeded {
		return 0
	}
	switch act {
	case pay.Captured, pay.Released:
		_, ended := c.ended(of.Intent)
		if of.Act != pay.Authorized || ended || !now.Before(of.At.Add(pay.AuthorisationLife)) {
			return 0
		}
		return of.Amount
	case pay.Refunded:
		if of.Act != pay.Charged && of.Act != pay.Captured {
			return 0
		}
		return of.Amount - c.refunded(of.Intent)
	}
	return 0
}
