package ledger

import (
	"fmt"
	"time"

	"haggle/internal/money"
)

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

// Deposit credits what a gateway has captured for a wallet. Id: deposit:<intent>.
func Deposit(intent, user, gateway string, amount money.Amount, at time.Time) Transfer {
	t := transfer("deposit:"+intent, Deposited, at, Posting{Gateway(gateway), -amount}, Posting{Available(user), amount})
	t.Intent = intent
	return t
}

// DepositReversal takes a deposit back that failed late; the account may become owing. Id: deposit_failed:<intent>.
func DepositReversal(intent, user, gateway string, amount money.Amount, at time.Time) Transfer {
	t := transfer("deposit_failed:"+intent, DepositFailed, at, Posting{Available(user), -amount}, Posting{Gateway(gateway), amount})
	t.Intent = intent
	return t
}

// Withdrawal debits what is to be paid out. Id: withdrawal:<intent>.
func Withdrawal(intent, user, gateway string, amount money.Amount, at time.Time) Transfer {
	t := transfer("withdrawal:"+intent, Withdrawn, at, Posting{Available(user), -amount}, Posting{Gateway(gateway), amount})
	t.Intent = intent
	return t
}

// WithdrawalReversal gives back what could not be paid out. Id: withdrawal_failed:<intent>.
func WithdrawalReversal(intent, user, gateway string, amount money.Amount, at time.Time) Transfer {
	t := transfer("withdrawal_failed:"+intent, WithdrawFailed, at, Posting{Gateway(gateway), -amount}, Posting{Available(user), amount})
	t.Intent = intent
	return t
}

// HoldChange moves the difference when what is held of a person for a deal changes from before to after; seq is the
// log line that caused it. Id: hold:<deal>:<user>:<seq>.
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
	t := transfer(fmt.Sprintf("hold:%s:%s:%d", deal, user, seq), reason, at, Posting{Available(user), before - after}, Posting{Held(user), after - before})
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

// Pay pays an order from free money. Id: pay:<order>.
func Pay(order, user string, total money.Amount, at time.Time) Transfer {
	t := transfer("pay:"+order, Paid, at, Posting{Available(user), -total}, Posting{Escrow(order), total})
	t.Order = order
	return t
}

// PayByCard pays an order from a card. Id: pay:<order>.
func PayByCard(order, gateway string, total money.Amount, at time.Time) Transfer {
	t := transfer("pay:"+order, PaidByCard, at, Posting{Gateway(gateway), -total}, Posting{Escrow(order), total})
	t.Order = order
	return t
}

// Payout ends an escrow: the seller gets what is left of it less the fee. Id: payout:<order>.
func Payout(order, seller string, left, fee money.Amount, at time.Time) Transfer {
	t := transfer("payout:"+order, PaidOut, at, Posting{Escrow(order), -left}, Posting{Available(seller), left - fee}, Posting{Fee, fee})
	t.Order = order
	return t
}

// Refund gives the buyer money back out of escrow; n counts an order's refunds from 1. Id: refund:<order>:<n>.
func Refund(order, buyer string, amount money.Amount, n int, at time.Time) Transfer {
	t := transfer(fmt.Sprintf("refund:%s:%d", order, n), Refunded, at, Posting{Escrow(order), -amount}, Posting{Available(buyer), amount})
	t.Order = order
	return t
}

// ClawBack takes a refund after completion from the seller, with the fee's share of it from the site, into escrow, from
// where Refund gives it to the buyer. The seller may become owing. Id: claw_back:<order>:<n>.
func ClawBack(order, seller string, amount, fee money.Amount, n int, at time.Time) Transfer {
	t := transfer(fmt.Sprintf("claw_back:%s:%d", order, n), ClawedBack, at, Posting{Available(seller), fee - amount}, Posting{Fee, -fee}, Posting{Escrow(order), amount})
	t.Order = order
	return t
}
