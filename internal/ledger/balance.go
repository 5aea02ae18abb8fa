package ledger

import (
	"fmt"

	"haggle/internal/fault"
	"haggle/internal/money"
)

// Balance is one person's money: one row, whatever is held for how many deals.
type Balance struct {
	User      string       `bson:"_id"`
	Version   int64        `bson:"version"`
	Available money.Amount `bson:"available"` // below zero only while Owing
	Held      money.Amount `bson:"held"`
	Owing     bool         `bson:"owing,omitempty"` // a claw-back or a late failure took more than was there
}

// mayOverdraw are the reasons that may take more than is available; the account then owes the rest.
func mayOverdraw(r Reason) bool {
	return r == DepositFailed || r == CardPaymentBack || r == ClawedBack
}

// Apply gives the balance after a transfer. It refuses insufficient_funds where free money would fall below zero; held
// money below zero and sums out of range are broken invariants. Money that comes in pays what is owed first. A refusal
// gives the balance as it was.
func Apply(b Balance, t Transfer) (Balance, error) {
	next := b
	for _, p := range t.Postings {
		if err := next.post(p); err != nil {
			return b, fmt.Errorf("ledger: %s for %s: %w", t.ID, b.User, err)
		}
	}
	if next.Held < 0 {
		return b, fmt.Errorf("ledger: %s would leave %d held by %s", t.ID, next.Held, b.User)
	}
	if next.Available < 0 && next.Available < b.Available && !mayOverdraw(t.Reason) {
		return b, insufficient(b.Available, next.Available)
	}
	next.Owing = next.Available < 0
	return next, nil
}

// post adds a posting to the person's own accounts; others' do not matter.
func (b *Balance) post(p Posting) (err error) {
	user, held, ok := p.Account.User()
	switch {
	case !ok || user != b.User:
	case held:
		b.Held, err = money.Add(b.Held, p.Amount)
	default:
		b.Available, err = money.Add(b.Available, p.Amount)
	}
	return err
}

// insufficient says what a transfer needs of the free money and how much must come in first: what is owed counts too.
func insufficient(before, after money.Amount) error {
	return fault.New(fault.CodeInsufficientFunds, fault.Params{"missing": int64(-after), "needed": int64(before - after)})
}
