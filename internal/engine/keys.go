package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/deal"
	"haggle/internal/fault"
	"haggle/internal/order"
	"haggle/internal/store"
)

// keptAnswer is what rebuilds the answer to an accepted entry. The signature is not kept: Ed25519 gives the same bytes
// again.
type keptAnswer struct {
	Receipt deal.Receipt  `bson:"receipt"`
	Root    string        `bson:"root"`
	Answer  deal.Answer   `bson:"answer"`
	Orders  []order.Order `bson:"orders,omitempty"`
	Closing bool          `bson:"closing,omitempty"`
}

// rebuild makes the first answer again from its key's row.
func (e *Engine) rebuild(row KeyRow) (Accepted, error) {
	var k keptAnswer
	if err := bson.Unmarshal(row.Answer, &k); err != nil {
		return Accepted{}, fmt.Errorf("answer of key %s: %w", row.ID, err)
	}
	if k.Receipt.Head.Path == nil {
		k.Receipt.Head.Path = []deal.Sibling{}
	}
	k.Receipt.Head.Signature = deal.Sign(e.cfg.LogKey, k.Root)
	return Accepted{Receipt: k.Receipt, Answer: k.Answer, Orders: k.Orders, Closing: k.Closing, Replayed: true}, nil
}

// Recall looks for the answer kept under a key and decodes it into out. It answers false where there is none, and
// refuses idempotency_key_reused where the key stands for another request. A nil key recalls nothing.
func (e *Engine) Recall(ctx context.Context, k *Key, out any) (bool, error) {
	if k == nil {
		return false, nil
	}
	row, known, err := e.kept(ctx, k)
	if !known || err != nil {
		return false, err
	}
	return true, bson.Unmarshal(row.Answer, out)
}

// RecallEntry looks for the answer to an accepted entry kept under a key.
func (e *Engine) RecallEntry(ctx context.Context, k *Key) (Accepted, bool, error) {
	row, known, err := e.kept(ctx, k)
	if !known || err != nil {
		return Accepted{}, false, err
	}
	a, err := e.rebuild(row)
	return a, err == nil, err
}

// kept finds what is kept under a key and has not expired; a key that stands for another request is refused.
func (e *Engine) kept(ctx context.Context, k *Key) (row KeyRow, known bool, err error) {
	row, err = e.rows.keys.Get(ctx, k.id())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return row, false, nil
	case err != nil:
		return row, false, err
	case !e.Now().Before(row.Expires):
		return row, false, nil
	case row.Hash != k.Hash:
		return row, false, fault.New(fault.CodeKeyReused, nil)
	}
	return row, true, nil
}

// Keep stores an answer under a key, inside the transaction of the change that it answers. A nil key keeps nothing.
// When another request stored the key meanwhile the transaction fails with *store.DuplicateError.
func (e *Engine) Keep(ctx context.Context, k *Key, now time.Time, answer any) error {
	if k == nil {
		return nil
	}
	raw, err := bson.Marshal(answer)
	if err != nil {
		return fmt.Errorf("keep the answer of a key: %w", err)
	}
	row := KeyRow{ID: k.id(), Hash: k.Hash, Expires: now.Add(keyLife), Answer: raw}
	old, err := e.rows.keys.GetMany(ctx, []string{row.ID})
	if err != nil {
		return err
	}
	known := map[string]KeyRow{}
	for _, r := range old {
		if now.Before(r.Expires) {
			return &store.DuplicateError{Coll: Keys, Index: "_id"}
		}
		known[r.ID] = r
	}
	return e.rows.keys.put(ctx, known, []KeyRow{row})
}

// keyRows are the rows of the keys collection.
type keyRows struct{ *store.Collection[KeyRow] }

// put stores new rows: those in place of an expired one overwrite it, the others must be new.
func (k keyRows) put(ctx context.Context, old map[string]KeyRow, rows []KeyRow) error {
	var fresh, again []KeyRow
	for _, r := range rows {
		if _, ok := old[r.ID]; ok {
			again = append(again, r)
		} else {
			fresh = append(fresh, r)
		}
	}
	if len(again) > 0 {
		if err := k.Put(ctx, again...); err != nil {
			return err
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	return k.Insert(ctx, fresh...)
}

// SweepKeys removes answers that have expired, at most limit of them, and says how many.
func (e *Engine) SweepKeys(ctx context.Context, limit int) (int, error) {
	now := e.Now()
	page, err := e.rows.keys.Find(ctx, store.Query{Index: "expires", To: &store.Bound{Value: now, Inclusive: true}, Limit: limit})
	if err != nil || len(page.Docs) == 0 {
		return 0, err
	}
	ids := make([]string, len(page.Docs))
	for i, r := range page.Docs {
		ids[i] = r.ID
	}
	return len(ids), e.rows.keys.Delete(ctx, ids...)
}
