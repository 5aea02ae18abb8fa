package english

import (
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/money"
)

// keptBids bounds the bids of one bidder that his standing keeps.
const keptBids = 32

// One is a bid in force.
type One struct {
	Seq    int64        `bson:"seq"`
	Max    money.Amount `bson:"max"`
	At     time.Time    `bson:"at"`
	Counts bool         `bson:"counts"`
}

// Bids are those of one bidder's bids in force that can still matter, oldest first: the values of his standing. One
// that counts is always above those before it, so that an older bid matters only as what is left when the newer ones
// are taken back.
type Bids struct {
	List   []One `bson:"list"`
	Backup bool  `bson:"backup,omitempty"`
	Cut    bool  `bson:"cut,omitempty"` // a counting bid was forgotten that could have come back
}

// bidsOf reads a standing's bids; none where there is no standing.
func bidsOf(s *deal.Standing) *Bids {
	if s == nil {
		return &Bids{}
	}
	b, ok := s.Values.(*Bids)
	if !ok || b == nil {
		return &Bids{}
	}
	return b
}

// top is the highest counting bid, the earlier of equal ones.
func (b *Bids) top() (best One, found bool) {
	for _, x := range b.List {
		if x.Counts && (!found || x.Max > best.Max) {
			best, found = x, true
		}
	}
	return best, found
}

// newest is the last bid in force.
func (b *Bids) newest() One { return b.List[len(b.List)-1] }

// with is the bids and one more. What cannot come back any more is forgotten, and what is beyond keptBids: first bids
// that do not count, then the oldest.
func (b *Bids) with(x One, backup bool) *Bids {
	next := &Bids{List: append(b.still(x.At), x), Backup: backup, Cut: b.Cut}
	if len(next.List) <= keptBids {
		return next
	}
	i := slices.IndexFunc(next.List, func(o One) bool { return !o.Counts })
	if i < 0 {
		i, next.Cut = 0, true
	}
	next.List = slices.Delete(next.List, i, i+1)
	return next
}

// still lists the bids that can come back after now: those which may yet be retracted alone, and the newest counting
// one of those which may not.
func (b *Bids) still(now time.Time) []One {
	floor := -1
	for i, o := range b.List {
		if o.Counts && now.Sub(o.At) > retractable {
			floor = i
		}
	}
	var out []One
	for i, o := range b.List {
		if i == floor || now.Sub(o.At) <= retractable {
			out = append(out, o)
		}
	}
	return out
}

// without is the bids less the newest, or less all.
func (b *Bids) without(all bool) *Bids {
	if all {
		return &Bids{Backup: b.Backup}
	}
	return &Bids{List: slices.Clone(b.List[:len(b.List)-1]), Backup: b.Backup, Cut: b.Cut}
}

// irreplaceable says that what would be left without the newest bid was forgotten.
func (b *Bids) irreplaceable() bool {
	_, left := b.without(false).top()
	return b.Cut && !left
}
