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

// OutboxID is the id of a row.
func OutboxID(topic, subject string, version int64) string {
	return fmt.Sprintf("%s:%s:%012d", topic, subject, version)
}
