package engine

import (
	"context"
	"fmt"

	"haggle/internal/store"
)

// OutboxPage lists what waits to be told behind a cursor ("": from the oldest on), oldest first. Next is empty at the end.
func (e *Engine) OutboxPage(ctx context.Context, limit int, after string) (store.PageOf[OutboxRow], error) {
	return e.rows.outbox.Find(ctx, store.Query{Index: "at", Limit: limit, After: after})
}

// OutboxTold removes the rows of one subject up to a version, which the caller has read and told. Repeating it is
// harmless; rows of later versions stay.
func (e *Engine) OutboxTold(ctx context.Context, topic, subject string, version int64) error {
	q := store.Query{Index: store.ByID, From: store.AtLeast(outboxID(topic, subject, 0)), To: store.AtMost(outboxID(topic, subject, version))}
	for {
		page, err := e.rows.outbox.Find(ctx, q)
		if err != nil || len(page.Docs) == 0 {
			return err
		}
		ids := make([]string, len(page.Docs))
		for i, r := range page.Docs {
			ids[i] = r.ID
		}
		if err := e.rows.outbox.Delete(ctx, ids...); err != nil {
			return err
		}
		if q.After = page.Next; q.After == "" {
			return nil
		}
	}
}

func outboxID(topic, subject string, version int64) string {
	return fmt.Sprintf("%s:%s:%012d", topic, subject, version)
}
