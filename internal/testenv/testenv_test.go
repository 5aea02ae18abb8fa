package testenv

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// verdict records what Require does to a test.
type verdict struct {
	testing.TB
	said string
}

func (v *verdict) Helper()                        {}
func (v *verdict) Skipf(format string, _ ...any)  { v.said = "skip" }
func (v *verdict) Fatalf(format string, _ ...any) { v.said = "fail" }

func TestRequire(t *testing.T) {
	for _, c := range []struct {
		list, name string
		ok         bool
		want       string
	}{
		{"", "redis", true, ""},
		{"redis", "redis", true, ""},
		{"", "redis", false, "skip"},
		{"mongod,shared", "redis", false, "skip"},
		{"mongod,redis", "redis", false, "fail"},
	} {
		t.Setenv("HAGGLE_TEST_REQUIRE", c.list)
		v := &verdict{TB: t}
		Require(v, c.name, c.ok, "why")
		if v.said != c.want {
			t.Errorf("list %q, %s, ok %v: %q, want %q", c.list, c.name, c.ok, v.said, c.want)
		}
	}
}

func TestSharedFindsTheFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/x.txt", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HAGGLE_SHARED", dir)
	if got := Shared(t, "x.txt"); got != dir+"/x.txt" {
		t.Errorf("found %s", got)
	}
}

func TestMongodTakesTransactions(t *testing.T) {
	uri := Mongod(t)
	if again := Mongod(t); again != uri {
		t.Errorf("two servers: %s and %s", uri, again)
	}
	ctx := context.Background()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Disconnect(ctx) }()
	coll := client.Database("testenv").Collection("c")
	session, err := client.StartSession()
	if err != nil {
		t.Fatal(err)
	}
	defer session.EndSession(ctx)
	_, err = session.WithTransaction(ctx, func(ctx context.Context) (any, error) {
		return coll.InsertOne(ctx, bson.D{{Key: "_id", Value: "a"}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := coll.CountDocuments(ctx, bson.D{}); n != 1 || err != nil {
		t.Errorf("%d documents, %v", n, err)
	}
}

func TestRedisDiesAndComesBackEmpty(t *testing.T) {
	s := OwnRedis(t)
	opts, err := redis.ParseURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	opts.MaxRetries, opts.DialerRetries = -1, 1
	client := redis.NewClient(opts)
	defer client.Close()
	ctx := context.Background()
	if err := client.Set(ctx, "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	s.Kill()
	if client.Ping(ctx).Err() == nil {
		t.Error("a killed server answers")
	}
	s.Start(t)
	if n, err := client.Exists(ctx, "k").Result(); n != 0 || err != nil {
		t.Errorf("after the restart: %d keys, %v", n, err)
	}
}

// TestServersEndWithTheProcess runs this test binary again, kills it, and looks for what it left.
func TestServersEndWithTheProcess(t *testing.T) {
	if path := os.Getenv("HAGGLE_TESTENV_CHILD"); path != "" {
		s := OwnRedis(t)
		if err := os.WriteFile(path, []byte(s.URL+"\n"+s.Dir), 0o600); err != nil {
			t.Fatal(err)
		}
		select {}
	}
	program(t, "redis", "HAGGLE_TEST_REDIS", "redis-server")
	path := t.TempDir() + "/child"
	cmd := exec.Command(os.Args[0], "-test.run=^TestServersEndWithTheProcess$")
	cmd.Env = append(os.Environ(), "HAGGLE_TESTENV_CHILD="+path)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	url, dir := "", ""
	eventually(t, "the child starts its server", func() bool {
		b, _ := os.ReadFile(path)
		url, dir, _ = strings.Cut(string(b), "\n")
		return dir != ""
	})
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	eventually(t, "the server ends", func() bool { return ping(&Server{URL: url}) != nil })
	eventually(t, "its folder is removed", func() bool { _, err := os.Stat(dir); return os.IsNotExist(err) })
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in 10 s: %s", what)
		}
	}
}
