package chaos

import (
	"context"
	"fmt"
	"net/mail"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/mail/mailtest"
	"haggle/internal/testenv"
)

// TestFarm breaks each part of a site of several processes under load.
func TestFarm(t *testing.T) {
	t.Parallel()
	mongod, queue := testenv.OwnMongod(t), testenv.OwnRedis(t)
	post, search := mailtest.Listen(t), newSearcher(t)
	f := newFarm(t, mongod.URL, "--redis="+queue.URL, "--mail=smtp://"+post.Addr+"?tls=none", "--mail-from=haggle <noreply@shop.example>",
		"--meili="+search.url, "--meili-key=key")
	w := &world{t: t, site: f.site, logs: f.logs, crowd: newCrowd(f.site, size{people: 24, savers: 4, spread: 12, groups: 4}), store: f.store}
	faults := []fault{
		{name: "gateway fails", walkers: true, inject: func(x *fate) { f.gatewayFails(x) }},
		{name: "web process killed, the owner of the hot lane", inject: func(x *fate) {
			x.soon(200*time.Millisecond, 2*time.Second)
			f.killWeb(f.owner(w.crowd.hot), time.Duration(x.r.IntN(2500))*time.Millisecond)
		}},
		{name: "worker killed while it settles 200 groups", long: true, groups: 200, ahead: 10 * time.Second, inject: func(x *fate) { f.killWorker(x) }},
		{name: "Redis FLUSHALL", inject: func(x *fate) {
			x.soon(200*time.Millisecond, 3*time.Second)
			flush(t, queue.URL)
		}},
		{name: "mongod killed", inject: func(x *fate) {
			x.soon(200*time.Millisecond, 2*time.Second)
			mongod.Kill()
			x.soon(100*time.Millisecond, 2*time.Second)
			mongod.Start(t)
		}},
		{name: "search down", inject: func(x *fate) {
			x.soon(200*time.Millisecond, time.Second)
			way := 1 + x.r.IntN(3)
			x.says = []string{"", "it answered 503", "it hung", "it hung up"}[way]
			search.set(way)
			x.soon(time.Second, 4*time.Second)
			search.set(works)
		}},
		{name: "mail server down", inject: func(x *fate) {
			post.Down()
			for range 2 {
				f.site.person("newcomer", 0)
			}
			x.soon(time.Second, 4*time.Second)
			post.Up(t)
		}},
		{name: "Redis stopped for 20 s", long: true, inject: func(x *fate) {
			x.soon(200*time.Millisecond, time.Second)
			queue.Kill()
			time.Sleep(20 * time.Second)
			queue.Start(t)
		}},
	}
	for i := range rounds() {
		for _, x := range faults {
			if x.due(i) && strings.Contains(x.name, os.Getenv("HAGGLE_CHAOS_ONLY")) {
				w.run(x, i)
			}
		}
	}
	w.last()
	f.found(search)
	f.mailed(post)
}

// TestStepDown makes the primary of a set of three an ordinary node while 64 people bid.
func TestStepDown(t *testing.T) {
	t.Parallel()
	set := testenv.OwnMongodSet(t)
	f := newFarm(t, set.URL, "--redis="+testenv.Redis(t))
	w := &world{t: t, site: f.site, logs: f.logs, crowd: newCrowd(f.site, size{people: 64, savers: 4, spread: 8, groups: 3}), store: f.store}
	for i := range rounds() * 3 / 2 { // beside the farm, which takes longer
		w.run(fault{name: "primary steps down under 64 bidders", inject: func(x *fate) {
			x.soon(200*time.Millisecond, 2*time.Second)
			x.says = f.stepDown()
			x.soon(time.Second, 2*time.Second)
		}}, i)
	}
	w.last()
}

// gatewayFails makes the sandbox's book fail for a while: it refuses, it is slow, or, worst, it charges and does not say so.
// All the while some cards are declined, expired, or taken back later.
func (f *farm) gatewayFails(x *fate) {
	x.soon(200*time.Millisecond, time.Second)
	ways := []struct {
		says     string
		commands []string
		how      []bson.E
	}{
		{"it charged and did not say so", []string{"insert"}, []bson.E{{Key: "writeConcernError", Value: bson.D{{Key: "code", Value: 64}, {Key: "errmsg", Value: "waiting for replication timed out"}}}}},
		{"it hung up", []string{"insert", "find"}, []bson.E{{Key: "closeConnection", Value: true}}},
		{"it was slow", []string{"insert"}, []bson.E{{Key: "blockConnection", Value: true}, {Key: "blockTimeMS", Value: 2500}}},
	}
	way := ways[x.r.IntN(len(ways))]
	x.says = way.says
	off := f.failing("sandbox", way.commands, way.how...)
	x.soon(time.Second, 3*time.Second)
	off()
}

// killWorker kills the worker once a seeded number of the batch's groups are over.
func (f *farm) killWorker(x *fate) {
	x.until(x.batch.closes)
	at, n := 1+x.r.IntN(1+len(x.batch.groups)*3/4), 0
	for end := time.Now().Add(20 * time.Second); n < at && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		n = f.settled(x.batch.groups)
	}
	f.work.Kill()
	x.says = fmt.Sprintf("%d of %d groups were over when it died", n, len(x.batch.groups))
	x.soon(100*time.Millisecond, time.Second)
	f.work.Start()
}

func flush(t testing.TB, address string) {
	t.Helper()
	opts, err := redis.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(opts)
	defer c.Close()
	if err := c.FlushAll(context.Background()).Err(); err != nil {
		t.Fatal(err)
	}
}

// found holds that every deal was told to the search server, whenever it was down.
func (f *farm) found(search *searcher) {
	f.t.Helper()
	has := search.has()
	all, err := f.db.Collection("deals").Distinct(context.Background(), "_id", bson.D{}).Raw()
	if err != nil {
		f.t.Fatal(err)
	}
	ids, err := all.Values()
	if err != nil || len(ids) == 0 {
		f.t.Fatalf("%d deals, %v", len(ids), err)
	}
	missing := 0
	for _, id := range ids {
		if !has[id.StringValue()] {
			missing++
		}
	}
	f.t.Logf("search: %d deals, %d were never told", len(ids), missing)
	if missing > 0 {
		f.t.Errorf("%d of %d deals are missing in the search copy", missing, len(ids))
	}
}

// mailPatience is how long a mail may be late that the server did not take: tries come further and further apart.
const mailPatience = 90 * time.Second

// mailed holds that everybody who registered was asked to confirm his address, once.
func (f *farm) mailed(post *mailtest.Server) {
	f.t.Helper()
	want := int(f.site.people.Load())
	var got map[string]int
	for end := time.Now().Add(mailPatience); ; time.Sleep(200 * time.Millisecond) {
		got = map[string]int{}
		for _, l := range post.Letters() {
			if id := header(l.Header, "Message-ID"); strings.HasPrefix(id, "confirm-") {
				got[id]++
			}
		}
		if len(got) >= want || time.Now().After(end) {
			break
		}
	}
	for id, n := range got {
		if n != 1 {
			f.t.Errorf("%s came %d times", id, n)
		}
	}
	f.t.Logf("mail: %d people, %d were asked to confirm", want, len(got))
	if len(got) != want {
		f.t.Errorf("%d of %d people got their letter", len(got), want)
	}
}

func header(h mail.Header, name string) string { return strings.Trim(h.Get(name), "<>") }
