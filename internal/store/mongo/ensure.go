package mongo

import (
	"context"
	"fmt"
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

// Ensure makes collections, their validators and indexes exist: see store.Engine. Nothing else creates them: a transaction
// that is older than a collection cannot use it.
func (e *Engine) Ensure(ctx context.Context, specs []store.Spec) error {
	leave, err := e.gate.Enter()
	if err != nil {
		return err
	}
	defer leave()
	there, err := e.collections(ctx, specs)
	if err != nil {
		return err
	}
	for _, s := range specs {
		if err := e.ensure(ctx, s, there[s.Name]); err != nil {
			return translate(ctx, s.Name, err)
		}
		e.mu.Lock()
		e.specs[s.Name] = s
		e.mu.Unlock()
	}
	return nil
}

// Inspect says what Ensure would mend or refuse: see store.Engine.
func (e *Engine) Inspect(ctx context.Context, specs []store.Spec) (all []store.Difference, err error) {
	leave, err := e.gate.Enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	there, err := e.collections(ctx, specs)
	if err != nil {
		return nil, err
	}
	for _, s := range specs {
		c, ok := there[s.Name]
		if !ok {
			all = append(all, store.Difference{Coll: s.Name, What: "the collection is missing", Mends: true})
			continue
		}
		var have []index
		if c.kind == "collection" {
			if have, err = e.indexes(ctx, s.Name); err != nil {
				return nil, translate(ctx, s.Name, err)
			}
		}
		all = append(all, compare(s, c, have)...)
	}
	return all, nil
}

// collection is one as the server lists it.
type collection struct {
	kind    string // collection, view, timeseries
	options bson.Raw
}

// collections lists what is there, and checks the declarations.
func (e *Engine) collections(ctx context.Context, specs []store.Spec) (map[string]collection, error) {
	for _, s := range specs {
		if err := s.Check(); err != nil {
			return nil, err
		}
	}
	list, err := e.db.ListCollectionSpecifications(ctx, bson.D{})
	if err != nil {
		return nil, translate(ctx, "", err)
	}
	out := map[string]collection{}
	for _, c := range list {
		out[c.Name] = collection{kind: c.Type, options: c.Options}
	}
	return out, nil
}

// Codes of servers on which another process does the same.
const (
	codeNamespaceExists = 48
	codeInProgress      = 117
	codeIndexNotFound   = 27
	codeBuildAborted    = 276
)

func (e *Engine) ensure(ctx context.Context, s store.Spec, c collection) error {
	switch {
	case c.kind == "":
		err := e.db.CreateCollection(ctx, s.Name, options.CreateCollection().SetValidator(validator(s)))
		if err != nil && !hasCode(err, codeNamespaceExists) {
			return err
		}
	default:
		for _, d := range compare(s, c, nil) {
			if !d.Mends {
				return fmt.Errorf("store: %s", d)
			}
		}
		if !sameValidator(s, c) {
			if err := e.setValidator(ctx, s); err != nil {
				return err
			}
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

// setValidator takes the place of whatever validator there is.
func (e *Engine) setValidator(ctx context.Context, s store.Spec) error {
	return e.db.RunCommand(ctx, durable(bson.D{{Key: "collMod", Value: s.Name}, {Key: "validator", Value: validator(s)},
		{Key: "validationLevel", Value: "strict"}, {Key: "validationAction", Value: "error"}})).Err()
}

// indexes lists those of a collection, but for the one over _id.
func (e *Engine) indexes(ctx context.Context, coll string) ([]index, error) {
	cur, err := e.db.Collection(coll).Indexes().List(ctx)
	if err != nil {
		return nil, err
	}
	var all, out []index
	if err := cur.All(ctx, &all); err != nil {
		return nil, err
	}
	for _, x := range all {
		if x.name() != "_id_" {
			out = append(out, x)
		}
	}
	return out, nil
}

// ensureIndexes drops what is not declared, or declared otherwise, and builds the rest in one command.
func (e *Engine) ensureIndexes(ctx context.Context, s store.Spec) error {
	have, err := e.indexes(ctx, s.Name)
	if err != nil {
		return err
	}
	indexes := e.db.Collection(s.Name).Indexes()
	for _, b := range have {
		if slices.ContainsFunc(s.Indexes, b.is) {
			continue
		}
		if err := indexes.DropOne(ctx, b.name()); err != nil {
			return err
		}
	}
	var missing []mongo.IndexModel
	for _, x := range s.Indexes {
		if !slices.ContainsFunc(have, func(b index) bool { return b.is(x) }) {
			missing = append(missing, model(x))
		}
	}
	if len(missing) == 0 {
		return nil
	}
	_, err = indexes.CreateMany(ctx, missing)
	return err
}
