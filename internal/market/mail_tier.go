package market

import (
	"context"
	"fmt"
	"slices"

	"haggle/internal/engine"
)

// tellTier tells those who are in a group, and who watch it, that it has reached a lower price. A step that was reached, lost
// and reached again is told once. Most changes of a group reach nothing, and cost nothing here.
func (m *Market) tellTier(ctx context.Context, d engine.Deal, mark MarkRow) error {
	p, err := m.eng.Public(d)
	if err != nil || p.Tier == nil || p.UnitPrice == nil || *p.Tier == mark.Tier {
		return err
	}
	now := m.Now()
	if *p.Tier > mark.Tier {
		crowd, err := m.eng.Crowd(ctx, d.ID)
		if err != nil {
			return err
		}
		accounts, err := m.watchersOf(ctx, d.ID)
		if err != nil {
			return err
		}
		for _, s := range crowd {
			if s.Active && s.Account != d.Owner {
				accounts = append(accounts, s.Account)
			}
		}
		slices.Sort(accounts)
		var news []MailRow
		for _, account := range slices.Compact(accounts) {
			news = append(news, newMail(fmt.Sprintf("tier-%s-%s-%d", d.ID, account, *p.Tier), "tier", account, Facts{Deal: d.ID, Title: d.Title, Amount: *p.UnitPrice}, now))
		}
		if err := m.writeMails(ctx, news); err != nil {
			return err
		}
	}
	mark.Tier, mark.At, mark.NextAt = *p.Tier, &now, nil
	return m.tx(ctx, func(ctx context.Context) error { return m.setMarks(ctx, mark) })
}
