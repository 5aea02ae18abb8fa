// Command replset makes fresh mongods one replica set, and waits until it has a primary:
//
//	go run ./scripts/replset 127.0.0.1:PORT 127.0.0.1:PORT 127.0.0.1:PORT
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
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: replset HOST:PORT ...")
		os.Exit(2)
	}
	if err := initiate(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "replset:", err)
		os.Exit(1)
	}
}

func initiate(hosts []string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI("mongodb://" + hosts[0] + "/?directConnection=true"))
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(ctx) }()
	var members bson.A
	for i, host := range hosts {
		priority := 1
		if i == 0 {
			priority = 2 // the one that is asked becomes primary
		}
		members = append(members, bson.D{{Key: "_id", Value: i}, {Key: "host", Value: host}, {Key: "priority", Value: priority}})
	}
	admin := client.Database("admin")
	err = admin.RunCommand(ctx, bson.D{{Key: "replSetInitiate", Value: bson.D{{Key: "_id", Value: "rs0"}, {Key: "members", Value: members}}}}).Err()
	if err != nil && !strings.Contains(err.Error(), "already initialized") {
		return err
	}
	for ctx.Err() == nil {
		var hello struct {
			Primary string `bson:"primary"`
		}
		if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err == nil && hello.Primary != "" {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return ctx.Err()
}
