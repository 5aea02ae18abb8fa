package market

import (
	"context"

	"haggle/internal/fault"
	"haggle/internal/recent"
)

// historyBound is how many bytes of histories a process keeps, and lineSize what a line of one takes, roughly.
const (
	historyBound = 24 << 20
	lineSize     = 1 << 10
)

// historyKey is a deal's history of some length.
type historyKey struct {
	deal  string
	limit int
}

// history is the end of a deal's log, newest first, as far as it was read. It is shared and never changed.
type history struct {
	seq   int64
	lines []HistoryLine
}

func newHistories() *recent.Cache[historyKey, history] {
	return recent.New[historyKey, history](historyBound)
}

// History is the newest lines of a deal's log, newest first, at least as far as this process has shown the deal to
// anybody. It is shared with other readers and must not be changed. Only what came since it was last asked for is read.
func (m *Market) History(ctx context.Context, dealID string, limit int) ([]HistoryLine, error) {
	deals, _, err := m.shelf.deals(ctx, []string{dealID})
	if err != nil {
		return nil, err
	}
	if len(deals) == 0 {
		return nil, fault.New(fault.CodeNotFound, nil)
	}
	key, seq := historyKey{dealID, limit}, deals[0].Seq
	h, known := m.histories.Get(key)
	if known && h.seq >= seq {
		return h.lines, nil
	}
	from := max(0, seq-int64(limit)+1)
	if known {
		from = max(from, h.seq+1)
	}
	lines, err := m.eng.Lines(ctx, dealID, from, -1)
	if err != nil {
		return nil, err
	}
	next := history{seq: seq, lines: make([]HistoryLine, 0, len(lines)+len(h.lines))}
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i]
		next.seq = max(next.seq, l.Seq)
		next.lines = append(next.lines, HistoryLine{Seq: l.Seq, At: At(l.At), Who: l.Who, Kind: l.Kind, Body: l.Body})
	}
	next.lines = append(next.lines, h.lines...)
	next.lines = next.lines[:min(len(next.lines), limit)]
	m.histories.Put(key, next, int64(lineSize*(1+len(next.lines))))
	return next.lines, nil
}
