package mongo

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/store"
)

// row is a document's Go type with a field of every kind that haggle's have.
type row struct {
	ID      string            `bson:"_id"`
	Version int64             `bson:"version"`
	Kind    string            `bson:"kind"`
	N       int               `bson:"n"`
	Open    bool              `bson:"open"`
	At      time.Time         `bson:"at"`
	Next    *time.Time        `bson:"next,omitempty"`
	Names   []string          `bson:"names"`
	Bytes   []byte            `bson:"bytes"`
	More    map[string]string `bson:"more"`
	Deep    struct {
		Who string `bson:"who"`
	} `bson:"deep"`
	Raw  bson.Raw `bson:"raw"`
	Note string   `bson:"note,omitempty"`
}

var rows = store.Spec{Name: "rows", Shape: row{}, Indexes: []store.Index{
	{Name: "kind", Fields: []store.Field{{Path: "kind"}, {Path: "n"}}},
	{Name: "next", Fields: []store.Field{{Path: "next"}}, Sparse: true},
	{Name: "who", Fields: []store.Field{{Path: "deep.who"}}},
}}

func sound() bson.D {
	raw, err := store.Encode(row{ID: "a", Version: 1, Kind: "k", N: 5, At: time.Now(), Raw: bson.Raw(raw(bson.D{}))})
	if err != nil {
		panic(err)
	}
	var d bson.D
	if err := bson.Unmarshal(raw, &d); err != nil {
		panic(err)
	}
	return d
}

func without(name string) bson.D {
	return slices.DeleteFunc(sound(), func(e bson.E) bool { return e.Key == name })
}

func with(name string, v any) bson.D {
	return append(without(name), bson.E{Key: name, Value: v})
}

// TestTheServerRefusesWrongDocuments writes past the port, as another program might.
func TestTheServerRefusesWrongDocuments(t *testing.T) {
	e := fresh(t, options.Client())
	ok(t, e.Ensure(bg, []store.Spec{rows}))
	coll := e.db.Collection("rows")
	for name, d := range map[string]bson.D{
		"an _id that is a number": with("_id", 7), "an empty _id": with("_id", ""), "an _id of the server's own": without("_id"),
		"no version": without("version"), "a version in words": with("version", "1"), "a version with a fraction": with("version", 1.5),
		"no indexed field": without("kind"), "an indexed field of another type": with("kind", 5), "an indexed list": with("kind", bson.A{"k"}),
		"a time in words": with("next", "tomorrow"), "an indexed list inside": with("deep", bson.D{{Key: "who", Value: bson.A{"a"}}}),
		"a list where a document is": with("deep", bson.A{bson.D{{Key: "who", Value: "a"}}}),
		"no flag":                    without("open"), "a flag in numbers": with("open", 1), "bytes as text": with("bytes", "x"), "a map as a list": with("more", bson.A{}),
		"a note that is a number": with("note", 3), "no time": without("at"),
	} {
		_, err := coll.InsertOne(bg, d)
		if !hasCode(err, 121) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := coll.InsertOne(bg, sound())
	ok(t, err)
	for _, change := range []bson.D{{{Key: "$unset", Value: bson.D{{Key: "version", Value: ""}}}}, {{Key: "$set", Value: bson.D{{Key: "n", Value: "5"}}}}} {
		if _, err := coll.UpdateOne(bg, byID("a"), change); !hasCode(err, 121) {
			t.Errorf("%v: %v", change, err)
		}
	}
	got, err := store.NewCollection[row](e, "rows").Get(bg, "a") // through the port, it is as it was
	ok(t, err)
	if got.Version != 1 || got.N != 5 {
		t.Errorf("after refused changes: %+v", got)
	}
}

// TestTheServerTakesWhatThePortWrites: a validator refuses no value that the type can have.
func TestTheServerTakesWhatThePortWrites(t *testing.T) {
	e := fresh(t, options.Client())
	ok(t, e.Ensure(bg, []store.Spec{rows}))
	now := time.Now()
	full := row{ID: "full", Version: 1 << 60, N: -1 << 50, Open: true, At: now, Next: &now, Names: []string{"a"}, Bytes: []byte{1}, More: map[string]string{"a": "b"}, Note: "x"}
	full.Deep.Who, full.Raw = "me", raw(bson.D{{Key: "a", Value: 1}})
	empty := row{ID: "empty", Raw: raw(bson.D{})}
	c := store.NewCollection[row](e, "rows")
	ok(t, c.Insert(bg, full, empty))
	empty.Version++
	ok(t, c.Replace(bg, store.Changed[row]{ID: "empty", Version: 0, Doc: empty}))
	ok(t, e.Insert(bg, "things", doc(t, "any", bson.E{Key: "kind", Value: nil}, bson.E{Key: "free", Value: 1.5}))) // without a shape
	for _, d := range []bson.D{{{Key: "_id", Value: 3}}, {{Key: "_id", Value: "b"}, {Key: "kind", Value: bson.A{"k"}}}, {{Key: "_id", Value: "b"}, {Key: "due", Value: 1.5}}} {
		if _, err := e.db.Collection("things").InsertOne(bg, d); !hasCode(err, 121) {
			t.Errorf("%v: %v", d, err)
		}
	}
}

// TestInspectFindsWhatOthersDid changes a collection behind the port's back: doctor's eye sees it, Ensure mends it.
func TestInspectFindsWhatOthersDid(t *testing.T) {
	e := fresh(t, options.Client())
	indexes := e.db.Collection("things").Indexes()
	drop := func(name string) { ok(t, indexes.DropOne(bg, name)) }
	add := func(keys bson.D, o *options.IndexOptionsBuilder) {
		_, err := indexes.CreateOne(bg, mongo.IndexModel{Keys: keys, Options: o})
		ok(t, err)
	}
	command := func(d bson.D) { ok(t, e.db.RunCommand(bg, d).Err()) }
	exists := bson.D{{Key: "due", Value: bson.D{{Key: "$exists", Value: true}}}}
	due := bson.D{{Key: "due", Value: 1}, {Key: "_id", Value: 1}}
	email := bson.D{{Key: "email", Value: 1}}
	for name, c := range map[string]struct {
		harm func()
		want string
	}{
		"missing":       {func() { drop("due") }, "things: the index due is missing"},
		"foreign":       {func() { add(bson.D{{Key: "x", Value: 1}}, options.Index().SetName("mine")) }, "things: the index mine is not declared"},
		"another order": {func() { drop("due"); add(bson.D{{Key: "due", Value: -1}}, options.Index().SetName("due")) }, "things: the index due is over"},
		"not unique": {func() {
			drop("email")
			add(email, options.Index().SetName("email").SetPartialFilterExpression(bson.D{{Key: "email", Value: bson.D{{Key: "$exists", Value: true}}}}))
		}, "things: the index email is not unique"},
		"unique": {func() {
			drop("due")
			add(due, options.Index().SetName("due").SetUnique(true).SetPartialFilterExpression(exists))
		}, "things: the index due is unique"},
		"not partial": {func() { drop("due"); add(due, options.Index().SetName("due")) }, "things: the index due holds other documents"},
		"of another language": {func() {
			drop("due")
			add(due, options.Index().SetName("due").SetPartialFilterExpression(exists).SetCollation(&options.Collation{Locale: "en"}))
		}, "things: the index due has the option collation"},
		"hidden": {func() {
			command(bson.D{{Key: "collMod", Value: "things"}, {Key: "index", Value: bson.D{{Key: "name", Value: "kind"}, {Key: "hidden", Value: true}}}})
		}, "things: the index kind has the option hidden"},
		"a time to live": {func() { add(bson.D{{Key: "due", Value: 1}}, options.Index().SetName("ttl").SetExpireAfterSeconds(60)) }, "things: the index ttl is not declared"},
		"no validator":   {func() { command(bson.D{{Key: "collMod", Value: "things"}, {Key: "validator", Value: bson.D{}}}) }, "things: it has no validator"},
		"a foreign validator": {func() {
			command(bson.D{{Key: "collMod", Value: "things"}, {Key: "validator", Value: bson.D{{Key: "x", Value: 1}}}})
		}, "things: it has a foreign validator"},
		"a validator that only warns": {func() { command(bson.D{{Key: "collMod", Value: "things"}, {Key: "validationAction", Value: "warn"}}) }, "things: it has a foreign validator"},
		"a validator that is off":     {func() { command(bson.D{{Key: "collMod", Value: "things"}, {Key: "validationLevel", Value: "off"}}) }, "things: it has a foreign validator"},
	} {
		c.harm()
		found, err := e.Inspect(bg, []store.Spec{things})
		ok(t, err)
		if len(found) != 1 || !found[0].Mends || !strings.HasPrefix(found[0].String(), c.want) {
			t.Errorf("%s: found %v, want %s", name, found, c.want)
		}
		ok(t, e.Ensure(bg, []store.Spec{things}))
		if found, err := e.Inspect(bg, []store.Spec{things}); err != nil || len(found) > 0 {
			t.Fatalf("%s, mended: %v, %v", name, found, err)
		}
	}
}

// TestUnfitCollectionsAreRefused: what cannot be mended is refused by name, and nothing in it is changed.
func TestUnfitCollectionsAreRefused(t *testing.T) {
	e := fresh(t, options.Client())
	for i, c := range []struct {
		options bson.D
		want    string
	}{
		{bson.D{{Key: "capped", Value: true}, {Key: "size", Value: 4096}}, "capped"},
		{bson.D{{Key: "collation", Value: bson.D{{Key: "locale", Value: "en"}}}}, "collation"},
		{bson.D{{Key: "viewOn", Value: "things"}, {Key: "pipeline", Value: bson.A{}}}, "it is a view"},
		{bson.D{{Key: "timeseries", Value: bson.D{{Key: "timeField", Value: "at"}}}}, "it is a timeseries"},
	} {
		name := fmt.Sprint("unfit", i)
		ok(t, e.db.RunCommand(bg, append(bson.D{{Key: "create", Value: name}}, c.options...)).Err())
		found, err := e.Inspect(bg, []store.Spec{{Name: name}})
		ok(t, err)
		if len(found) == 0 || found[0].Mends || !strings.Contains(found[0].String(), c.want) {
			t.Errorf("%s: found %v", c.want, found)
		}
		if err := e.Ensure(bg, []store.Spec{{Name: name}}); err == nil || !strings.Contains(err.Error(), name+": ") {
			t.Errorf("%s: Ensure says %v", c.want, err)
		}
	}
}
