package rows

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
)

// FromMongo reads a picture of a database, whose name stands in the URI, as a majority of its set has it.
func FromMongo(ctx context.Context, uri string) (*Picture, error) {
	address, err := url.Parse(uri)
	if err != nil {
		return nil, err
	}
	name := strings.TrimPrefix(address.Path, "/")
	if name == "" {
		return nil, errors.New("the URI names no database")
	}
	client, err := mongo.Connect(options.Client().ApplyURI(uri).SetReadPreference(readpref.Primary()))
	if err != nil {
		return nil, err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	session, err := client.StartSession(options.Session().SetSnapshot(true)) // one moment
	if err != nil {
		return nil, err
	}
	defer session.EndSession(ctx)
	return Look(mongo.NewSessionContext(ctx, session), collections{client.Database(name)})
}

type collections struct{ db *mongo.Database }

func (c collections) Scan(ctx context.Context, coll string, fn func(bson.Raw) error) error {
	found, err := c.db.Collection(coll).Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetBatchSize(5000))
	if err != nil {
		return err
	}
	defer found.Close(ctx)
	for found.Next(ctx) {
		if err := fn(found.Current); err != nil {
			return err
		}
	}
	return found.Err()
}
