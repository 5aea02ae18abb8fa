package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/readconcern"
	"go.mongodb.org/mongo-driver/v2/mongo/readpref"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"
)

// What every call promises is said here and nowhere else; the address of the server cannot weaken it. Acknowledged means
// that a majority of the nodes has it in its journal; what is read, a majority has, so that no failover takes it back;
// a transaction, and a snapshot, reads one moment. The tests watch the wire.
//
// A commit that is repeated goes out with the driver's own concern, a majority without a word of the journal. That a
// majority means its journals, too, is a setting of the replica set, on unless somebody turned it off: see journals.

// guarded sets the concerns of a client, over those that its address names.
func guarded(opts *options.ClientOptions) *options.ClientOptions {
	journal := true
	return opts.SetReadPreference(readpref.Primary()).SetReadConcern(readconcern.Majority()).
		SetWriteConcern(&writeconcern.WriteConcern{W: "majority", Journal: &journal}).
		SetRetryReads(true).SetRetryWrites(true)
}

// durable adds the write concern to a command that the driver sends as it is.
func durable(command bson.D) bson.D {
	return append(command, bson.E{Key: "writeConcern", Value: bson.D{{Key: "w", Value: "majority"}, {Key: "j", Value: true}}})
}

// inTransaction is how transactions begin; they commit with the client's write concern.
func inTransaction() *options.TransactionOptionsBuilder {
	return options.Transaction().SetReadConcern(readconcern.Snapshot())
}

// plainSession is the session of transactions.
func plainSession() *options.SessionOptionsBuilder {
	return options.Session().SetCausalConsistency(false)
}

// snapshotSession is a session whose reads all show the moment of its first.
func snapshotSession() *options.SessionOptionsBuilder { return options.Session().SetSnapshot(true) }

// journals refuses a replica set in which a majority may acknowledge what is in no journal yet. A server that does not let
// this user ask is believed to have its default.
func (e *Engine) journals(ctx context.Context) error {
	var answer struct {
		Config struct {
			Journaled *bool `bson:"writeConcernMajorityJournalDefault"`
		} `bson:"config"`
	}
	err := e.client.Database("admin").RunCommand(ctx, bson.D{{Key: "replSetGetConfig", Value: 1}}).Decode(&answer)
	var refused mongo.CommandError
	switch {
	case errors.As(err, &refused) && !unavailable(err):
		return nil
	case err != nil:
		return translate(ctx, "", err)
	case answer.Config.Journaled != nil && !*answer.Config.Journaled:
		return errors.New("store: mongo: the replica set acknowledges writes that are in no journal: turn writeConcernMajorityJournalDefault on")
	}
	return nil
}
