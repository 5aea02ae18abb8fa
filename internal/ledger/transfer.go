package ledger

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"haggle/internal/money"
)

// Account names one account of the books.
type Account string

const (
	userPrefix    = "user:"
	escrowPrefix  = "escrow:"
	gatewayPrefix = "gateway:"
)

// Fee is the site's own income.
const Fee Account = "fee"

// Available is a person's free money.
func Available(user string) Account { return Account(userPrefix + user + ":available") }

// Held is what of a person's money is put aside for deals.
func Held(user string) Account { return Account(userPrefix + user + ":held") }

// Escrow is what was paid into an order that is not completed.
func Escrow(order string) Account { return Account(escrowPrefix + order) }

// Gateway is the world outside: what came in through a gateway, negative.
func Gateway(name string) Account { return Account(gatewayPrefix + name) }

// User splits the account of a person; ok is false for the site's own accounts.
func (a Account) User() (id string, held, ok bool) {
	rest, ok := strings.CutPrefix(string(a), userPrefix)
	if !ok {
		return "", false, false
	}
	if id, ok = strings.CutSuffix(rest, ":available"); ok {
		return id, false, true
	}
	id, ok = strings.CutSuffix(rest, ":held")
	return id, true, ok
}

// Order gives the order of an escrow account.
func (a Account) Order() (id string, ok bool) { return strings.CutPrefix(string(a), escrowPrefix) }

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
	PaidOut         Reason = "payout"
	Refunded        Reason = "refund"
	ClawedBack      Reason = "claw_back"
	CardPaymentBack Reason = "card_payment_failed"
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

// ErrUnbalanced says that a transfer's postings do not sum to zero, are empty, or name an account twice.
var ErrUnbalanced = errors.New("ledger: transfer does not balance")

// Check refuses a transfer that is not well formed.
func (t Transfer) Check() error {
	if t.ID == "" || len(t.Postings) < 2 {
		return fmt.Errorf("%w: %q has %d postings", ErrUnbalanced, t.ID, len(t.Postings))
	}
	var sum money.Amount
	for i, p := range t.Postings {
		for _, q := range t.Postings[:i] {
			if p.Account == q.Account {
				return fmt.Errorf("%w: %s posts to %s twice", ErrUnbalanced, t.ID, p.Account)
			}
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
