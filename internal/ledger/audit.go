package ledger

import (
	"fmt"

	"haggle/internal/money"
)

// Audit checks the books while they stream by: feed it every transfer, balance, hold, standing and order of one moment,
// each kind in any turn, then read its Report. The transfers come in order of their ids, as a store scans them: so a
// doubled one stands beside its twin.
//
// What it keeps grows with the accounts that hold money, not with the journal. It is not safe for concurrent use.
type Audit struct {
	last     string // id of the transfer before
	balances pairs  // by account: the sum of its postings, and its balance
	held     pairs  // by person: the sum of his open holds, and what his balance says is held
	holds    pairs  // by hold: what the deal says, and the open hold
	escrow   pairs  // by account: what the order says, and the sum of its postings
	fee      pair   // what the orders say, and the sum of its postings
	report   Report
}

// allAccounts is the subject of a wrong total.
const allAccounts = "all accounts"

// NewAudit begins an audit.
func NewAudit() *Audit {
	return &Audit{balances: pairs{}, held: pairs{}, holds: pairs{}, escrow: pairs{}}
}

// Transfer reads one entry of the journal.
func (a *Audit) Transfer(t Transfer) {
	a.report.Counts.Transfers++
	if t.ID <= a.last && a.report.Counts.Transfers > 1 {
		a.find(CodeDuplicate, t.ID, 0, 0, "comes after "+a.last)
	}
	a.last = t.ID
	var sum money.Amount
	for _, p := range t.Postings {
		sum += p.Amount
		a.post(t.ID, p)
	}
	switch err := t.Check(); {
	case sum != 0:
		a.find(CodeUnbalanced, t.ID, 0, sum, "the postings must sum to zero")
	case err != nil:
		a.find(CodeMalformed, t.ID, 0, 0, err.Error())
	}
}

// post adds one posting to its account.
func (a *Audit) post(transfer string, p Posting) {
	a.report.Counts.Postings++
	totals := &a.report.Totals
	_, _, isUser := p.Account.User()
	_, isEscrow := p.Account.Order()
	switch {
	case isUser:
		a.balances.want(string(p.Account), p.Amount)
	case isEscrow:
		a.escrow.got(string(p.Account), p.Amount)
		totals.Escrow += p.Amount
	case p.Account == Fee:
		a.fee.got += p.Amount
		totals.Fee += p.Amount
	case p.Account.isGateway():
		totals.Gateways += p.Amount
	default:
		totals.Elsewhere += p.Amount
		a.find(CodeUnknownAccount, string(p.Account), 0, p.Amount, "posted to by "+transfer)
	}
}

// Balance reads one person's balance.
func (a *Audit) Balance(b Balance) {
	a.report.Counts.Balances++
	a.report.Totals.Available += b.Available
	a.report.Totals.Held += b.Held
	free, held := string(Available(b.User)), string(Held(b.User))
	a.balances.got(free, b.Available)
	a.balances.got(held, b.Held)
	a.held.got(held, b.Held)
	if b.Available < 0 && !b.Owing {
		a.find(CodeOverdrawn, free, 0, b.Available, "below zero and not flagged owing")
	}
	if b.Available >= 0 && b.Owing {
		a.find(CodeOwing, free, 0, b.Available, "flagged owing, but not below zero")
	}
	if b.Held < 0 {
		a.find(CodeOverdrawn, held, 0, b.Held, "less than nothing is held")
	}
}

// Hold reads one hold, open or ended.
func (a *Audit) Hold(h Hold) {
	a.report.Counts.Holds++
	if h.ID != HoldID(h.Deal, h.User) || h.Amount < 0 || (h.State == Open) != (h.Amount > 0) {
		a.find(CodeMalformed, h.ID, 0, h.Amount, fmt.Sprintf("a hold of %s for %s that is %s", h.User, h.Deal, h.State))
	}
	if h.State != Open {
		return
	}
	a.report.Counts.OpenHolds++
	a.held.want(string(Held(h.User)), h.Amount)
	a.holds.got(h.ID, h.Amount)
}

// Standing reads what a deal says is held for one actor of it. A deal that is final holds nothing any more.
func (a *Audit) Standing(deal, user string, held money.Amount, final bool) {
	a.report.Counts.Standings++
	id := HoldID(deal, user)
	if !final {
		a.holds.want(id, held)
	} else if held != 0 {
		a.find(CodeHold, id, 0, held, "the standing keeps a hold though the deal is final")
	}
}

// Order reads what one order says: what of it waits in escrow, and the fee that was taken.
func (a *Audit) Order(id string, escrow, fee money.Amount) {
	a.report.Counts.Orders++
	a.escrow.want(string(Escrow(id)), escrow)
	a.fee.want += fee
}

// Report says what is wrong in all that was read.
func (a *Audit) Report() Report {
	r := a.report
	r.Findings = append([]Finding{}, a.report.Findings...)
	r.Findings = a.balances.differences(r.Findings, CodeBalance, "the postings sum to want, the balance says got")
	r.Findings = a.held.differences(r.Findings, CodeHeld, "the open holds sum to want, the balance says got is held")
	r.Findings = a.holds.differences(r.Findings, CodeHold, "the deal says want, the open hold is got")
	r.Findings = a.escrow.differences(r.Findings, CodeEscrow, "the order says want, the postings sum to got")
	r.Findings = pairs{string(Fee): a.fee}.differences(r.Findings, CodeFee, "the orders' fees sum to want, the postings to got")
	r.Findings = pairs{allAccounts: {got: r.Totals.sum()}}.differences(r.Findings, CodeTotal, "all accounts together must be zero")
	sortFindings(r.Findings)
	return r
}

// Findings names each wrong thing in all that was read; none where all is well.
func (a *Audit) Findings() []Finding { return a.Report().Findings }

func (a *Audit) find(code Code, subject string, want, got money.Amount, detail string) {
	a.report.Findings = append(a.report.Findings, Finding{Code: code, Subject: subject, Want: want, Got: got, Detail: detail})
}
