// Command replset makes a fresh mongod a replica set of one, which transactions need:
//
//	go run ./scripts/replset 'mongodb://127.0.0.1:PORT/?directConnection=true' 127.0.0.1:PORT
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: replset URI HOST:PORT")
		os.Exit(2)
	}
	if err := initiate(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "replset:", err)
		os.Exit(1)
	}
}

func initiate(uri, member string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(ctx) }()
	config := bson.D{{Key: "_id", Value: "rs0"}, {Key: "members", Value: bson.A{bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: member}}}}}
	err = client.Database("admin").RunCommand(ctx, bson.D{{Key: "replSetInitiate", Value: config}}).Err()
	if err != nil && !strings.Contains(err.Error(), "already initialized") {
		return err
	}
	return nil
}
