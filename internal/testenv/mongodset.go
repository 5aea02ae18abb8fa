package testenv

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// MongodSet is a replica set of three nodes for one test, small, with elections after a second.
type MongodSet struct {
	URL   string // of the whole set
	Nodes []*Server
}

// OwnMongodSet starts one and waits until it has a primary and two followers.
func OwnMongodSet(t testing.TB) *MongodSet {
	t.Helper()
	path := program(t, "mongod", "HAGGLE_TEST_MONGOD", "mongod")
	set := &MongodSet{}
	var hosts []string
	var members bson.A
	for i := range 3 {
		s := &Server{ready: answers, args: func(s *Server) []string {
			s.URL = fmt.Sprintf("mongodb://127.0.0.1:%d/?directConnection=true", s.port)
			return []string{path, "--replSet", "rs3", "--bind_ip", "127.0.0.1", "--port", strconv.Itoa(s.port), "--dbpath", s.Dir,
				"--nounixsocket", "--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "64", "--setParameter", "transactionLifetimeLimitSeconds=5",
				"--setParameter", "diagnosticDataCollectionEnabled=false", "--setParameter", "enableTestCommands=1"}
		}}
		if err := s.launch(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.discard)
		set.Nodes = append(set.Nodes, s)
		host := fmt.Sprintf("127.0.0.1:%d", s.port)
		hosts = append(hosts, host)
		members = append(members, bson.D{{Key: "_id", Value: i}, {Key: "host", Value: host}})
	}
	set.URL = "mongodb://" + strings.Join(hosts, ",") + "/?replicaSet=rs3"
	config := bson.D{{Key: "_id", Value: "rs3"}, {Key: "members", Value: members}, {Key: "settings", Value: bson.D{{Key: "electionTimeoutMillis", Value: 1000}}}}
	if err := set.Nodes[0].commandWithin(initiateWait, bson.D{{Key: "replSetInitiate", Value: config}}, nil); err != nil {
		t.Fatal(err)
	}
	set.settle(t)
	return set
}

// answers is nil once a node answers, whatever its state.
func answers(s *Server) error { return s.command(bson.D{{Key: "hello", Value: 1}}, nil) }

// command sends a command to one node's admin database.
func (s *Server) command(c bson.D, into any) error {
	return s.commandWithin(5*time.Second, c, into)
}

func (s *Server) commandWithin(bound time.Duration, c bson.D, into any) error {
	ctx, cancel := context.WithTimeout(context.Background(), bound)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(s.URL).SetServerSelectionTimeout(time.Second))
	if err != nil {
		return err
	}
	defer func() { _ = client.Disconnect(context.WithoutCancel(ctx)) }()
	r := client.Database("admin").RunCommand(ctx, c)
	if into != nil {
		return r.Decode(into)
	}
	return r.Err()
}

// role is what a node says that it is.
type role struct {
	Primary   bool `bson:"isWritablePrimary"`
	Secondary bool `bson:"secondary"`
}

// Primary waits for the node that takes writes.
func (m *MongodSet) Primary(t testing.TB) *Server {
	t.Helper()
	for end := time.Now().Add(startWait); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		for _, n := range m.Nodes {
			var r role
			if n.command(bson.D{{Key: "hello", Value: 1}}, &r) == nil && r.Primary {
				return n
			}
		}
	}
	t.Fatal("the set has no primary")
	return nil
}

// settle waits until every node is primary or follows.
func (m *MongodSet) settle(t testing.TB) {
	t.Helper()
	for end := time.Now().Add(startWait); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		ready, primary := 0, false
		for _, n := range m.Nodes {
			var r role
			if n.command(bson.D{{Key: "hello", Value: 1}}, &r) == nil && (r.Primary || r.Secondary) {
				ready, primary = ready+1, primary || r.Primary
			}
		}
		if ready == len(m.Nodes) && primary {
			return
		}
	}
	t.Fatal("the set does not come together")
}

// StepDown makes the primary an ordinary node for a while, so that another is elected.
func (m *MongodSet) StepDown(t testing.TB) {
	t.Helper()
	p := m.Primary(t)
	if err := p.command(bson.D{{Key: "replSetStepDown", Value: 20}, {Key: "secondaryCatchUpPeriodSecs", Value: 5}}, nil); err != nil {
		t.Fatal(err)
	}
}
