package store

import (
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Inner is embedded in front of nothing: its _id comes after another field.
type Inner struct {
	ID string `bson:"_id"`
	N  int64  `bson:"n"`
}

func TestEncodePutsTheIDFirst(t *testing.T) {
	raw, err := Encode(struct {
		Before string `bson:"before"`
		Inner  `bson:",inline"`
		After  []int `bson:"after"`
	}{"x", Inner{"a", 7}, []int{1, 2}})
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Validate(); err != nil {
		t.Fatal(err)
	}
	var d bson.D
	if err := Decode(raw, &d); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range d {
		names = append(names, e.Key)
	}
	if len(names) != 4 || names[0] != "_id" || names[1] != "before" || names[2] != "n" || names[3] != "after" {
		t.Errorf("fields in the order %v", names)
	}
}

func TestEncodeRefusesWhatHasNoID(t *testing.T) {
	for _, v := range []any{Inner{}, struct{ N int }{1}, bson.D{{Key: "_id", Value: 5}}, "text", nil} {
		if _, err := Encode(v); err == nil {
			t.Errorf("encoded %#v", v)
		}
	}
}

func TestVersionIsAnInteger(t *testing.T) {
	for _, v := range []any{1.0, "1", nil, true} {
		raw, err := bson.Marshal(bson.D{{Key: "version", Value: v}})
		if err != nil {
			t.Fatal(err)
		}
		if n, ok := Version(raw); ok {
			t.Errorf("%T counts as version %d", v, n)
		}
	}
}
