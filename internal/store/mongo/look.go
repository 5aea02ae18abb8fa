package mongo

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Look is what an operator should know of the replica set.
type Look struct {
	Set      string   // its name
	Version  string   // of the server
	Members  []string // that keep data
	Lifetime int      // seconds after which the server ends a transaction that nobody goes on with; 0: it does not say
}

// Look asks the primary about the set.
func (e *Engine) Look(ctx context.Context) (l Look, err error) {
	var h struct {
		Set      string   `bson:"setName"`
		Hosts    []string `bson:"hosts"`
		Passives []string `bson:"passives"`
	}
	if err := e.db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&h); err != nil {
		return l, translate(ctx, "", err)
	}
	var build struct {
		Version string `bson:"version"`
	}
	if err := e.db.RunCommand(ctx, bson.D{{Key: "buildInfo", Value: 1}}).Decode(&build); err != nil {
		return l, translate(ctx, "", err)
	}
	l = Look{Set: h.Set, Version: build.Version, Members: append(h.Hosts, h.Passives...)}
	var p struct {
		Lifetime int `bson:"transactionLifetimeLimitSeconds"`
	}
	// An account without the right to ask gets an error: then it is not known.
	if e.client.Database("admin").RunCommand(ctx, bson.D{{Key: "getParameter", Value: 1}, {Key: "transactionLifetimeLimitSeconds", Value: 1}}).Decode(&p) == nil {
		l.Lifetime = p.Lifetime
	}
	return l, nil
}
