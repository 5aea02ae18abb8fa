package ledger

import (
	"fmt"
	"time"

	"haggle/internal/money"
)

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
	Amount money.Amount `bson:"amount"` // 0 once it has ended
	State  HoldState    `bson:"state"`
	At     time.Time    `bson:"at"` // of the last change
}

// HoldID is the id of a person's hold in a deal.
func HoldID(deal, user string) string { return "hold:" + deal + ":" + user }

// HoldChange moves the difference when what is held of a person for a deal changes from before to after; seq is the
// log line that caused it. Id: hold:<deal>:<seq>:<user>, so that the changes of one deal sort as they came.
func HoldChange(deal, user string, seq int64, before, after money.Amount, at time.Time) Transfer {
	reason := HoldRaised
	switch {
	case before == 0:
		reason = HoldPlaced
	case after == 0:
		reason = HoldReleased
	case after < before:
		reason = HoldLowered
	}
	id := fmt.Sprintf("hold:%s:%012d:%s", deal, seq, user)
	t := transfer(id, reason, at, Posting{Available(user), before - after}, Posting{Held(user), after - before})
	t.Deal = deal
	return t
}

// Release gives a hold back at a deal's close. Id: release:<deal>:<user>.
func Release(deal, user string, amount money.Amount, at time.Time) Transfer {
	t := transfer("release:"+deal+":"+user, HoldReleased, at, Posting{Held(user), -amount}, Posting{Available(user), amount})
	t.Deal = deal
	return t
}

// Capture pays an order from a hold: held leaves the hold, total goes into escrow, the difference back to the payer.
// Id: capture:<order>.
func Capture(deal, order, user string, held, total money.Amount, at time.Time) Transfer {
	t := transfer("capture:"+order, Captured, at, Posting{Held(user), -held}, Posting{Escrow(order), total}, Posting{Available(user), held - total})
	t.Deal, t.Order = deal, order
	return t
}
