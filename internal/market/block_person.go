package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/store"
)

// maxBlocked bounds how many people one person may block.
const maxBlocked = 1000

// blocksFor is how long a process trusts what it knows of somebody's blocks; a change here takes effect at once, one in
// another process after this time.
const blocksFor = 5 * time.Second

// BlockPerson keeps somebody out of the actor's deals: he cannot bid, buy, quote or pledge there any more. What he entered
// before stands, and he can take it back by the deal's rules. Doing it twice changes nothing.
func (m *Market) BlockPerson(ctx context.Context, a Actor, id string) error {
	return m.changeBlocks(ctx, a, id, func(blocked []string) ([]string, error) {
		if slices.Contains(blocked, id) {
			return blocked, nil
		}
		if len(blocked) == maxBlocked {
			return nil, fault.New(fault.CodeLimit, fault.Params{"limit": maxBlocked})
		}
		return append(blocked, id), nil
	})
}

// UnblockPerson lets somebody in again. Doing it twice changes nothing.
func (m *Market) UnblockPerson(ctx context.Context, a Actor, id string) error {
	return m.changeBlocks(ctx, a, id, func(blocked []string) ([]string, error) {
		return slices.DeleteFunc(slices.Clone(blocked), func(x string) bool { return x == id }), nil
	})
}

func (m *Market) changeBlocks(ctx context.Context, a Actor, id string, change func([]string) ([]string, error)) error {
	if err := m.begins(ctx, a); err != nil {
		return err
	}
	if _, err := m.Person(ctx, id); err != nil {
		return err
	}
	if err := a.permit(ScopeTrade); err != nil {
		return err
	}
	if id == a.Account {
		return fault.New(fault.CodeForbidden, nil)
	}
	_, err := m.changeAccount(ctx, a.Account, func(row *AccountRow) (err error) {
		row.Blocked, err = change(row.Blocked)
		return err
	})
	m.blocks.drop(a.Account)
	return err
}

// Blocked lists whom the actor has blocked, the latest first.
func (m *Market) Blocked(ctx context.Context, a Actor) ([]PersonView, error) {
	if err := need(a, ScopeRead); err != nil {
		return nil, err
	}
	row, err := m.rows.accounts.Get(ctx, a.Account)
	if err != nil {
		return nil, err
	}
	people, err := m.people(ctx, row.Blocked)
	if err != nil {
		return nil, err
	}
	out := []PersonView{}
	for _, id := range slices.Backward(row.Blocked) {
		if p, ok := people[id]; ok {
			out = append(out, plain(p))
		}
	}
	return out, nil
}

// Blocks says whether the actor has blocked somebody.
func (m *Market) Blocks(ctx context.Context, a Actor, id string) (bool, error) {
	if a.Guest() {
		return false, nil
	}
	blocked, err := m.blockedBy(ctx, a.Account)
	return slices.Contains(blocked, id), err
}

func (m *Market) blockedBy(ctx context.Context, account string) ([]string, error) {
	if known, ok := m.blocks.get(account, m.cfg.Clock()); ok {
		return known, nil
	}
	row, err := m.rows.accounts.Get(ctx, account)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return nil, err
	}
	m.blocks.put(account, row.Blocked, m.cfg.Clock().Add(blocksFor))
	return row.Blocked, nil
}

// entering are the acts that a block keeps out.
var entering = []deal.Act{deal.Bid, deal.Buy, deal.Quote, deal.Pledge}

// notBlocked refuses somebody whom the deal's owner has blocked.
func (m *Market) notBlocked(ctx context.Context, a Actor, owner string) error {
	blocked, err := m.blockedBy(ctx, owner)
	if err != nil {
		return err
	}
	if slices.Contains(blocked, a.Account) {
		return fault.New(fault.CodeBlocked, nil)
	}
	return nil
}

// ownerFor is how long a process remembers whose a deal is. It never changes: this only bounds the memory.
const ownerFor = time.Hour

// ownerOf is whose a deal is.
func (m *Market) ownerOf(ctx context.Context, dealID string) (string, error) {
	if owner, ok := m.owners.get(dealID, m.cfg.Clock()); ok {
		return owner, nil
	}
	d, err := m.dealOf(ctx, dealID)
	if err != nil {
		return "", err
	}
	m.owners.put(dealID, d.Owner, m.cfg.Clock().Add(ownerFor))
	return d.Owner, nil
}
