package ledger

import (
	"fmt"
	"maps"
	"slices"

	"haggle/internal/money"
)

// Audit recomputes what the books must show from the journal alone. First every Transfer is read, then every Balance, Hold
// and escrow; Findings says what does not agree.
type Audit struct {
	Transfers, Balances, Holds, Escrows int // read so far

	sums     map[Account]money.Amount
	held     map[string]money.Amount // by user: open holds
	total    money.Amount            // stored balances and the site's own accounts together
	seen     map[string]bool         // users with a balance row
	findings []string
}

// maxFindings bounds what is reported: after a broken release every account may be wrong.
const maxFindings = 1000

// NewAudit begins an audit.
func NewAudit() *Audit {
	return &Audit{sums: map[Account]money.Amount{}, held: map[string]money.Amount{}, seen: map[string]bool{}}
}

func (a *Audit) wrong(format string, args ...any) {
	if len(a.findings) < maxFindings {
		a.findings = append(a.findings, fmt.Sprintf(format, args...))
	}
}

// Transfer reads an entry of the journal.
func (a *Audit) Transfer(t Transfer) {
	a.Transfers++
	if err := t.Check(); err != nil {
		a.wrong("%v", err)
	}
	for _, p := range t.Postings {
		sum, err := money.Add(a.sums[p.Account], p.Amount)
		if err != nil {
			a.wrong("the postings to %s overflow at %s", p.Account, t.ID)
		}
		a.sums[p.Account] = sum
		if _, _, ok := p.Account.User(); !ok {
			a.total += p.Amount
		}
	}
}

// Balance holds a stored balance against the postings.
func (a *Audit) Balance(b Balance) {
	a.Balances++
	a.seen[b.User] = true
	a.total += b.Available + b.Held
	if want := a.sums[Available(b.User)]; b.Available != want {
		a.wrong("balance of %s: %d available, the postings sum to %d", b.User, b.Available, want)
	}
	if want := a.sums[Held(b.User)]; b.Held != want {
		a.wrong("balance of %s: %d held, the postings sum to %d", b.User, b.Held, want)
	}
	if b.Held < 0 || b.Available < 0 && !b.Owing {
		a.wrong("balance of %s is below zero: %d available, %d held", b.User, b.Available, b.Held)
	}
}

// Hold counts a stored hold.
func (a *Audit) Hold(h Hold) {
	a.Holds++
	if h.State == Open {
		a.held[h.User] += h.Amount
	} else if h.Amount != 0 {
		a.wrong("hold %s is %s and still holds %d", h.ID, h.State, h.Amount)
	}
}

// Escrow holds what waits in an order's escrow against the postings; waiting is zero for an order that is settled or was
// never paid.
func (a *Audit) Escrow(order string, waiting money.Amount) {
	a.Escrows++
	if sum := a.sums[Escrow(order)]; sum != waiting {
		a.wrong("escrow of order %s: %d should wait there, the postings sum to %d", order, waiting, sum)
	}
	delete(a.sums, Escrow(order)) // what stays is nobody's
}

// Findings ends the audit: what does not agree, nothing where all does.
func (a *Audit) Findings() []string {
	for _, account := range slices.Sorted(maps.Keys(a.sums)) {
		sum := a.sums[account]
		if user, held, ok := account.User(); ok {
			a.closeUser(user, held, sum)
		} else if order, ok := account.Order(); ok && sum != 0 {
			a.wrong("escrow of order %s: there is no such order, the postings sum to %d", order, sum)
		}
	}
	if a.total != 0 {
		a.wrong("all balances together sum to %d", a.total)
	}
	return a.findings
}

func (a *Audit) closeUser(user string, held bool, sum money.Amount) {
	if !a.seen[user] && sum != 0 {
		a.wrong("%s has postings of %d and no balance", user, sum)
	}
	if held && sum != a.held[user] {
		a.wrong("%s: the postings hold %d, the open holds sum to %d", user, sum, a.held[user])
	}
}
