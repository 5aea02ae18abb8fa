package market

import (
	"context"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
)

// sources is what letters are made of: what was read for several of them at once, and the store for the rest.
type sources struct {
	m         *Market
	accounts  map[string]AccountRow
	deals     map[string]engine.Deal
	standings map[engine.Seat]*deal.Standing // nil: he never entered
}

// sourcesOf reads what most letters of these mails need, in three questions; inside the transaction that takes them.
func (m *Market) sourcesOf(ctx context.Context, mails []MailRow) (*sources, error) {
	from := &sources{m: m, accounts: map[string]AccountRow{}, deals: map[string]engine.Deal{}, standings: map[engine.Seat]*deal.Standing{}}
	var accounts, deals []string
	var seats []engine.Seat
	for _, r := range mails {
		accounts = append(accounts, r.Account)
		if asksDeal[r.What] {
			deals = append(deals, r.Facts.Deal)
		}
		if r.What == "outbid" {
			seats = append(seats, engine.Seat{Deal: r.Facts.Deal, Account: r.Account})
		}
	}
	rows, err := m.rows.accounts.GetMany(ctx, accounts)
	if err != nil {
		return nil, err
	}
	for _, a := range rows {
		from.accounts[a.ID] = a
	}
	if len(deals) > 0 {
		if from.deals, err = m.dealsByID(ctx, deals); err != nil {
			return nil, err
		}
	}
	if len(seats) > 0 {
		from.standings, err = m.eng.StandingsAt(ctx, seats)
	}
	return from, err
}

// asksDeal are the mails that are told only as long as their deal is what they say.
var asksDeal = map[string]bool{"quote": true, "quote_hidden": true, "ending": true, "outbid": true}

// account reads an account; store.ErrNotFound where there is none.
func (s *sources) account(ctx context.Context, id string) (AccountRow, error) {
	if a, ok := s.accounts[id]; ok {
		return a, nil
	}
	return s.m.rows.accounts.Get(ctx, id)
}

// deal reads a deal; store.ErrNotFound where there is none.
func (s *sources) deal(ctx context.Context, id string) (engine.Deal, error) {
	if d, ok := s.deals[id]; ok {
		return d, nil
	}
	return s.m.eng.Deal(ctx, id)
}

// standing is somebody's standing in a deal; nil where he never entered.
func (s *sources) standing(ctx context.Context, dealID, account string) (*deal.Standing, error) {
	if st, ok := s.standings[engine.Seat{Deal: dealID, Account: account}]; ok {
		return st, nil
	}
	return s.m.eng.Standing(ctx, dealID, account)
}

// still says whether somebody is outbid when he is to be told so, and at which price.
func (s *sources) still(ctx context.Context, r MailRow, now time.Time) (Facts, bool, error) {
	d, err := s.deal(ctx, r.Facts.Deal)
	if err != nil {
		return r.Facts, false, err
	}
	p, err := s.m.eng.Public(d)
	if err != nil || d.StatusAt(now) != deal.Open || p.Standing == nil || p.Minimum == nil {
		return r.Facts, false, err
	}
	st, err := s.standing(ctx, d.ID, r.Account)
	if err != nil || st == nil || !st.Active || st.Pseudonym == p.Leader {
		return r.Facts, false, err
	}
	r.Facts.Amount, r.Facts.Minimum, r.Facts.DueAt = *p.Standing, *p.Minimum, d.ClosesAt
	return r.Facts, true, nil
}
