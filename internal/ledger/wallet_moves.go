package ledger

import (
	"time"

	"haggle/internal/money"
)

// throughGateway moves an amount between a wallet and the world outside, on behalf of an intent; negative: out of the
// wallet.
func throughGateway(kind string, reason Reason, intent, user, gateway string, amount money.Amount, at time.Time) Transfer {
	t := transfer(kind+":"+intent, reason, at, Posting{Gateway(gateway), -amount}, Posting{Available(user), amount})
	t.Intent = intent
	return t
}

// Deposit credits what a gateway has captured for a wallet. Id: deposit:<intent>.
func Deposit(intent, user, gateway string, amount money.Amount, at time.Time) Transfer {
	return throughGateway("deposit", Deposited, intent, user, gateway, amount, at)
}

// DepositReversal takes a deposit back that failed late; the account may become owing. Id: deposit_failed:<intent>.
func DepositReversal(intent, user, gateway string, amount money.Amount, at time.Time) Transfer {
	return throughGateway("deposit_failed", DepositFailed, intent, user, gateway, -amount, at)
}

// CardPaymentReversal takes a card payment of an order back from its payer that failed late: the order stands, he owes
// what it cost. Id: card_payment_failed:<intent>.
func CardPaymentReversal(intent, order, user, gateway string, amount money.Amount, at time.Time) Transfer {
	t := throughGateway("card_payment_failed", CardPaymentBack, intent, user, gateway, -amount, at)
	t.Order = order
	return t
}

// Withdrawal debits what is to be paid out. Id: withdrawal:<intent>.
func Withdrawal(intent, user, gateway string, amount money.Amount, at time.Time) Transfer {
	return throughGateway("withdrawal", Withdrawn, intent, user, gateway, -amount, at)
}

// WithdrawalReversal gives back what could not be paid out. Id: withdrawal_failed:<intent>.
func WithdrawalReversal(intent, user, gateway string, amount money.Amount, at time.Time) Transfer {
	return throughGateway("withdrawal_failed", WithdrawFailed, intent, user, gateway, amount, at)
}
