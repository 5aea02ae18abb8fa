package engine

import (
	"context"

	"haggle/internal/store"
)

// checkUnwritten compares the deals that were judged from memory and are not written with their stored versions: what
// is written is compared by the write itself, but a refusal writes nothing, and one that rests on what another process
// has changed since would be wrong. It answers *store.ConflictError, after which the batch is decided anew.
func (b *batch) checkUnwritten(ctx context.Context) error {
	var ids []string
	for id, w := range b.deals {
		if w != nil && w.cached && w.judged && !w.touched {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	docs, err := b.lane.e.cfg.Store.GetMany(ctx, Deals, ids)
	if err != nil {
		return err
	}
	stored := make(map[string]int64, len(docs))
	for _, doc := range docs {
		id, err := store.ID(doc)
		if err != nil {
			return err
		}
		stored[id], _ = store.Version(doc)
	}
	var moved []string
	for _, id := range ids {
		if stored[id] != b.deals[id].base.doc.Version {
			moved = append(moved, id)
		}
	}
	if moved == nil {
		return nil
	}
	return &store.ConflictError{Coll: Deals, IDs: moved}
}
