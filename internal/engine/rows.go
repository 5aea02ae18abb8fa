package engine

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/ledger"
	"haggle/internal/order"
	"haggle/internal/store"
)

// rows are the typed collections of the engine.
type rows struct {
	deals     *dealRows
	segments  *store.Collection[Segment]
	standings *store.Collection[StandingRow]
	entries   *store.Collection[EntryRow]
	awards    *store.Collection[AwardRow]
	orders    *store.Collection[order.Order]
	holds     *store.Collection[ledger.Hold]
	journal   *store.Collection[JournalRow]
	balances  *store.Collection[ledger.Balance]
	keys      keyRows
	outbox    *store.Collection[OutboxRow]
	lanes     *store.Collection[LaneRow]
	members   *store.Collection[MemberRow]
}

func newRows(s store.Engine) *rows {
	return &rows{
		deals:     newDealRows(s),
		segments:  store.NewCollection[Segment](s, Segments),
		standings: store.NewCollection[StandingRow](s, Standings),
		entries:   store.NewCollection[EntryRow](s, Entries),
		awards:    store.NewCollection[AwardRow](s, Awards),
		orders:    store.NewCollection[order.Order](s, Orders),
		holds:     store.NewCollection[ledger.Hold](s, Holds),
		journal:   store.NewCollection[JournalRow](s, Journal),
		balances:  store.NewCollection[ledger.Balance](s, Balances),
		keys:      keyRows{store.NewCollection[KeyRow](s, Keys)},
		outbox:    store.NewCollection[OutboxRow](s, Outbox),
		lanes:     store.NewCollection[LaneRow](s, Lanes),
		members:   store.NewCollection[MemberRow](s, Members),
	}
}

// write stores the deals of one commit, each collection in one go: the deals first, by compare-and-set.
func (r *rows) write(ctx context.Context, written []*working, now time.Time) error {
	out := newHarvest(written)
	for _, w := range written {
		if err := out.add(w, now); err != nil {
			return err
		}
	}
	if err := r.deals.Replace(ctx, out.deals...); err != nil {
		return err
	}
	return r.writeRest(ctx, out)
}

func (r *rows) writeRest(ctx context.Context, out harvest) error {
	if err := insert(ctx, r.segments, out.segments); err != nil {
		return err
	}
	if err := insert(ctx, r.entries, out.entries); err != nil {
		return err
	}
	if len(out.standings) > 0 {
		if err := r.standings.Put(ctx, out.standings...); err != nil {
			return err
		}
	}
	if err := insert(ctx, r.orders, out.orders); err != nil {
		return err
	}
	if err := insert(ctx, r.awards, out.awards); err != nil {
		return err
	}
	return r.outbox.Put(ctx, out.outbox...)
}

func insert[T any](ctx context.Context, c *store.Collection[T], docs []T) error {
	if len(docs) == 0 {
		return nil
	}
	return c.Insert(ctx, docs...)
}

// harvest is what the deals of one commit write, by collection.
type harvest struct {
	deals     []store.Changed[Deal]
	segments  []Segment
	standings []StandingRow
	entries   []EntryRow
	orders    []order.Order
	awards    []AwardRow
	outbox    []OutboxRow
}

// newHarvest makes room for what some deals write.
func newHarvest(written []*working) harvest {
	var entries, standings, orders int
	for _, w := range written {
		entries, standings, orders = entries+len(w.entries), standings+len(w.changed), orders+len(w.orders)
	}
	return harvest{deals: make([]store.Changed[Deal], 0, len(written)), segments: make([]Segment, 0, len(written)),
		standings: make([]StandingRow, 0, standings), entries: make([]EntryRow, 0, entries), outbox: make([]OutboxRow, 0, len(written)+orders)}
}

// add takes one deal's changes. The deal's version rises by one.
func (h *harvest) add(w *working, now time.Time) error {
	state, err := bson.Marshal(w.state)
	if err != nil {
		return err
	}
	read := w.base.doc.Version
	w.doc.State, w.doc.Version = state, read+1
	h.deals = append(h.deals, store.Changed[Deal]{ID: w.doc.ID, Version: read, Doc: w.doc})
	h.addRows(w)
	for _, account := range sortedKeys(w.changed) {
		row, err := w.row(w.own(account))
		if err != nil {
			return err
		}
		h.standings = append(h.standings, row)
	}
	h.outbox = append(h.outbox, NewOutboxRow(TopicDeal, w.doc.ID, w.doc.Version, now))
	for _, o := range w.orders {
		h.outbox = append(h.outbox, NewOutboxRow(TopicOrder, o.ID, o.Version, now))
	}
	return nil
}

func (h *harvest) addRows(w *working) {
	if len(w.lines) > 0 {
		s := Segment{ID: segmentID(w.doc.ID, w.lines[0].Seq), Deal: w.doc.ID, From: w.lines[0].Seq, To: w.head.Seq}
		s.Lines = make([][]byte, 0, len(w.lines))
		for _, l := range w.lines {
			s.Lines = append(s.Lines, l.Raw)
		}
		h.segments = append(h.segments, s)
	}
	h.entries = append(h.entries, w.entries...)
	h.orders = append(h.orders, w.orders...)
	h.awards = append(h.awards, w.awards...)
}
