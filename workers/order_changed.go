package workers

import (
	"context"
	"errors"

	"haggle/internal/queue"
	"haggle/internal/store"
)

// orderChanged follows a change of an order: the site's next step with it is scheduled. It answers the version that it
// read. Running it twice does no harm: the queue takes one task for each time.
func (w *Workers) orderChanged(ctx context.Context, id string) (version int64, err error) {
	o, err := w.eng.Order(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return allVersions, nil
	case err != nil:
		return 0, err
	case o.NextAt != nil:
		w.schedule(ctx, kindTickOrder, id, *o.NextAt, queue.Settle)
	}
	return o.Version, nil
}
