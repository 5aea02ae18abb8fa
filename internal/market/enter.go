package market

import (
	"context"
	"errors"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/order"
	"haggle/internal/pay"
	"haggle/internal/store"
)

// saltsPerEntry is how many secrets one entry can have.
const saltsPerEntry = 3

// entry is an entry on its way from a use case to the engine.
type entry struct {
	deal   string
	kinds  []deal.Kind // the kinds that know this act; another is not found under this path
	role   deal.Role   // "": a member's
	act    deal.Act
	values any
	reason deal.Reason
	intent *IntentRow // a card was charged for it: closed in the entry's commit
}

// enter submits an entry under the request's key and, when it ended the deal, settles it before the answer.
func (m *Market) enter(ctx context.Context, a Actor, k Key, e entry) (EntryView, error) {
	if err := m.begins(ctx, a); err != nil {
		return EntryView{}, err
	}
	if err := m.Exists(ctx, e.deal, e.kinds...); err != nil {
		return EntryView{}, err
	}
	if refusal := m.refusedBefore(ctx, a, e); refusal != nil { // a replay stands before it
		v, known, err := m.recallEntry(ctx, a, k)
		if known || err != nil {
			return v, err
		}
		return v, refusal
	}
	key := engineKey(a, k)
	if key != nil {
		leave, err := m.guard.enter(ctx, a.Account+":"+k.Value)
		if err != nil {
			return EntryView{}, err
		}
		defer leave()
	}
	sub := engine.Submission{Deal: e.deal, ID: engine.NewID(), Key: key, Entry: deal.Entry{
		Account: a.Account, Role: e.by(), Act: e.act, Values: e.values, Reason: e.reason, Salts: deal.NewSalts(saltsPerEntry)}}
	if e.intent != nil {
		sub.Within = func(ctx context.Context, _ *engine.Books, now time.Time) error {
			return m.closeIntent(ctx, *e.intent, string(pay.Succeeded))
		}
	}
	got, err := m.submit(ctx, sub)
	if err != nil {
		return EntryView{}, err
	}
	if got.Closing && !got.Replayed {
		if err := m.eng.Settle(ctx, e.deal); err != nil { // the sweep goes on with it
			m.cfg.Logger.WarnContext(ctx, "settling after an entry", "deal", e.deal, "err", err)
		}
	}
	return m.entryView(ctx, a, got)
}

// refusedBefore is what refuses an entry before the deal itself is asked: the token, the address that is not confirmed, the
// owner's block.
func (m *Market) refusedBefore(ctx context.Context, a Actor, e entry) error {
	if err := m.tradePermit(a, ScopeTrade); err != nil {
		return err
	}
	if e.by() != deal.Member || !slices.Contains(entering, e.act) {
		return nil
	}
	owner, err := m.ownerOf(ctx, e.deal)
	if err != nil {
		return err
	}
	return m.notBlocked(ctx, a, owner)
}

// by is on whose behalf the entry is made: a member's, unless the act belongs to another. The engine holds it against
// the deal's owner.
func (e entry) by() deal.Role {
	if e.role == "" {
		return deal.Member
	}
	return e.role
}

// dealOf reads a deal and refuses one of another kind: not_found under that path.
func (m *Market) dealOf(ctx context.Context, id string, kinds ...deal.Kind) (engine.Deal, error) {
	d, err := m.eng.Deal(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return d, fault.New(fault.CodeNotFound, nil)
	}
	if err != nil {
		return d, err
	}
	return d, known(d.Kind, kinds)
}

// known refuses a kind that is not among those that know an act; none named: all do.
func known(k deal.Kind, among []deal.Kind) error {
	if len(among) == 0 || slices.Contains(among, k) {
		return nil
	}
	return fault.New(fault.CodeNotFound, nil)
}

// entryView is the answer to an accepted entry; orders are shown as they began, so that a replay is equal to it.
func (m *Market) entryView(ctx context.Context, a Actor, got engine.Accepted) (EntryView, error) {
	v := EntryView{Receipt: got.Receipt, Answer: got.Answer, Replayed: got.Replayed}
	if len(got.Orders) == 0 {
		return v, nil
	}
	o := got.Orders[0]
	views, err := m.orderViews(ctx, a, []order.Order{o}, o.CreatedAt)
	if err == nil {
		v.Order = &views[0]
	}
	return v, err
}

// recallEntry gives the answer kept for an entry under this key, if there is one.
func (m *Market) recallEntry(ctx context.Context, a Actor, k Key) (EntryView, bool, error) {
	key := engineKey(a, k)
	if key == nil {
		return EntryView{}, false, nil
	}
	got, known, err := m.eng.RecallEntry(ctx, key)
	if !known || err != nil {
		return EntryView{}, known, err
	}
	v, err := m.entryView(ctx, a, got)
	return v, true, err
}

// Exists refuses not_found where there is no such deal, or one of another kind.
func (m *Market) Exists(ctx context.Context, id string, kinds ...deal.Kind) error {
	k, err := m.eng.Kind(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return fault.New(fault.CodeNotFound, nil)
	}
	if err != nil {
		return err
	}
	return known(k, kinds)
}
