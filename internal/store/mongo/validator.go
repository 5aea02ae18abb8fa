package mongo

import (
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// indexable are the types that the port admits in an indexed field.
var indexable = []string{"string", "int", "long", "bool", "date", "null"}

// property is what a validator asks of one field. Its order is that of the fields, so that two equal declarations give the
// same bytes.
type property struct {
	types    []string // nil: any
	noArray  bool
	nonEmpty bool
	inside   *properties
}

type properties struct {
	names []string
	byKey map[string]*property
}

func newProperties() *properties { return &properties{byKey: map[string]*property{}} }

func (p *properties) at(name string) *property {
	if _, ok := p.byKey[name]; !ok {
		p.names = append(p.names, name)
		p.byKey[name] = &property{}
	}
	return p.byKey[name]
}

// validator is the condition that the server holds every written document against, whoever writes it: an _id that is a
// string, the fields that the shape always has, all in their types, and nothing that cannot be indexed in an index.
func validator(s store.Spec) bson.D {
	all := newProperties()
	id := all.at("_id")
	id.types, id.nonEmpty = []string{"string"}, true
	required := bson.A{"_id"}
	for _, f := range store.ShapeOf(s.Shape) {
		if f.Name == "_id" {
			continue
		}
		all.at(f.Name).types = f.Types
		if f.Required {
			required = append(required, f.Name)
		}
	}
	for _, x := range s.Indexes {
		for _, f := range x.Fields {
			all.index(f.Path)
		}
	}
	schema := append(bson.D{{Key: "bsonType", Value: "object"}, {Key: "required", Value: required}}, all.doc()...)
	return bson.D{{Key: "$jsonSchema", Value: schema}}
}

// index asks that what stands at a path can be indexed.
func (p *properties) index(path string) {
	name, rest, deeper := strings.Cut(path, ".")
	f := p.at(name)
	if !deeper {
		if f.types == nil {
			f.types = indexable
		}
		f.types = slices.DeleteFunc(slices.Clone(f.types), func(t string) bool { return !slices.Contains(indexable, t) })
		return
	}
	f.noArray = f.types == nil
	if f.inside == nil {
		f.inside = newProperties()
	}
	f.inside.index(rest)
}

func (p *properties) doc() bson.D {
	fields := bson.D{}
	for _, name := range p.names {
		fields = append(fields, bson.E{Key: name, Value: p.byKey[name].doc()})
	}
	return bson.D{{Key: "properties", Value: fields}}
}

func (f *property) doc() bson.D {
	d := bson.D{}
	if f.types != nil {
		d = append(d, bson.E{Key: "bsonType", Value: f.types})
	}
	if f.noArray {
		d = append(d, bson.E{Key: "not", Value: bson.D{{Key: "bsonType", Value: "array"}}})
	}
	if f.nonEmpty {
		d = append(d, bson.E{Key: "minLength", Value: int32(1)})
	}
	if f.inside != nil {
		d = append(d, f.inside.doc()...)
	}
	return d
}
