package workers

import (
	"context"

	"haggle/internal/queue"
)

// tickOrder is a wake-up at the time of the site's next step with an order. Where that is not due, or done, it does
// nothing.
func (w *Workers) tickOrder(ctx context.Context, t queue.Task) error {
	return w.cfg.Market.TickOrder(ctx, string(t.Payload))
}
