package chaos

import (
	"context"
	"fmt"
	"hash/fnv"
	"net/url"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/testenv"
)

// farm is a site of several processes over MongoDB and Redis.
type farm struct {
	t     testing.TB
	site  *site
	db    *mongo.Database
	admin *mongo.Client
	web   []*testenv.Site
	work  *testenv.Site
	store []string // the checker's arguments
}

// database is the name of the farm's.
const database = "chaos"

// newFarm starts two web processes and a worker over a MongoDB; more are arguments of all.
func newFarm(t testing.TB, mongod string, more ...string) *farm {
	t.Helper()
	at, err := url.Parse(mongod)
	if err != nil {
		t.Fatal(err)
	}
	at.Path = "/" + database
	s, journal := newSite(t)
	f := &farm{t: t, site: s, store: []string{"--mongo=" + at.String(), "--journal=" + journal}}
	if f.admin, err = mongo.Connect(options.Client().ApplyURI(mongod)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.admin.Disconnect(context.Background()) })
	f.db = f.admin.Database(database)
	args := append([]string{"--limits=off", fmt.Sprint("--lanes=", siteLanes), "--mongo=" + at.String(), "--secret=" + strings.Repeat("s", 40)}, more...)
	f.work = testenv.Command(t, "worker", args...) // first: it holds the lease
	for i := range 2 {
		f.web = append(f.web, testenv.Command(t, "web", args...))
		s.doors.set(i, f.web[i].URL)
	}
	return f
}

// siteLanes is how many lanes a farm here shares: each of its web processes owns one.
const siteLanes = 2

// owner is the number of the web process that decides a deal's entries.
func (f *farm) owner(id string) int {
	f.t.Helper()
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var row struct{ Address string }
		err := f.db.Collection("lanes").FindOne(context.Background(), bson.D{{Key: "_id", Value: bson.Regex{Pattern: fmt.Sprintf("^lane:%03d/%d/", h.Sum32()%siteLanes, siteLanes)}}}).Decode(&row)
		for i, p := range f.web {
			if err == nil && p.URL == "http://"+row.Address {
				return i
			}
		}
	}
	f.t.Fatal("nobody of the web processes owns the lane")
	return 0
}

// killWeb kills a web process, and starts it again after a while.
func (f *farm) killWeb(i int, down time.Duration) {
	f.web[i].Kill()
	time.Sleep(down)
	f.web[i].Start()
	f.site.doors.set(i, f.web[i].URL)
}

// settled counts the deals of a list that are over.
func (f *farm) settled(ids []string) int {
	n, err := f.db.Collection("deals").CountDocuments(context.Background(),
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}, {Key: "status", Value: bson.D{{Key: "$in", Value: bson.A{"settled", "failed"}}}}})
	if err != nil {
		return 0
	}
	return int(n)
}

// stepDown makes the set's primary an ordinary node, and waits until another takes its place.
func (f *farm) stepDown() string {
	f.t.Helper()
	began, before := time.Now(), f.primary()
	for force := false; time.Since(began) < time.Minute; force = true {
		ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		err := f.admin.Database("admin").RunCommand(ctx, bson.D{{Key: "replSetStepDown", Value: 30}, {Key: "secondaryCatchUpPeriodSecs", Value: 5}, {Key: "force", Value: force}}).Err()
		cancel()
		for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if now := f.primary(); now != "" && now != before {
				return fmt.Sprintf("another was primary after %.1f s", time.Since(began).Seconds())
			}
		}
		f.t.Logf("no other primary yet: %v", err)
	}
	f.t.Fatal("the primary does not step down")
	return ""
}

// primary is the address of the node that takes writes; "": none does.
func (f *farm) primary() string {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var hello struct {
		Me      string `bson:"me"`
		Primary bool   `bson:"isWritablePrimary"`
	}
	if err := f.admin.Database("admin").RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&hello); err != nil || !hello.Primary {
		return ""
	}
	return hello.Me
}

// failing makes MongoDB fail commands on one collection until it is called off.
func (f *farm) failing(coll string, commands []string, how ...bson.E) (off func()) {
	f.t.Helper()
	set := func(mode string, data bson.D) {
		c := bson.D{{Key: "configureFailPoint", Value: "failCommand"}, {Key: "mode", Value: mode}, {Key: "data", Value: data}}
		if err := f.admin.Database("admin").RunCommand(context.Background(), c).Err(); err != nil {
			f.t.Fatal(err)
		}
	}
	set("alwaysOn", append(bson.D{{Key: "failCommands", Value: commands}, {Key: "namespace", Value: database + "." + coll}}, how...))
	return func() { set("off", bson.D{}) }
}

// logs is what all processes wrote.
func (f *farm) logs() string {
	return f.work.Log() + f.web[0].Log() + f.web[1].Log()
}
