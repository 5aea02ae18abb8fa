package mongo

import (
	"bytes"
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
	"haggle/internal/store/txn"
)

// nameOf is the server's name of an index.
func nameOf(x store.Index) string {
	if x.Name == store.ByID {
		return "_id_"
	}
	return x.Name
}

// order is the order of an index's documents as a sort; without desc it is the index's own definition.
func order(x store.Index, desc bool) bson.D {
	var d bson.D
	add := func(path string, down bool) {
		way := 1
		if down != desc {
			way = -1
		}
		d = append(d, bson.E{Key: path, Value: way})
	}
	for _, f := range x.Fields {
		add(f.Path, f.Desc)
	}
	if !x.Unique {
		add("_id", false)
	}
	return d
}

// inIndex is the condition under which a document stands in an index.
func inIndex(x store.Index) bson.D {
	if !x.Sparse {
		return bson.D{}
	}
	return bson.D{{Key: x.Fields[0].Path, Value: bson.D{{Key: "$exists", Value: true}}}}
}

func model(x store.Index) mongo.IndexModel {
	opts := options.Index().SetName(x.Name)
	if x.Unique {
		opts.SetUnique(true)
	}
	if x.Sparse {
		opts.SetPartialFilterExpression(inIndex(x))
	}
	return mongo.IndexModel{Keys: order(x, false), Options: opts}
}

// Ensure makes collections and indexes exist: see store.Engine. Nothing else creates them: a transaction that is older
// than a collection cannot use it.
func (e *Engine) Ensure(ctx context.Context, specs []store.Spec) error {
	leave, err := e.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	for _, s := range specs {
		if err := s.Check(); err != nil {
			return err
		}
	}
	names, err := e.db.ListCollectionNames(ctx, bson.D{})
	if err != nil {
		return translate(ctx, "", err)
	}
	for _, s := range specs {
		if err := e.ensure(ctx, s, slices.Contains(names, s.Name)); err != nil {
			return translate(ctx, s.Name, err)
		}
		e.mu.Lock()
		e.specs[s.Name] = s
		e.mu.Unlock()
	}
	return nil
}

// Codes of servers on which another process does the same.
const (
	codeNamespaceExists = 48
	codeInProgress      = 117
	codeIndexNotFound   = 27
	codeBuildAborted    = 276
)

func (e *Engine) ensure(ctx context.Context, s store.Spec, exists bool) error {
	if !exists {
		if err := e.db.CreateCollection(ctx, s.Name); err != nil && !hasCode(err, codeNamespaceExists) {
			return err
		}
	}
	for try := 1; ; try++ {
		err := e.ensureIndexes(ctx, s)
		if err == nil || try == txn.MaxTries || !hasCode(err, codeInProgress, codeIndexNotFound, codeBuildAborted) {
			return err
		}
		if err := txn.Pause(ctx, try); err != nil {
			return err
		}
	}
}

// built is an index as the server lists it.
type built struct {
	Name   string   `bson:"name"`
	Keys   bson.Raw `bson:"key"`
	Unique bool     `bson:"unique"`
	Some   bson.Raw `bson:"partialFilterExpression"`
}

// as reports whether the index is what a declaration asks for.
func (b built) as(x store.Index) bool {
	some := bson.Raw(nil)
	if x.Sparse {
		some = raw(inIndex(x))
	}
	return b.Name == x.Name && b.Unique == x.Unique && bytes.Equal(b.Keys, raw(order(x, false))) && bytes.Equal(b.Some, some)
}

func raw(d bson.D) bson.Raw {
	b, err := bson.Marshal(d)
	if err != nil {
		panic(err) // strings, numbers and bools always encode
	}
	return b
}

// ensureIndexes drops what is not declared, or declared otherwise, and builds the rest in one command.
func (e *Engine) ensureIndexes(ctx context.Context, s store.Spec) error {
	indexes := e.db.Collection(s.Name).Indexes()
	cur, err := indexes.List(ctx)
	if err != nil {
		return err
	}
	var have []built
	if err := cur.All(ctx, &have); err != nil {
		return err
	}
	for _, b := range have {
		declared := slices.ContainsFunc(s.Indexes, b.as)
		if b.Name == "_id_" || declared {
			continue
		}
		if err := indexes.DropOne(ctx, b.Name); err != nil {
			return err
		}
	}
	var missing []mongo.IndexModel
	for _, x := range s.Indexes {
		if !slices.ContainsFunc(have, func(b built) bool { return b.as(x) }) {
			missing = append(missing, model(x))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	_, err = indexes.CreateMany(ctx, missing)
	return err
}
