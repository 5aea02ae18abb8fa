package ledger

import (
	"fmt"
	"time"

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
func mayOverdraw(r Reason) bool { return r == DepositFailed || r == ClawedBack }

// Apply gives the balance after a transfer. It refuses insufficient_funds where free money would fall below zero; held
// money below zero is a broken invariant. Money that comes in pays what is owed first.
func Apply(b Balance, t Transfer) (Balance, error) {
	before := b.Available
	for _, p := range t.Postings {
		id, held, ok := p.Account.User()
		if !ok || id != b.User {
			continue
		}
		if held {
			b.Held += p.Amount
		} else {
			b.Available += p.Amount
		}
	}
	if b.Held < 0 {
		return b, fmt.Errorf("ledger: %s would leave %d held by %s", t.ID, b.Held, b.User)
	}
	if b.Available < 0 && b.Available < before && !mayOverdraw(t.Reason) {
		needed := before - b.Available
		return b, fault.New(fault.CodeInsufficientFunds, fault.Params{"missing": int64(needed - max(before, 0)), "needed": int64(needed)})
	}
	b.Owing = b.Available < 0
	return b, nil
}

// HoldState is the stage of a hold.
type HoldState string

const (
	Open     HoldState = "open"
	Posted   HoldState = "posted"   // captured into orders
	Released HoldState = "released" // given back
)

// Hold is what is put aside of a person's money for one deal. Its amount changes while it is open; it ends once.
type Hold struct {
	ID     string       `bson:"_id"`
	User   string       `bson:"user"`
	Deal   string       `bson:"deal"`
	Amount money.Amount `bson:"amount"`
	State  HoldState    `bson:"state"`
	At     time.Time    `bson:"at"` // of the last change
}

// HoldID is the id of a person's hold in a deal.
func HoldID(deal, user string) string { return "hold:" + deal + ":" + user }
