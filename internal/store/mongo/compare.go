package mongo

import (
	"bytes"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
)

// index is one as the server lists it, with every option that it has.
type index struct{ bson.Raw }

// UnmarshalBSON keeps the whole document.
func (x *index) UnmarshalBSON(raw []byte) error {
	x.Raw = bytes.Clone(raw)
	return nil
}

func (x index) name() string { s, _ := x.Lookup("name").StringValueOK(); return s }

// is reports whether the index is what a declaration asks for, option by option. One that the declaration does not know
// (a time to live, a collation, hidden) makes it another.
func (x index) is(declared store.Index) bool {
	return x.name() == declared.Name && x.differs(declared) == ""
}

// differs names what is otherwise than declared; empty: nothing.
func (x index) differs(declared store.Index) string {
	some := bson.Raw(nil)
	if declared.Sparse {
		some = raw(inIndex(declared))
	}
	unique, _ := x.Lookup("unique").BooleanOK()
	keys, _ := x.Lookup("key").DocumentOK()
	part, _ := x.Lookup("partialFilterExpression").DocumentOK()
	switch {
	case !bytes.Equal(keys, raw(order(declared, false))):
		return fmt.Sprintf("is over %v", keys)
	case unique != declared.Unique && unique:
		return "is unique"
	case unique != declared.Unique:
		return "is not unique"
	case !bytes.Equal(part, some):
		return "holds other documents (partialFilterExpression)"
	}
	return x.foreign()
}

// foreign names the first option that no declaration has.
func (x index) foreign() string {
	elems, err := x.Elements()
	if err != nil {
		return "cannot be read"
	}
	for _, e := range elems {
		switch e.Key() {
		case "v", "key", "name", "unique", "partialFilterExpression", "ns", "background":
		default:
			return "has the option " + e.Key()
		}
	}
	return ""
}

func raw(d bson.D) bson.Raw {
	b, err := bson.Marshal(d)
	if err != nil {
		panic(err) // strings, numbers and bools always encode
	}
	return b
}

// unfit are options of a collection with which it cannot keep what the port promises, and that cannot be taken away.
var unfit = []string{"capped", "collation", "timeseries", "viewOn", "clusteredIndex", "expireAfterSeconds", "encryptedFields"}

// compare says where a collection is not what is declared.
func compare(s store.Spec, c collection, have []index) (all []store.Difference) {
	add := func(mends bool, what string) {
		all = append(all, store.Difference{Coll: s.Name, What: what, Mends: mends})
	}
	if c.kind != "collection" {
		add(false, "it is a "+c.kind+", not a collection")
		return all
	}
	for _, name := range unfit {
		if c.options.Lookup(name).Type != 0 {
			add(false, "the collection was made with the option "+name)
		}
	}
	if !sameValidator(s, c) {
		if c.options.Lookup("validator").Type == 0 {
			add(true, "it has no validator")
		} else {
			add(true, "it has a foreign validator, or one that does not refuse")
		}
	}
	return append(all, compareIndexes(s, have)...)
}

func compareIndexes(s store.Spec, have []index) (all []store.Difference) {
	add := func(what string) { all = append(all, store.Difference{Coll: s.Name, What: what, Mends: true}) }
	for _, x := range s.Indexes {
		at := slices.IndexFunc(have, func(b index) bool { return b.name() == x.Name })
		if at < 0 {
			add("the index " + x.Name + " is missing")
		} else if what := have[at].differs(x); what != "" {
			add("the index " + x.Name + " " + what)
		}
	}
	for _, b := range have {
		if _, ok := s.Index(b.name()); !ok {
			add("the index " + b.name() + " is not declared")
		}
	}
	return all
}

// sameValidator reports whether a collection has the validator of its declaration, and the server acts on it.
func sameValidator(s store.Spec, c collection) bool {
	have, _ := c.options.Lookup("validator").DocumentOK()
	level, _ := c.options.Lookup("validationLevel").StringValueOK()
	action, _ := c.options.Lookup("validationAction").StringValueOK()
	return bytes.Equal(have, raw(validator(s))) && (level == "" || level == "strict") && (action == "" || action == "error")
}
