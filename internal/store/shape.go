package store

import (
	"reflect"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// FieldShape is one field of the documents of a Go type.
type FieldShape struct {
	Name     string
	Types    []string // BSON types as MongoDB names them; nil: any
	Required bool     // it is always written
}

// ShapeOf reads the fields of the documents that a struct encodes to. A field without omitempty is always written, so it
// is required: one that is added to a type whose documents are there already needs omitempty, or a migration.
func ShapeOf(v any) []FieldShape {
	if v == nil {
		return nil
	}
	return fieldsOf(reflect.TypeOf(v))
}

func fieldsOf(t reflect.Type) (out []FieldShape) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, rest, _ := strings.Cut(f.Tag.Get("bson"), ",")
		options := "," + rest + ","
		switch {
		case name == "-" || !f.IsExported() && !f.Anonymous:
			continue
		case strings.Contains(options, ",inline,"):
			if f.Type.Kind() == reflect.Struct {
				out = append(out, fieldsOf(f.Type)...)
			}
			continue
		case name == "":
			name = strings.ToLower(f.Name)
		}
		out = append(out, FieldShape{Name: name, Types: typesOf(f.Type), Required: !strings.Contains(options, ",omitempty,")})
	}
	return out
}

var (
	timeType  = reflect.TypeFor[time.Time]()
	rawType   = reflect.TypeFor[bson.Raw]()
	marshaler = []reflect.Type{reflect.TypeFor[bson.ValueMarshaler](), reflect.TypeFor[bson.Marshaler]()}
)

// typesOf are the BSON types that a Go type encodes to.
func typesOf(t reflect.Type) []string {
	for _, m := range marshaler {
		if t.Implements(m) || reflect.PointerTo(t).Implements(m) {
			return nil
		}
	}
	switch t {
	case timeType:
		return []string{"date"}
	case rawType:
		return []string{"object", "null"}
	}
	switch t.Kind() {
	case reflect.String:
		return []string{"string"}
	case reflect.Bool:
		return []string{"bool"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return []string{"int", "long"}
	case reflect.Struct:
		return []string{"object"}
	case reflect.Map:
		return []string{"object", "null"}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return []string{"binData", "null"}
		}
		return []string{"array", "null"}
	case reflect.Pointer:
		if types := typesOf(t.Elem()); types != nil {
			return append(types, "null")
		}
	}
	return nil
}
