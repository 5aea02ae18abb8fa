package engine

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"haggle/internal/deal"
	"haggle/internal/store"
)

// Deal reads a deal as stored; store.ErrNotFound where there is none.
func (e *Engine) Deal(ctx context.Context, id string) (Deal, error) { return e.rows.deals.Get(ctx, id) }

// DealsByID reads several deals at once; those that are not there are left out.
func (e *Engine) DealsByID(ctx context.Context, ids []string) ([]Deal, error) {
	return e.rows.deals.GetMany(ctx, ids)
}

// FindDeals pages through deals by a declared index.
func (e *Engine) FindDeals(ctx context.Context, q store.Query) (store.PageOf[Deal], error) {
	return e.rows.deals.Find(ctx, q)
}

// Public is what anybody may see of a deal now.
func (e *Engine) Public(d Deal) (deal.Public, error) {
	k, err := e.decode(d)
	if err != nil {
		return deal.Public{}, err
	}
	return e.cfg.Mechanisms[d.Kind].Public(e.readView(k)), nil
}

// Terms decodes a deal's terms, secrets included: for its owner and for closings.
func (e *Engine) Terms(d Deal) (any, error) {
	k, err := e.decode(d)
	if err != nil {
		return nil, err
	}
	return k.terms, nil
}

func (e *Engine) readView(k *known) deal.View {
	return deal.View{Frame: k.doc.frame(e.cfg.Currency, k.terms), Now: e.Now(), Seq: k.doc.Seq + 1, State: k.state}
}

// Standing is somebody's standing in a deal; nil where he never entered.
func (e *Engine) Standing(ctx context.Context, dealID, account string) (*deal.Standing, error) {
	at := Seat{dealID, account}
	read, err := e.StandingsAt(ctx, []Seat{at})
	return read[at], err
}

// Seat is somebody's place in a deal.
type Seat struct{ Deal, Account string }

// StandingsAt reads several standings at once; nil where somebody never entered.
func (e *Engine) StandingsAt(ctx context.Context, seats []Seat) (map[Seat]*deal.Standing, error) {
	ids := make([]string, len(seats))
	out := make(map[Seat]*deal.Standing, len(seats))
	for i, s := range seats {
		ids[i], out[s] = standingID(s.Deal, s.Account), nil
	}
	rows, err := e.rows.standings.GetMany(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if out[Seat{r.Deal, r.Account}], err = e.standing(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// FindStandings pages through somebody's standings, the last deal he entered first, by the index "account".
func (e *Engine) FindStandings(ctx context.Context, account string, k deal.Kind, limit int, after string) (store.PageOf[StandingRow], error) {
	return e.rows.standings.Find(ctx, store.Query{Index: "account", Eq: []any{account, string(k)}, Limit: limit, After: after})
}

// Crowd reads every standing of a deal in order of Seq.
func (e *Engine) Crowd(ctx context.Context, dealID string) ([]deal.Standing, error) {
	return e.crowd(ctx, dealID)
}

// pageSize is how many documents a full read takes at a time.
const pageSize = 1000

func pages[T any](ctx context.Context, c *store.Collection[T], q store.Query, each func(T) error) error {
	for q.Limit = pageSize; ; {
		page, err := c.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, d := range page.Docs {
			if err := each(d); err != nil {
				return err
			}
		}
		if q.After = page.Next; q.After == "" {
			return nil
		}
	}
}

// ofDeal asks for the documents whose ids begin with a deal's and a colon.
func ofDeal(dealID string) store.Query {
	return store.Query{Index: store.ByID, From: store.AtLeast(dealID + ":"), To: store.Below(dealID + ";")}
}

// segments reads the stored segments of a deal's log from the one that holds line from on.
func (e *Engine) segments(ctx context.Context, dealID string, from int64, each func(Segment) error) error {
	q := ofDeal(dealID)
	if from > 0 {
		first, err := e.rows.segments.Find(ctx, store.Query{Index: "_id", Desc: true, Limit: 1,
			From: q.From, To: &store.Bound{Value: segmentID(dealID, from), Inclusive: true}})
		if err != nil {
			return err
		}
		if len(first.Docs) > 0 {
			q.From = &store.Bound{Value: first.Docs[0].ID, Inclusive: true}
		}
	}
	return pages(ctx, e.rows.segments, q, each)
}

// WriteLog writes the log's lines after a number (−1: all) as the stored bytes, one LF behind each.
func (e *Engine) WriteLog(ctx context.Context, dealID string, after int64, w io.Writer) error {
	return e.segments(ctx, dealID, after+1, func(s Segment) error {
		for i, raw := range s.Lines {
			if s.From+int64(i) <= after {
				continue
			}
			if _, err := w.Write(append(slices.Clip(raw), '\n')); err != nil {
				return err
			}
		}
		return nil
	})
}

// Lines reads the log's lines from one number up to another, both included; to < 0: to the end.
func (e *Engine) Lines(ctx context.Context, dealID string, from, to int64) ([]deal.Line, error) {
	var out []deal.Line
	err := e.segments(ctx, dealID, from, func(s Segment) (err error) {
		out, err = appendLines(out, s, from, to)
		return err
	})
	return out, err
}

// Span is a part of a deal's log: the lines from one number up to another, both included.
type Span struct {
	Deal     string
	From, To int64
}

// longSpan is how many lines of a span are looked for by the ids that their segments may have.
const longSpan = 256

// LinesOf reads a part of each of several logs, by deal. All that begin behind a commit, and are short, are one query.
func (e *Engine) LinesOf(ctx context.Context, spans []Span) (map[string][]deal.Line, error) {
	var ids []string
	for _, s := range spans {
		for seq := s.From; seq <= s.To && s.To-s.From < longSpan; seq++ {
			ids = append(ids, segmentID(s.Deal, seq))
		}
	}
	out := make(map[string][]deal.Line, len(spans))
	if len(ids) > 0 {
		found, err := e.rows.segments.GetMany(ctx, ids)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(found, func(a, b Segment) int { return cmp.Compare(a.ID, b.ID) })
		for _, s := range found {
			runtime.Gosched() // to parse many takes a while: whoever is to answer meanwhile goes first
			if out[s.Deal], err = appendLines(out[s.Deal], s, s.From, s.To); err != nil {
				return nil, err
			}
		}
	}
	for _, s := range spans {
		lines := out[s.Deal]
		if n := s.To - s.From + 1; n <= 0 || int64(len(lines)) >= n && lines[0].Seq == s.From {
			out[s.Deal] = lines[:max(0, n)]
			continue
		}
		var err error
		if out[s.Deal], err = e.Lines(ctx, s.Deal, s.From, s.To); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// appendLines adds the lines of a segment from one number up to another, both included; to < 0: to its end.
func appendLines(lines []deal.Line, s Segment, from, to int64) ([]deal.Line, error) {
	for i, raw := range s.Lines {
		seq := s.From + int64(i)
		if seq < from || to >= 0 && seq > to {
			continue
		}
		l, err := deal.ParseLine(raw)
		if err != nil {
			return lines, fmt.Errorf("stored line %d of deal %s: %w", seq, s.Deal, err)
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// Head is the newest head of a deal's log with the signature of its commit.
func (e *Engine) Head(d Deal) deal.SignedHead {
	path := d.Path
	if path == nil {
		path = []deal.Sibling{}
	}
	return deal.SignedHead{Seq: d.Seq, Hash: d.Hash, Path: path, Signature: deal.Sign(e.cfg.LogKey, d.Root)}
}

// Awards pages through the awards of a closed deal by rank.
func (e *Engine) Awards(ctx context.Context, dealID string, limit int, after string) (store.PageOf[AwardRow], error) {
	q := ofDeal(dealID)
	q.Limit, q.After = limit, after
	return e.rows.awards.Find(ctx, q)
}

// Due lists deals whose time has come, the most overdue first.
func (e *Engine) Due(ctx context.Context, now time.Time, limit int) ([]Deal, error) {
	page, err := e.rows.deals.Find(ctx, store.Query{Index: "next", To: store.AtMost(now), Limit: limit})
	return page.Docs, err
}

// DueAt pages through the ids of deals whose time is exactly this one, and says where the next page begins; "" at the end.
func (e *Engine) DueAt(ctx context.Context, at time.Time, limit int, after string) (ids []string, next string, err error) {
	page, err := e.rows.deals.moving.Find(ctx, store.Query{Index: "next", From: store.AtLeast(at), To: store.AtMost(at), Limit: limit, After: after})
	for _, d := range page.Docs {
		ids = append(ids, d.ID)
	}
	return ids, page.Next, err
}

// EachDeal calls each with every deal, in order of id.
func (e *Engine) EachDeal(ctx context.Context, each func(Deal) error) error {
	return e.rows.deals.Scan(ctx, each)
}

// FindJournal pages through the transfers that touch a person's accounts, newest first; index is "user", or "other"
// for the second person of a transfer.
func (e *Engine) FindJournal(ctx context.Context, index, user string, limit int, after string) (store.PageOf[JournalRow], error) {
	return e.rows.journal.Find(ctx, store.Query{Index: index, Eq: []any{user}, Limit: limit, After: after})
}
