package testenv

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

var sharedMongod struct {
	once   sync.Once
	server *Server
	err    error
}

// Mongod is the URI of a MongoDB replica set of one node that all tests of the process share: each takes a database
// name of its own.
func Mongod(t testing.TB) (uri string) {
	t.Helper()
	path := program(t, "mongod", "HAGGLE_TEST_MONGOD", "mongod")
	m := &sharedMongod
	m.once.Do(func() {
		m.server = mongod(path)
		m.err = m.server.launch()
	})
	if m.err != nil {
		t.Fatal(m.err)
	}
	return m.server.URL
}

// OwnMongod is a replica set of one node for this test alone, to be killed and started again.
func OwnMongod(t testing.TB) *Server {
	t.Helper()
	s := mongod(program(t, "mongod", "HAGGLE_TEST_MONGOD", "mongod"))
	if err := s.launch(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.discard)
	return s
}

// mongod is a server that also takes the commands by which tests make it fail (failCommand).
func mongod(path string) *Server {
	return &Server{
		args: func(s *Server) []string {
			s.URL = fmt.Sprintf("mongodb://127.0.0.1:%d/?directConnection=true", s.port)
			return []string{path, "--replSet", "rs0", "--bind_ip", "127.0.0.1", "--port", strconv.Itoa(s.port), "--dbpath", s.Dir,
				"--nounixsocket", "--wiredTigerCacheSizeGB", "0.5", "--setParameter", "transactionLifetimeLimitSeconds=5",
				"--setParameter", "diagnosticDataCollectionEnabled=false", "--setParameter", "enableTestCommands=1"}
		},
		ready: replicaSetReady,
	}
}

// initiateWait is how long a server may take to make itself a set.
const initiateWait = 60 * time.Second

// replicaSetReady initiates the set where that was not done, and answers nil once its node takes writes. The address is
// without replicaSet=: with it the driver would wait for a set that is not there yet.
func replicaSetReady(s *Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(s.URL).SetServerSelectionTimeout(time.Second))
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	admin := client.Database("admin")
	var hello struct {
		Primary bool   `bson:"isWritablePrimary"`
		Set     string `bson:"setName"`
	}
	if err := admin.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil {
		return err
	}
	if hello.Primary {
		return nil
	}
	if hello.Set == "" {
		member := bson.D{{Key: "_id", Value: 0}, {Key: "host", Value: fmt.Sprintf("127.0.0.1:%d", s.port)}}
		config := bson.D{{Key: "_id", Value: "rs0"}, {Key: "members", Value: bson.A{member}}}
		// A server that is cut short in it, as where the disk is slow, keeps half a set for ever. Refused after a restart: it is initiated.
		patient, cancel := context.WithTimeout(context.Background(), initiateWait)
		defer cancel()
		if err := admin.RunCommand(patient, bson.D{{Key: "replSetInitiate", Value: config}}).Err(); err != nil {
			return fmt.Errorf("the replica set has no primary yet: %w", err)
		}
	}
	return fmt.Errorf("the replica set has no primary yet")
}
