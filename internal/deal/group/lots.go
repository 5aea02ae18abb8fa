package group

import (
	"cmp"
	"slices"
)

// Lot is a number of pieces that joined the queue with one log line.
type Lot struct {
	Seq    int64 `bson:"seq"`
	Pieces int64 `bson:"pieces"`
}

// Lots are one member's places in the queue, oldest first.
type Lots []Lot

// maxLots bounds the places that one pledge keeps. Beyond it a raise joins the newest lot, and both stand where the
// newer does.
const maxLots = 256

// total is how many pieces the lots hold.
func (l Lots) total() (n int64) {
	for _, lot := range l {
		n += lot.Pieces
	}
	return n
}

// resize gives the lots for another number of pieces: a raise queues its difference at the end, with the line seq; a
// cut eats the newest. The receiver stays as it is.
func (l Lots) resize(to, seq int64) Lots {
	next := slices.Clone(l)
	if more := to - l.total(); more > 0 {
		return append(next, Lot{Seq: seq, Pieces: more}).bounded()
	}
	for cut := l.total() - to; cut > 0; {
		newest := &next[len(next)-1]
		eaten := min(cut, newest.Pieces)
		newest.Pieces -= eaten
		cut -= eaten
		if newest.Pieces == 0 {
			next = next[:len(next)-1]
		}
	}
	return next
}

func (l Lots) bounded() Lots {
	n := len(l)
	if n <= maxLots {
		return l
	}
	l[n-2] = Lot{Seq: l[n-1].Seq, Pieces: l[n-2].Pieces + l[n-1].Pieces}
	return l[:n-1]
}

// place is a member's place among pledges: the line of his oldest piece.
func (l Lots) place() int64 {
	if len(l) == 0 {
		return 0
	}
	return l[0].Seq
}

// queued is a lot of one member in the common queue.
type queued struct {
	Lot
	member int
}

// firstCome serves the oldest lots first; the shares stand in the order of the members.
func firstCome(pieces int64, members []Lots) []int64 {
	var queue []queued
	for i, lots := range members {
		for _, lot := range lots {
			queue = append(queue, queued{lot, i})
		}
	}
	slices.SortStableFunc(queue, func(a, b queued) int { return cmp.Compare(a.Seq, b.Seq) })
	shares := make([]int64, len(members))
	for _, q := range queue {
		got := min(q.Pieces, pieces)
		shares[q.member] += got
		pieces -= got
	}
	return shares
}
