package mongo

import (
	"bytes"
	"context"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/x/bsonx/bsoncore"

	"haggle/internal/store"
	"haggle/internal/store/key"
)

// check refuses documents that the other engine would refuse.
func check(s store.Spec, docs []bson.Raw) error {
	_, err := key.NewRows(s, docs)
	return err
}

// Insert stores new documents: see store.Engine.
func (e *Engine) Insert(ctx context.Context, coll string, docs ...bson.Raw) error {
	s, err := e.spec(coll)
	if err != nil || len(docs) == 0 {
		return err
	}
	return e.write(ctx, coll, func(ctx context.Context) error {
		if err := check(s, docs); err != nil {
			return err
		}
		_, err := e.db.Collection(coll).InsertMany(ctx, docs)
		return err
	})
}

// Put stores documents by _id: see store.Engine.
func (e *Engine) Put(ctx context.Context, coll string, docs ...bson.Raw) error {
	s, err := e.spec(coll)
	if err != nil || len(docs) == 0 {
		return err
	}
	return e.write(ctx, coll, func(ctx context.Context) error {
		if err := check(s, docs); err != nil {
			return err
		}
		models := make([]mongo.WriteModel, len(docs))
		for i, d := range docs {
			models[i] = mongo.NewUpdateOneModel().SetFilter(byID(d.Lookup("_id").StringValue())).SetUpdate(becomes(literal(d))).SetUpsert(true)
		}
		_, err := e.bulk(ctx, coll, models)
		return err
	})
}

// becomes is an update after which a document is what an expression gives. Unlike a plain replacement, after which the server
// works out the keys of every index anew, it touches the indexes only where a field of theirs has changed.
func becomes(expression bsoncore.Document) []bson.Raw {
	return []bson.Raw{bson.Raw(bsoncore.NewDocumentBuilder().AppendDocument("$replaceWith", expression).Build())}
}

// literal is an expression that gives a document as it is, whatever its fields are called.
func literal(doc bson.Raw) bsoncore.Document {
	return bsoncore.NewDocumentBuilder().AppendDocument("$literal", bsoncore.Document(doc)).Build()
}

// fromVersion is an expression that gives a document where the stored one has a version, else the stored one. A condition in
// the filter would say the same, but would have the server plan a query for each document.
func fromVersion(version int64, doc bson.Raw) bsoncore.Document {
	same := bsoncore.NewArrayBuilder().AppendString("$version").AppendInt64(version).Build()
	cond := bsoncore.NewArrayBuilder().AppendDocument(bsoncore.NewDocumentBuilder().AppendArray("$eq", same).Build()).
		AppendDocument(literal(doc)).AppendString("$$ROOT").Build()
	return bsoncore.NewDocumentBuilder().AppendArray("$cond", cond).Build()
}

// bulk sends writes of one kind in one command and says how many documents they changed.
func (e *Engine) bulk(ctx context.Context, coll string, models []mongo.WriteModel) (changed int64, err error) {
	res, err := e.db.Collection(coll).BulkWrite(ctx, models)
	if err != nil {
		return 0, err
	}
	return res.ModifiedCount, nil
}

// Replace stores documents in place of the versions that were read: see store.Engine.
func (e *Engine) Replace(ctx context.Context, coll string, docs ...store.Versioned) error {
	s, err := e.spec(coll)
	if err != nil || len(docs) == 0 {
		return err
	}
	outside := ctx
	return e.write(ctx, coll, func(ctx context.Context) error {
		models := make([]mongo.WriteModel, len(docs))
		for i, d := range docs {
			if err := d.Check(); err != nil {
				return err
			}
			if err := check(s, []bson.Raw{d.Doc}); err != nil {
				return err
			}
			models[i] = mongo.NewUpdateOneModel().SetFilter(byID(d.ID)).SetUpdate(becomes(fromVersion(d.Version, d.Doc)))
		}
		changed, err := e.bulk(ctx, coll, models)
		if err != nil || changed == int64(len(docs)) {
			return err
		}
		return e.conflict(ctx, outside, coll, docs)
	})
}

// conflict finds out which documents were not hit. In the transaction, which is lost, one that was hit is now as it
// should become, and outside of it, where nothing of it shows, it is not yet.
func (e *Engine) conflict(inside, outside context.Context, coll string, docs []store.Versioned) error {
	ids := make([]string, len(docs))
	for i, d := range docs {
		ids[i] = d.ID
	}
	after, err := e.byID(inside, coll, ids)
	if err != nil {
		return err
	}
	before, err := e.byID(outside, coll, ids)
	if err != nil {
		return err
	}
	var missed []string
	for i, d := range docs {
		twice := slices.Contains(ids[:i], d.ID)
		if twice || !bytes.Equal(after[d.ID], d.Doc) || bytes.Equal(before[d.ID], d.Doc) {
			missed = append(missed, d.ID)
		}
	}
	return &store.ConflictError{Coll: coll, IDs: missed}
}

func (e *Engine) byID(ctx context.Context, coll string, ids []string) (map[string]bson.Raw, error) {
	docs, err := e.all(ctx, coll, nil, byIDs(distinct(ids)), options.Find().SetBatchSize(int32(len(ids)+1)))
	out := make(map[string]bson.Raw, len(docs))
	for _, d := range docs {
		out[d.Lookup("_id").StringValue()] = d
	}
	return out, err
}

// Delete removes documents by id: see store.Engine.
func (e *Engine) Delete(ctx context.Context, coll string, ids ...string) error {
	if _, err := e.spec(coll); err != nil || len(ids) == 0 {
		return err
	}
	return e.write(ctx, coll, func(ctx context.Context) error {
		for part := range slices.Chunk(distinct(ids), chunk) {
			if _, err := e.db.Collection(coll).DeleteMany(ctx, byIDs(part)); err != nil {
				return err
			}
		}
		return nil
	})
}
