package ledger

import (
	"fmt"
	"time"

	"haggle/internal/money"
)

// ofOrder is a transfer on behalf of an order.
func ofOrder(order, id string, reason Reason, at time.Time, postings ...Posting) Transfer {
	t := transfer(id, reason, at, postings...)
	t.Order = order
	return t
}

// Pay pays an order from free money. Id: pay:<order>.
func Pay(order, user string, total money.Amount, at time.Time) Transfer {
	return ofOrder(order, "pay:"+order, Paid, at, Posting{Available(user), -total}, Posting{Escrow(order), total})
}

// PayByCard pays an order from a card. Id: pay:<order>, so that an order is paid once, whichever way.
func PayByCard(order, gateway string, total money.Amount, at time.Time) Transfer {
	return ofOrder(order, "pay:"+order, PaidByCard, at, Posting{Gateway(gateway), -total}, Posting{Escrow(order), total})
}

// Payout ends an escrow: the seller gets what is left of it less the fee. Id: payout:<order>.
func Payout(order, seller string, left, fee money.Amount, at time.Time) Transfer {
	return ofOrder(order, "payout:"+order, PaidOut, at, Posting{Escrow(order), -left}, Posting{Available(seller), left - fee}, Posting{Fee, fee})
}

// Refund gives the buyer money back out of escrow; n counts an order's refunds from 1. Id: refund:<order>:<n>.
func Refund(order, buyer string, amount money.Amount, n int, at time.Time) Transfer {
	id := fmt.Sprintf("refund:%s:%d", order, n)
	return ofOrder(order, id, Refunded, at, Posting{Escrow(order), -amount}, Posting{Available(buyer), amount})
}

// ClawBack takes a refund after completion from the seller, with the fee's share of it from the site, into escrow, from
// where Refund gives it to the buyer. The seller may become owing. Id: claw_back:<order>:<n>.
func ClawBack(order, seller string, amount, fee money.Amount, n int, at time.Time) Transfer {
	id := fmt.Sprintf("claw_back:%s:%d", order, n)
	return ofOrder(order, id, ClawedBack, at, Posting{Available(seller), fee - amount}, Posting{Fee, -fee}, Posting{Escrow(order), amount})
}

// GiveBack takes a refund after completion that the seller gives of his own accord, with the fee's share of it from the
// site, into escrow, from where Refund gives it to the buyer. Unlike with ClawBack, he must have it. Id:
// give_back:<order>:<n>.
func GiveBack(order, seller string, amount, fee money.Amount, n int, at time.Time) Transfer {
	id := fmt.Sprintf("give_back:%s:%d", order, n)
	return ofOrder(order, id, Refunded, at, Posting{Available(seller), fee - amount}, Posting{Fee, -fee}, Posting{Escrow(order), amount})
}
