package sqlite

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
	"haggle/internal/store/key"
)

// Insert stores new documents: see store.Engine.
func (e *Engine) Insert(ctx context.Context, coll string, docs ...bson.Raw) error {
	return e.store(ctx, coll, docs, func(t *table) []string { return t.inserts })
}

// Put stores documents by _id: see store.Engine.
func (e *Engine) Put(ctx context.Context, coll string, docs ...bson.Raw) error {
	return e.store(ctx, coll, docs, func(t *table) []string { return t.puts })
}

// store writes documents with one of a table's statements for several rows.
func (e *Engine) store(ctx context.Context, coll string, docs []bson.Raw, texts func(*table) []string) error {
	t, err := e.table(coll)
	if err != nil || len(docs) == 0 {
		return err
	}
	return e.write(ctx, func(ctx context.Context, s *session) error {
		rows, err := key.NewRows(t.spec, docs)
		if err != nil {
			return err
		}
		for i, size := range bulk {
			for ; len(rows) >= size; rows = rows[size:] {
				if err := execRows(ctx, s, t, texts(t)[i], rows[:size]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func execRows(ctx context.Context, s *session, t *table, text string, rows []key.Row) error {
	args := make([]any, 0, len(rows)*t.width)
	for _, r := range rows {
		args = t.args(args, r)
	}
	_, err := s.exec(ctx, text, args...)
	return err
}

// Replace stores documents in place of the versions that were read: see store.Engine.
func (e *Engine) Replace(ctx context.Context, coll string, docs ...store.Versioned) error {
	t, err := e.table(coll)
	if err != nil || len(docs) == 0 {
		return err
	}
	return e.write(ctx, func(ctx context.Context, s *session) error {
		var missed []string
		for _, d := range docs {
			hit, err := replaceOne(ctx, s, t, d)
			if err != nil {
				return err
			}
			if !hit {
				missed = append(missed, d.ID)
			}
		}
		if missed != nil {
			return &store.ConflictError{Coll: coll, IDs: missed}
		}
		return nil
	})
}

func replaceOne(ctx context.Context, s *session, t *table, d store.Versioned) (hit bool, err error) {
	if err := d.Check(); err != nil {
		return false, err
	}
	row, err := key.NewRow(t.spec, d.Doc)
	if err != nil {
		return false, err
	}
	res, err := s.exec(ctx, t.replace, append(t.args(nil, row)[1:], d.ID, d.Version)...)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// Delete removes documents by id: see store.Engine.
func (e *Engine) Delete(ctx context.Context, coll string, ids ...string) error {
	t, err := e.table(coll)
	if err != nil || len(ids) == 0 {
		return err
	}
	return e.write(ctx, func(ctx context.Context, s *session) error {
		for len(ids) > 0 {
			n := min(len(ids), chunk)
			part := padded(ids[:n])
			if _, err := s.exec(ctx, t.remove(len(part)), part...); err != nil {
				return err
			}
			ids = ids[n:]
		}
		return nil
	})
}
