package engine

import (
	"context"

	"haggle/internal/store"
)

// OutboxPage lists what waits to be told behind a cursor ("": from the oldest on), oldest first. Next is empty at the end.
func (e *Engine) OutboxPage(ctx context.Context, limit int, after string) (store.PageOf[OutboxRow], error) {
	return e.rows.outbox.Find(ctx, store.Query{Index: "at", Limit: limit, After: after})
}

// OutboxID is the id of a row.
func OutboxID(topic, subject string) string { return topic + ":" + subject }

// Told is a row of the outbox as it was when its work began.
type Told struct {
	ID      string `json:"i"`
	Version int64  `json:"v"`
}

// OutboxRows lists what waits to be told, oldest first.
func (e *Engine) OutboxRows(ctx context.Context, limit int) ([]OutboxRow, error) {
	page, err := e.OutboxPage(ctx, limit, "")
	return page.Docs, err
}

// OutboxDone removes rows whose work is done, but for those that tell of a later change by now.
func (e *Engine) OutboxDone(ctx context.Context, told ...Told) error {
	versions := make(map[string]int64, len(told))
	for _, t := range told {
		versions[t.ID] = max(versions[t.ID], t.Version)
	}
	return e.cfg.Store.Tx(ctx, func(ctx context.Context) error {
		rows, err := e.rows.outbox.GetMany(ctx, sortedKeys(versions))
		if err != nil {
			return err
		}
		var done []string
		for _, r := range rows {
			if r.Version <= versions[r.ID] {
				done = append(done, r.ID)
			}
		}
		return e.rows.outbox.Delete(ctx, done...)
	})
}
