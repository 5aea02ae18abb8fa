package main

import (
	"fmt"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"haggle/internal/config"
	"haggle/internal/store"
	"haggle/internal/testenv"
)

// TestEveryCollectionHasAShape: else the database would take any document.
func TestEveryCollectionHasAShape(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range allSpecs() {
		if s.Shape == nil || seen[s.Name] {
			t.Errorf("%s: no shape, or declared twice", s.Name)
			continue
		}
		seen[s.Name] = true
		if fields := store.ShapeOf(s.Shape); len(fields) < 2 || fields[0].Name != "_id" || fields[0].Types == nil && s.Name != "sandbox" {
			t.Errorf("%s: its shape begins with %+v", s.Name, fields)
		}
	}
}

// TestTheDatabaseRefusesWrongDocuments writes into every collection of a site on MongoDB past the program: a document with
// nothing but an _id, and one whose every field is a decimal, which no field of ours is.
func TestTheDatabaseRefusesWrongDocuments(t *testing.T) {
	name := fmt.Sprintf("shapes%d", len(allSpecs()))
	uri := strings.Replace(testenv.Mongod(t), "/?", "/"+name+"?", 1)
	site := &config.Site{Mongo: uri, Migrate: "auto"}
	s, err := openServed(bg, site, nil)
	ok(t, err)
	defer s.Close()
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	ok(t, err)
	defer func() { _ = client.Disconnect(bg) }()
	defer func() { _ = client.Database(name).Drop(bg) }()
	for _, spec := range allSpecs() {
		wrong := bson.D{{Key: "_id", Value: "x"}}
		for _, f := range store.ShapeOf(spec.Shape) {
			if f.Name != "_id" {
				wrong = append(wrong, bson.E{Key: f.Name, Value: bson.Decimal128{}})
			}
		}
		for _, d := range []bson.D{wrong[:1], wrong} {
			_, err := client.Database(name).Collection(spec.Name).InsertOne(bg, d)
			if err == nil || !strings.Contains(err.Error(), "Document failed validation") {
				t.Errorf("%s took %v: %v", spec.Name, d, err)
			}
		}
	}
}

// TestDoctorNamesWhatOthersDidToTheDatabase harms the database of a site in four ways; doctor names each and changes nothing,
// and the next start mends them.
func TestDoctorNamesWhatOthersDidToTheDatabase(t *testing.T) {
	common := farm(t)
	site := testenv.Command(t, "web", common...)
	site.Stop()
	uri := strings.TrimPrefix(common[0], "--mongo=")
	client, err := driver.Connect(options.Client().ApplyURI(uri))
	ok(t, err)
	defer func() { _ = client.Disconnect(bg) }()
	db := client.Database(database(uri))
	doctor := func() (string, int) {
		out, _, code := testenv.Run(t, "", "doctor", "--data="+t.TempDir(), common[0], common[1])
		return out, code
	}
	if out, _ := doctor(); !strings.Contains(out, "ok     schema") {
		t.Errorf("before: %s", out)
	}
	ok(t, db.Collection("accounts").Indexes().DropOne(bg, "email"))
	_, err = db.Collection("keys").Indexes().CreateOne(bg, driver.IndexModel{Keys: bson.D{{Key: "expires", Value: 1}}, Options: options.Index().SetName("ttl").SetExpireAfterSeconds(1)})
	ok(t, err)
	ok(t, db.RunCommand(bg, bson.D{{Key: "collMod", Value: "orders"}, {Key: "validator", Value: bson.D{}}}).Err())
	ok(t, db.RunCommand(bg, bson.D{{Key: "collMod", Value: "deals"}, {Key: "validationAction", Value: "warn"}}).Err())
	for range 2 {
		out, code := doctor()
		for _, want := range []string{"accounts: the index email is missing", "keys: the index ttl is not declared", "orders: it has no validator", "deals: it has a foreign validator"} {
			if code != 1 || !strings.Contains(out, want) {
				t.Errorf("doctor does not name %q: %s", want, out)
			}
		}
	}
	site.Start()
	if out, _ := doctor(); !strings.Contains(out, "ok     schema") {
		t.Errorf("after a start: %s", out)
	}
}
