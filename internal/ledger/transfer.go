package ledger

import (
	"errors"
	"fmt"
	"time"

	"haggle/internal/money"
)

// Reason says why money moved.
type Reason string

const (
	Deposited       Reason = "deposit"
	DepositFailed   Reason = "deposit_failed"
	Withdrawn       Reason = "withdrawal"
	WithdrawFailed  Reason = "withdrawal_failed"
	HoldPlaced      Reason = "hold"
	HoldRaised      Reason = "hold_raised"
	HoldLowered     Reason = "hold_lowered"
	HoldReleased    Reason = "release"
	Captured        Reason = "capture"
	Paid            Reason = "payment"
	PaidByCard      Reason = "card_payment"
	CardPaymentBack Reason = "card_payment_failed"
	PaidOut         Reason = "payout"
	Refunded        Reason = "refund"
	ClawedBack      Reason = "claw_back"
)

// Posting moves an amount into an account; a negative one moves it out.
type Posting struct {
	Account Account      `bson:"account"`
	Amount  money.Amount `bson:"amount"` // minor units
}

// Transfer is one entry of the journal: postings that sum to zero.
type Transfer struct {
	ID       string    `bson:"_id"` // deterministic: the same act gives the same id
	Reason   Reason    `bson:"reason"`
	Deal     string    `bson:"deal,omitempty"`
	Order    string    `bson:"order,omitempty"`
	Intent   string    `bson:"intent,omitempty"`
	At       time.Time `bson:"at"`
	Postings []Posting `bson:"postings"`
}

// transfer drops empty postings, so that a move of nothing between two of several accounts leaves no trace there.
func transfer(id string, reason Reason, at time.Time, postings ...Posting) Transfer {
	t := Transfer{ID: id, Reason: reason, At: at}
	for _, p := range postings {
		if p.Amount != 0 {
			t.Postings = append(t.Postings, p)
		}
	}
	return t
}

// ErrUnbalanced says that a transfer's postings do not sum to zero, are fewer than two, name an account twice, or move
// nothing or too much.
var ErrUnbalanced = errors.New("ledger: transfer does not balance")

// Check refuses a transfer that is not well formed.
func (t Transfer) Check() error {
	if t.ID == "" || len(t.Postings) < 2 {
		return fmt.Errorf("%w: %q has %d postings", ErrUnbalanced, t.ID, len(t.Postings))
	}
	var sum money.Amount
	for i, p := range t.Postings {
		if t.postsTo(p.Account, i) {
			return fmt.Errorf("%w: %s posts to %s twice", ErrUnbalanced, t.ID, p.Account)
		}
		var err error
		if sum, err = money.Add(sum, p.Amount); err != nil || p.Amount == 0 {
			return fmt.Errorf("%w: %s posts %d to %s", ErrUnbalanced, t.ID, p.Amount, p.Account)
		}
	}
	if sum != 0 {
		return fmt.Errorf("%w: the postings of %s sum to %d", ErrUnbalanced, t.ID, sum)
	}
	return nil
}

// postsTo says whether one of the first n postings is to an account.
func (t Transfer) postsTo(a Account, n int) bool {
	for _, p := range t.Postings[:n] {
		if p.Account == a {
			return true
		}
	}
	return false
}
