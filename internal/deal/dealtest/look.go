package dealtest

import (
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// Now is the time of the next entry.
func (d *Deal) Now() time.Time { return d.now }

// Wait lets time pass, in whole milliseconds.
func (d *Deal) Wait(by time.Duration) { d.WaitUntil(d.now.Add(by)) }

// WaitUntil puts the clock to a time, which must not be past.
func (d *Deal) WaitUntil(at time.Time) {
	d.t.Helper()
	if at = deal.Millis(at); at.Before(d.now) {
		d.t.Fatalf("the clock cannot go back from %s to %s", d.now, at)
	}
	d.now = at
}

// ClosesAt is the deadline in force; zero where open-ended.
func (d *Deal) ClosesAt() time.Time { return d.frame.ClosesAt }

// Frame is what the rule knows of the deal, with its terms.
func (d *Deal) Frame() deal.Frame {
	f := d.frame
	f.Terms = decoded(d, d.terms, d.m.NewTerms())
	return f
}

// State is the rule's running state, a copy.
func (d *Deal) State() any { return decoded(d, d.state, d.m.NewState()) }

// Standing is an account's standing, a copy; nil where it never entered.
func (d *Deal) Standing(account string) *deal.Standing {
	r := d.rows[account]
	if r == nil {
		return nil
	}
	s := r.Standing
	if r.values != nil {
		s.Values = decoded(d, r.values, d.m.NewStanding())
	}
	return &s
}

// Crowd is every standing by Seq.
func (d *Deal) Crowd() []deal.Standing {
	var all []deal.Standing
	for account := range d.rows {
		all = append(all, *d.Standing(account))
	}
	slices.SortFunc(all, func(a, b deal.Standing) int { return int(a.Seq - b.Seq) })
	return all
}

// Free is an account's free money: what it had, less holds and what it paid for at once.
func (d *Deal) Free(account string) money.Amount {
	left, spent := d.funds[account]
	if !spent {
		left = d.first
	}
	return left
}

// SetFree gives an account other free money than the first.
func (d *Deal) SetFree(account string, a money.Amount) { d.funds[account] = a }

// Orders are those that entries began at once.
func (d *Deal) Orders() []deal.Award { return d.orders }

// Decision is what the deal ended with; nil while it is open.
func (d *Deal) Decision() *deal.Decision { return d.decision }

// View is what an entry of an account would be judged by, without the crowd.
func (d *Deal) View(account string) deal.View {
	v := deal.View{Frame: d.Frame(), Now: d.now, Seq: int64(len(d.lines)), State: d.State(), Own: d.Standing(account)}
	v.Who, v.Available = d.who(account), d.Free(account)
	return v
}

func (d *Deal) who(account string) string {
	switch {
	case account == Owner:
		return "owner"
	case account == Site || account == Moderator:
		return "site"
	case d.rows[account] != nil:
		return d.rows[account].Pseudonym
	}
	return deal.Pseudonym(d.members + 1)
}

// Public is what anybody may see.
func (d *Deal) Public() deal.Public { return d.m.Public(d.View(Site)) }

// Preview asks what an entry would mean for its maker.
func (d *Deal) Preview(account string, act deal.Act, values any) (deal.Preview, error) {
	self := deal.Self{Standing: d.Standing(account), Available: d.Free(account), Now: d.now}
	return d.m.Preview(d.Public(), self, deal.Entry{Account: account, Role: roleOf(account), Act: act, Values: values})
}

func roleOf(account string) deal.Role {
	switch account {
	case Owner:
		return deal.Owner
	case Moderator:
		return deal.Moderator
	case Site:
		return deal.Site
	}
	return deal.Member
}
