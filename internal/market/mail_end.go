package market

import (
	"context"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/ledger"
	"haggle/internal/money"
)

// ending is how a deal ended, as its mails tell it.
type ending struct {
	d        engine.Deal
	at       time.Time
	released map[string]money.Amount // by account: what of their holds went back
	mails    []MailRow
}

// endOf are the mails about a deal's end that its orders do not tell. A fixed price has none: its purchases are orders.
func (m *Market) endOf(ctx context.Context, d engine.Deal, n news) ([]MailRow, error) {
	if d.Decision == nil || d.Kind == deal.Fixed {
		return nil, nil
	}
	in, awarded, err := m.peopleAtEnd(ctx, d)
	if err != nil {
		return nil, err
	}
	x := &ending{d: d, at: *d.DecidedAt}
	if x.released, err = m.releasedIn(ctx, d, append(slices.Clone(in), d.Owner)); err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(slices.Clone(in), func(account string) bool { return awarded[account] })
	switch {
	case d.Status == deal.Cancelled:
		x.tell(in, "called_off_free", "called_off")
	case d.Kind == deal.English:
		x.auction(n)
	case d.Kind == deal.Request:
		x.tell(out, "not_awarded", "not_awarded")
		if d.Status == deal.Failed {
			x.tell([]string{d.Owner}, "request_failed_free", "request_failed")
		}
	case d.Kind == deal.Group && d.Status == deal.Settled:
		x.tell(out, "group_out", "group_out")
		x.add(d.Owner, "group_sold", Facts{Amount: d.Decision.UnitPrice, Quantity: d.Decision.Pieces})
	case d.Kind == deal.Group:
		x.tell(in, "group_failed", "group_failed")
		x.add(d.Owner, "group_missed", Facts{})
	}
	return x.mails, nil
}

// auction tells the seller where nothing was sold, and those who led until the end.
func (x *ending) auction(n news) {
	sold := x.d.Status == deal.Settled
	for account := range n.displaced {
		if sold {
			x.add(account, "lost", Facts{Amount: x.d.Decision.UnitPrice})
		}
	}
	if sold {
		return
	}
	x.add(x.d.Owner, "unsold", Facts{})
	if n.leader != "" {
		x.add(n.leader, "no_sale", Facts{Amount: n.standing})
	}
}

// tell writes one mail to each: free to those who have no money back.
func (x *ending) tell(accounts []string, free, back string) {
	for _, a := range accounts {
		what := free
		if x.released[a] > 0 {
			what = back
		}
		x.add(a, what, Facts{Amount: x.released[a]})
	}
}

func (x *ending) add(account, what string, f Facts) {
	f.Deal, f.Title = x.d.ID, x.d.Title
	x.mails = append(x.mails, newMail("end-"+x.d.ID+"-"+account, what, account, f, x.at))
}

// peopleAtEnd lists who stood in a deal beside its owner, in order of their entries, and who of them got something.
func (m *Market) peopleAtEnd(ctx context.Context, d engine.Deal) (in []string, awarded map[string]bool, err error) {
	crowd, err := m.eng.Crowd(ctx, d.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, s := range crowd {
		if s.Active && s.Account != d.Owner {
			in = append(in, s.Account)
		}
	}
	awarded = map[string]bool{}
	for after := ""; ; {
		page, err := m.eng.Awards(ctx, d.ID, outcomeAwards, after)
		if err != nil {
			return nil, nil, err
		}
		for _, a := range page.Docs {
			awarded[a.Account] = true
		}
		if after = page.Next; after == "" {
			return in, awarded, nil
		}
	}
}

// releasedIn reads from the journal what went back to people at a deal's close.
func (m *Market) releasedIn(ctx context.Context, d engine.Deal, accounts []string) (map[string]money.Amount, error) {
	out := map[string]money.Amount{}
	for part := range slices.Chunk(accounts, mailsAtOnce) {
		ids := make([]string, len(part))
		for i, a := range part {
			ids[i] = ledger.Release(d.ID, a, 0, time.Time{}).ID
		}
		rows, err := m.rows.journal.GetMany(ctx, ids)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			for _, p := range r.Postings {
				if user, held, ok := p.Account.User(); ok && !held {
					out[user] = p.Amount
				}
			}
		}
	}
	return out, nil
}
