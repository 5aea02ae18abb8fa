package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"haggle/internal/ledger"
	"haggle/internal/money"
	"haggle/internal/store"
)

// JournalRow is a stored transfer entry, findable by the people whose accounts it touches (never more than two).
type JournalRow struct {
	ledger.Transfer `bson:",inline"`
	User            string `bson:"user,omitempty"`
	Other           string `bson:"other,omitempty"`
}

// Books is the ledger inside one transaction: balances are loaded once, changed in memory by every transfer, and
// written once each, net, in order of id. A refused transfer leaves no trace.
type Books struct {
	ctx       context.Context // of the transaction; a Books never outlives it
	e         *Engine
	now       time.Time
	balances  map[string]ledger.Balance
	loaded    map[string]int64 // version as read; absent: there was no row
	dirty     map[string]bool
	transfers []JournalRow
	holds     map[string]ledger.Hold
}

// OpenBooks loads the balances of some people in one query. It belongs inside a transaction.
func (e *Engine) OpenBooks(ctx context.Context, now time.Time, users ...string) (*Books, error) {
	b := &Books{ctx: ctx, e: e, now: now, balances: map[string]ledger.Balance{}, loaded: map[string]int64{}, dirty: map[string]bool{}, holds: map[string]ledger.Hold{}}
	return b, b.load(users)
}

func (b *Books) load(users []string) error {
	var ids []string
	for _, u := range users {
		if _, ok := b.balances[u]; !ok {
			b.balances[u] = ledger.Balance{User: u}
			ids = append(ids, u)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := b.e.rows.balances.GetMany(b.ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		b.balances[r.User] = r
		b.loaded[r.User] = r.Version
	}
	return nil
}

// Available is a person's free money, with the transfers of this transaction.
func (b *Books) Available(user string) money.Amount {
	bal := b.balances[user]
	if bal.Owing {
		return 0
	}
	return bal.Available
}

// Balance is a person's balance, with the transfers of this transaction.
func (b *Books) Balance(user string) (ledger.Balance, error) {
	err := b.load([]string{user})
	return b.balances[user], err
}

// Post applies a transfer. It refuses what does not balance and what would leave an account below zero.
func (b *Books) Post(t ledger.Transfer) error {
	if err := t.Check(); err != nil {
		return err
	}
	users := usersOf(t)
	if err := b.load(users); err != nil {
		return err
	}
	after := make([]ledger.Balance, len(users))
	for i, u := range users {
		var err error
		if after[i], err = ledger.Apply(b.balances[u], t); err != nil {
			return err
		}
	}
	for i, u := range users {
		b.balances[u], b.dirty[u] = after[i], true
	}
	row := JournalRow{Transfer: t}
	if len(users) > 0 {
		row.User = users[0]
	}
	if len(users) > 1 {
		row.Other = users[1]
	}
	b.transfers = append(b.transfers, row)
	return nil
}

// usersOf lists the people whose accounts a transfer touches, in the order of its postings.
func usersOf(t ledger.Transfer) []string {
	var users []string
	for _, p := range t.Postings {
		if id, _, ok := p.Account.User(); ok && !slices.Contains(users, id) {
			users = append(users, id)
		}
	}
	return users
}

// Hold changes what is held of a person's money for a deal from one amount to another; seq is the log line that
// caused it.
func (b *Books) Hold(dealID, user string, seq int64, before, after money.Amount) error {
	if before == after {
		return nil
	}
	if err := b.Post(ledger.HoldChange(dealID, user, seq, before, after, b.now)); err != nil {
		return err
	}
	b.putHold(dealID, user, after, ledger.Released)
	return nil
}

// Capture pays an order from a hold: `held` leaves the hold, `left` stays in it, what the order does not need goes back.
func (b *Books) Capture(dealID, orderID, user string, held, left, total money.Amount) error {
	if err := b.Post(ledger.Capture(dealID, orderID, user, held, total, b.now)); err != nil {
		return err
	}
	b.putHold(dealID, user, left, ledger.Posted)
	return nil
}

// Release gives all that is still held for a deal back, at its close.
func (b *Books) Release(dealID, user string, amount money.Amount) error {
	if err := b.Post(ledger.Release(dealID, user, amount, b.now)); err != nil {
		return err
	}
	b.putHold(dealID, user, 0, ledger.Released)
	return nil
}

// putHold keeps the hold's row in step: open while money is held, else ended as said.
func (b *Books) putHold(dealID, user string, amount money.Amount, ended ledger.HoldState) {
	h := ledger.Hold{ID: ledger.HoldID(dealID, user), User: user, Deal: dealID, Amount: amount, State: ledger.Open, At: b.now}
	if amount == 0 {
		h.State = ended
	}
	b.holds[h.ID] = h
}

// Flush writes the transaction's transfers, balances and holds, each collection in one go.
func (b *Books) Flush(ctx context.Context) error {
	if len(b.transfers) > 0 {
		if err := b.e.rows.journal.Insert(ctx, b.transfers...); err != nil {
			return err
		}
	}
	if len(b.holds) > 0 {
		if err := b.e.rows.holds.Put(ctx, sortedValues(b.holds)...); err != nil {
			return err
		}
	}
	return b.flushBalances(ctx)
}

func (b *Books) flushBalances(ctx context.Context) error {
	var fresh []ledger.Balance
	var again []store.Changed[ledger.Balance]
	for _, u := range sortedKeys(b.dirty) {
		bal := b.balances[u]
		version, ok := b.loaded[u]
		bal.Version = version + 1
		if ok {
			again = append(again, store.Changed[ledger.Balance]{ID: u, Version: version, Doc: bal})
		} else {
			fresh = append(fresh, bal)
		}
	}
	if len(fresh) > 0 {
		if err := b.e.rows.balances.Insert(ctx, fresh...); err != nil {
			return fmt.Errorf("first balance: %w", err)
		}
	}
	if len(again) == 0 {
		return nil
	}
	return b.e.rows.balances.Replace(ctx, again...)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func sortedValues[V any](m map[string]V) []V {
	out := make([]V, 0, len(m))
	for _, k := range sortedKeys(m) {
		out = append(out, m[k])
	}
	return out
}
