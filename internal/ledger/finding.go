package ledger

import (
	"cmp"
	"slices"

	"haggle/internal/money"
)

// Code names what is wrong with the books.
type Code string

const (
	CodeUnbalanced     Code = "unbalanced"      // a transfer's postings do not sum to zero; subject: the transfer
	CodeMalformed      Code = "malformed"       // a transfer or hold that no constructor makes; subject: its id
	CodeDuplicate      Code = "duplicate"       // one id twice in the journal, or out of the order of ids; subject: the transfer
	CodeUnknownAccount Code = "unknown_account" // a posting to an account that nobody has; subject: the account
	CodeBalance        Code = "balance"         // a balance is not the sum of its postings; subject: the account
	CodeOverdrawn      Code = "overdrawn"       // a balance below zero that is not flagged owing, or held below zero; subject: the account
	CodeOwing          Code = "owing"           // a balance flagged owing that owes nothing; subject: the account
	CodeHeld           Code = "held"            // what is held of a person is not the sum of his open holds; subject: the account
	CodeHold           Code = "hold"            // an open hold is not what its deal says; subject: the hold
	CodeEscrow         Code = "escrow"          // an escrow account is not what its order says; subject: the account
	CodeFee            Code = "fee"             // the site's income is not the sum of the orders' fees; subject: the account
	CodeTotal          Code = "total"           // all accounts together are not zero
)

// Finding is one wrong thing in the books.
type Finding struct {
	Code    Code         `json:"code"`
	Subject string       `json:"subject"`
	Want    money.Amount `json:"want"` // minor units
	Got     money.Amount `json:"got"`
	Detail  string       `json:"detail"` // for developers
}

// Counts say how much an audit read.
type Counts struct {
	Transfers int64 `json:"transfers"`
	Postings  int64 `json:"postings"`
	Balances  int64 `json:"balances"`
	Holds     int64 `json:"holds"`
	OpenHolds int64 `json:"openHolds"`
	Orders    int64 `json:"orders"`
	Standings int64 `json:"standings"`
}

// Totals say where all money is: people's as their balances say, the rest as posted. They sum to zero.
type Totals struct {
	Available money.Amount `json:"available"`
	Held      money.Amount `json:"held"`
	Escrow    money.Amount `json:"escrow"`
	Fee       money.Amount `json:"fee"`
	Gateways  money.Amount `json:"gateways"` // negative: what came in
	Elsewhere money.Amount `json:"elsewhere"`
}

// sum is what must be zero.
func (t Totals) sum() money.Amount {
	return t.Available + t.Held + t.Escrow + t.Fee + t.Gateways + t.Elsewhere
}

// Report is what an audit found.
type Report struct {
	Counts   Counts    `json:"counts"`
	Totals   Totals    `json:"totals"`
	Findings []Finding `json:"findings"` // by code, then subject; empty where all is well
}

// OK says that nothing is wrong.
func (r Report) OK() bool { return len(r.Findings) == 0 }

func sortFindings(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Subject, b.Subject))
	})
}
