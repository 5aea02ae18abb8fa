package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/fault"
)

// batch is one try at one commit.
type batch struct {
	lane  *lane
	items []*item

	// Everything below is filled by run and emptied by its first line: the store may run it again.
	now       time.Time
	deals     map[string]*working // nil value: there is no such deal
	keys      map[string]KeyRow
	books     *Books
	pasts     map[string]past // of deals that can be settled as soon as they are decided
	verdicts  []verdict
	newKeys   []KeyRow
	firstOf   map[string]int // by key: the item of this batch that brought it first
	twins     map[int]int    // items that share the verdict of an earlier one
	written   []*working
	commit    deal.Commit
	signature string
	lease     *LaneRow        // the lane's row as this commit leaves it; nil: untouched
	decided   map[string]bool // entries sent again that are in the store already
}

func newBatch(l *lane, items []*item) *batch { return &batch{lane: l, items: items} }

func (b *batch) reset() {
	b.now = b.lane.e.Now()
	b.deals = map[string]*working{}
	b.keys = map[string]KeyRow{}
	b.firstOf, b.twins = map[string]int{}, map[int]int{}
	b.verdicts = make([]verdict, len(b.items))
	b.newKeys, b.written, b.signature = nil, nil, ""
	b.lease, b.decided, b.pasts = nil, nil, nil
	b.commit = deal.Commit{}
}

// run is the body of the transaction: load in a fixed number of round trips, judge in memory in order, write in bulk.
func (b *batch) run(ctx context.Context) error {
	b.reset()
	if err := b.load(ctx); err != nil {
		return err
	}
	for i, it := range b.items {
		if b.twin(i, it) {
			continue
		}
		v, err := b.judge(ctx, it)
		if err != nil {
			return err
		}
		b.verdicts[i] = v
		b.remember(i, it, v)
	}
	if err := b.finish(ctx); err != nil {
		return err
	}
	if err := b.checkUnwritten(ctx); err != nil {
		return err
	}
	return b.write(ctx)
}

// twin says whether an earlier item of this batch was accepted under the same key: both share one verdict.
func (b *batch) twin(i int, it *item) bool {
	if it.key == "" {
		return false
	}
	first, ok := b.firstOf[it.key]
	switch {
	case !ok:
		return false
	case b.items[first].sub.Key.Hash != it.sub.Key.Hash:
		b.verdicts[i] = verdict{err: fault.New(fault.CodeKeyReused, nil)}
	default:
		b.twins[i] = first
	}
	return true
}

func (b *batch) remember(i int, it *item, v verdict) {
	if it.key != "" && v.err == nil && !v.accepted.Replayed {
		b.firstOf[it.key] = i
	}
}

// load reads keys, deals, standings and balances of the whole batch, one query each.
func (b *batch) load(ctx context.Context) error {
	if err := b.loadKeys(ctx); err != nil {
		return err
	}
	if err := b.loadDecided(ctx); err != nil {
		return err
	}
	if err := b.loadDeals(ctx); err != nil {
		return err
	}
	if err := b.loadStandings(ctx); err != nil {
		return err
	}
	if err := b.loadPasts(ctx); err != nil {
		return err
	}
	return b.loadBooks(ctx)
}

func (b *batch) loadKeys(ctx context.Context) error {
	var ids []string
	for _, it := range b.items {
		if it.key != "" {
			ids = append(ids, it.key)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := b.lane.e.rows.keys.GetMany(ctx, ids)
	for _, r := range rows {
		b.keys[r.ID] = r
	}
	return err
}

// loadDecided looks for entries that another process may have decided, without its answer having come back.
func (b *batch) loadDecided(ctx context.Context) error {
	var ids []string
	for _, it := range b.items {
		if it.again && !it.expire {
			ids = append(ids, it.sub.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := b.lane.e.rows.entries.GetMany(ctx, ids)
	b.decided = make(map[string]bool, len(rows))
	for _, r := range rows {
		b.decided[r.ID] = true
	}
	return err
}

func (b *batch) loadDeals(ctx context.Context) error {
	var missing []string
	for _, it := range b.items {
		id := it.sub.Deal
		if _, seen := b.deals[id]; seen {
			continue
		}
		b.deals[id] = nil
		if k := b.lane.cache.get(id); k != nil {
			b.deals[id] = b.lane.e.work(k)
			b.deals[id].cached = true
			continue
		}
		missing = append(missing, id)
	}
	if len(missing) == 0 {
		return nil
	}
	docs, err := b.lane.e.rows.deals.GetMany(ctx, missing)
	if err != nil {
		return err
	}
	for _, d := range docs {
		k, err := b.lane.e.decode(d)
		if err != nil {
			return err
		}
		b.deals[d.ID] = b.lane.e.work(k)
	}
	return nil
}

func (b *batch) loadStandings(ctx context.Context) error {
	var ids []string
	for _, it := range b.items {
		w, account := b.deals[it.sub.Deal], it.sub.Entry.Account
		if w == nil || account == "" || it.expire {
			continue
		}
		if !w.knows(account) {
			w.see(account, nil)
			ids = append(ids, standingID(w.doc.ID, account))
		}
	}
	if len(ids) == 0 {
		return nil
	}
	rows, err := b.lane.e.rows.standings.GetMany(ctx, ids)
	if err != nil {
		return err
	}
	for _, r := range rows {
		s, err := b.lane.e.standing(r)
		if err != nil {
			return err
		}
		b.deals[r.Deal].see(r.Account, s)
	}
	return nil
}

// loadBooks reads the balances of every actor whose entry may cost money.
func (b *batch) loadBooks(ctx context.Context) error {
	var users []string
	for _, it := range b.items {
		w := b.deals[it.sub.Deal]
		if w == nil || it.expire || it.sub.Entry.Account == "" || !b.lane.e.funded(w.doc.Kind, it.sub.Entry.Act) {
			continue
		}
		users = append(users, it.sub.Entry.Account)
	}
	var err error
	b.books, err = b.lane.e.OpenBooks(ctx, b.now, users...)
	return err
}

// funded says whether a kind's act may cost money. Mechanisms whose acts cost none say so by a method Funded.
func (e *Engine) funded(k deal.Kind, act deal.Act) bool {
	m, ok := e.cfg.Mechanisms[k].(interface{ Funded(deal.Act) bool })
	return !ok || m.Funded(act)
}

// judge decides one item on top of those before it. An error is a broken invariant or store, not a refusal.
func (b *batch) judge(ctx context.Context, it *item) (verdict, error) {
	w := b.deals[it.sub.Deal]
	if w == nil {
		return verdict{err: fault.New(fault.CodeNotFound, nil)}, nil
	}
	if it.expire {
		w.judged = true
		return b.judgeExpiry(ctx, w)
	}
	if v, known, err := b.replay(it); known || err != nil {
		return v, err
	}
	if b.decided[it.sub.ID] { // accepted, and its receipt went with its owner
		return verdict{err: unknown(nil)}, nil
	}
	w.judged = true
	now := w.at(b.now)
	effects, err := b.decide(ctx, w, it, now)
	if err != nil {
		return refusalOr(err)
	}
	accepted, err := b.apply(ctx, w, it, now, effects)
	if err != nil {
		return verdict{}, err
	}
	return verdict{accepted: accepted}, nil
}

// refusalOr makes a refusal the item's verdict; any other error fails the batch.
func refusalOr(err error) (verdict, error) {
	if refusal := fault.From(err); refusal.Code != fault.CodeInternal {
		return verdict{err: refusal}, nil
	}
	return verdict{}, err
}

// replay answers an item whose key is known: with the first answer, or with the refusal to use one key twice.
func (b *batch) replay(it *item) (v verdict, known bool, err error) {
	if it.key == "" {
		return verdict{}, false, nil
	}
	row, ok := b.keys[it.key]
	if !ok || !b.now.Before(row.Expires) {
		return verdict{}, false, nil
	}
	if row.Hash != it.sub.Key.Hash {
		return verdict{err: fault.New(fault.CodeKeyReused, nil)}, true, nil
	}
	a, err := b.lane.e.rebuild(row)
	return verdict{accepted: a}, true, err
}

// write stores what was decided. A batch in which everything was refused writes nothing.
func (b *batch) write(ctx context.Context) error {
	for _, w := range b.deals {
		if w != nil && w.touched {
			b.written = append(b.written, w)
		}
	}
	if len(b.written) == 0 {
		return nil
	}
	slices.SortFunc(b.written, func(x, y *working) int { return compareString(x.doc.ID, y.doc.ID) })
	b.seal()
	if err := b.keepAnswers(); err != nil {
		return err
	}
	if err := b.raiseFence(ctx); err != nil {
		return err
	}
	if err := b.lane.e.rows.write(ctx, b.written, b.now); err != nil {
		return err
	}
	if err := b.books.Flush(ctx); err != nil {
		return err
	}
	if len(b.newKeys) > 0 {
		return b.lane.e.rows.keys.put(ctx, b.keys, b.newKeys)
	}
	return nil
}

// seal builds the tree over the heads of the commit and gives every deal and receipt its path.
func (b *batch) seal() {
	heads := make([]deal.DealHead, len(b.written))
	for i, w := range b.written {
		heads[i] = deal.DealHead{Deal: w.doc.ID, Head: w.head}
	}
	b.commit = deal.NewCommit(heads)
	for _, w := range b.written {
		w.seal(b.commit)
	}
	for i, it := range b.items {
		if v := &b.verdicts[i]; b.fresh(i) {
			w := b.deals[it.sub.Deal]
			v.accepted.Receipt.Head = deal.SignedHead{Seq: w.head.Seq, Hash: w.head.Hash, Path: w.doc.Path}
		}
	}
}

// fresh says that an item is an entry that this batch accepted.
func (b *batch) fresh(i int) bool {
	_, twin := b.twins[i]
	v := b.verdicts[i]
	return v.err == nil && !v.accepted.Replayed && !b.items[i].expire && !twin
}

// verdict is an item's fate; twins get the first one's, marked as a replay.
func (b *batch) verdict(i int) verdict {
	first, twin := b.twins[i]
	if !twin {
		return b.verdicts[i]
	}
	v := b.verdicts[first]
	v.accepted.Replayed = true
	return v
}

// keyLife is how long an answer is kept under its key.
const keyLife = 24 * time.Hour

// keepAnswers prepares one key row for every accepted entry that came with a key.
func (b *batch) keepAnswers() error {
	for i, it := range b.items {
		v := b.verdicts[i]
		if it.key == "" || !b.fresh(i) {
			continue
		}
		a := v.accepted
		raw, err := bson.Marshal(keptAnswer{Receipt: a.Receipt, Root: b.commit.Root, Answer: a.Answer, Orders: a.Orders, Closing: a.Closing})
		if err != nil {
			return fmt.Errorf("keep the answer of a key: %w", err)
		}
		b.newKeys = append(b.newKeys, KeyRow{ID: it.key, Hash: it.sub.Key.Hash, Expires: b.now.Add(keyLife), Answer: raw})
	}
	return nil
}

func compareString(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
