package engine

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/store"
)

// commitTimeout bounds one commit: what takes longer is answered as unknown.
const commitTimeout = 15 * time.Second

// process commits one batch and answers its items. A deal that another process wrote meanwhile is taken out, reloaded and
// tried alone; its neighbours are tried together once more, and one by one where that fails, too. It gives back what it could
// not decide because the lane belongs to another process now.
func (l *lane) process(batch []*item) (moved []*item) {
	began := time.Now()
	left, err := l.attempt(batch)
	l.answered(len(batch)-len(left), time.Since(began))
	stale, rest := aside(left, err)
	if len(stale) > 0 && len(rest) > 0 {
		rest, err = l.attempt(rest)
		left = slices.Concat(rest, stale)
	}
	if errors.Is(err, errMoved) {
		return left
	}
	for i, groups := 0, byDeal(left); i < len(groups); i++ {
		if moved := l.processDeal(groups[i]); moved != nil {
			return slices.Concat(append([][]*item{moved}, groups[i+1:]...)...)
		}
	}
	return nil
}

// aside parts the items of the deals for which a commit failed from all others; where it failed for another reason, there are
// none of the former.
func aside(items []*item, err error) (stale, rest []*item) {
	var moved *store.ConflictError
	if !errors.As(err, &moved) || moved.Coll != Deals {
		return nil, items
	}
	for _, it := range items {
		if slices.Contains(moved.IDs, it.sub.Deal) {
			stale = append(stale, it)
		} else {
			rest = append(rest, it)
		}
	}
	return stale, rest
}

// byDeal splits items into one group a deal, in order of arrival.
func byDeal(items []*item) [][]*item {
	at := map[string]int{}
	var groups [][]*item
	for _, it := range items {
		i, ok := at[it.sub.Deal]
		if !ok {
			i = len(groups)
			at[it.sub.Deal] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], it)
	}
	return groups
}

// processDeal retries the items of one deal together, then one by one.
func (l *lane) processDeal(items []*item) (moved []*item) {
	for try := range maxTries {
		pause(try)
		left, err := l.attempt(items)
		if errors.Is(err, errMoved) || len(left) == 0 {
			return left
		}
		items = left
	}
	for i, it := range items {
		if l.processOne(it) {
			return items[i:]
		}
	}
	return nil
}

func (l *lane) processOne(it *item) (moved bool) {
	var err error
	for try := range maxTries {
		pause(try)
		var left []*item
		left, err = l.attempt([]*item{it})
		if errors.Is(err, errMoved) || len(left) == 0 {
			return len(left) > 0
		}
	}
	it.answer(verdict{err: undecided(err)})
	return false
}

// pause waits with full jitter: nothing before the first try, then at most 2, 4, 8 … ms.
func pause(try int) {
	if try > 0 {
		time.Sleep(rand.N(time.Millisecond << min(try, 6)))
	}
}

func isConflict(err error) bool {
	var c *store.ConflictError
	var d *store.DuplicateError
	return errors.As(err, &c) || errors.As(err, &d)
}

// attempt decides and commits items once. It answers those whose fate is known and gives back the rest.
func (l *lane) attempt(items []*item) (left []*item, err error) {
	ctx, cancel := context.WithTimeout(l.ctx, commitTimeout)
	defer cancel()
	b := newBatch(l, items)
	ctx, done := l.e.follow(ctx, Committing, items)
	err = l.e.cfg.Store.Tx(ctx, b.run)
	if done != nil {
		done(b.summary(), err)
	}
	switch {
	case err == nil:
		b.keepLease()
		b.settleCache()
		b.answer()
		b.observe()
		return nil, nil
	case errors.Is(err, store.ErrUnknown):
		b.doubtLease()
		b.dropCache()
		return l.resolveUnknown(b), nil
	case isFenced(err):
		l.lease.lose()
		l.cache.clear()
		return items, errMoved
	default:
		b.dropCache()
		l.e.observeRetry(len(items))
		l.e.cfg.Logger.Debug("commit failed", "entries", len(items), "err", err)
		for _, it := range items {
			it.apart = it.expire
		}
		return b.refusedAlone(err)
	}
}

// resolveUnknown answers the items of a commit whose result is not known. One of its entries found in the store says
// that all of it happened; where nothing was to be written there is nothing to know. Else what it accepted is answered
// 503 "repeat with the same key", for it may still happen, and what it refused is given back to be decided anew: it may
// have been refused for what never was.
func (l *lane) resolveUnknown(b *batch) (left []*item) {
	if len(b.written) == 0 || l.happened(b) {
		b.answer()
		b.observe()
		return nil
	}
	for i, it := range b.items {
		switch v := b.verdict(i); {
		case v.err != nil:
			left = append(left, it)
		case v.accepted.Replayed && !b.isTwin(i):
			it.answer(v)
		default:
			it.answer(verdict{err: unknown(nil)})
		}
	}
	return left
}

// lookFor bounds the search for the entries of a commit whose result is not known.
const lookFor = 3 * time.Second

// happened looks the accepted entries of a batch up by id. False: they are not there, or nobody can say.
func (l *lane) happened(b *batch) bool {
	ctx, cancel := context.WithTimeout(context.Background(), lookFor)
	defer cancel()
	var ids []string
	for i, it := range b.items {
		if b.fresh(i) {
			ids = append(ids, it.sub.ID)
		}
	}
	if len(ids) == 0 {
		return false
	}
	rows, err := l.e.rows.entries.GetMany(ctx, ids)
	return err == nil && len(rows) > 0
}

// settleCache keeps the deals as the commit left them.
func (b *batch) settleCache() {
	for id, w := range b.deals {
		if w != nil {
			b.lane.cache.put(id, w.known())
		}
	}
}

func (b *batch) dropCache() {
	for id := range b.deals {
		b.lane.cache.drop(id)
	}
}

// answer gives every caller his own verdict, then tells of the changed deals. Those of other processes come first: their
// verdicts have the longer way.
func (b *batch) answer() {
	for _, local := range []bool{false, true} {
		for i, it := range b.items {
			if local == (it.arrival == nil) {
				it.answer(b.final(i))
			}
		}
	}
	for _, w := range b.written {
		b.lane.e.cfg.Changed(w.doc, w.lines)
	}
}

// final is an item's fate once it is committed.
func (b *batch) final(i int) verdict {
	v := b.verdict(i)
	if b.fresh(i) || v.err == nil && b.isTwin(i) {
		v.accepted = b.signed(v.accepted)
	}
	return v
}

func (b *batch) isTwin(i int) bool { _, ok := b.twins[i]; return ok }

// signed puts the commit's signature on a receipt.
func (b *batch) signed(a Accepted) Accepted {
	if b.signature == "" {
		b.signature = deal.Sign(b.lane.e.cfg.LogKey, b.commit.Root)
	}
	a.Receipt.Head.Signature = b.signature
	return a
}

// refusedAlone turns the refusal of a joined write (Within) into the item's verdict; anything else is tried again.
func (b *batch) refusedAlone(err error) ([]*item, error) {
	var refusal *fault.Error
	if len(b.items) == 1 && b.items[0].solo() && errors.As(err, &refusal) {
		b.items[0].answer(verdict{err: refusal})
		return nil, nil
	}
	return b.items, err
}
