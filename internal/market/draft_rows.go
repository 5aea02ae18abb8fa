package market

import (
	"time"

	"haggle/internal/store"
)

// DraftRow is a form of an opening that somebody has begun to fill in.
type DraftRow struct {
	ID      string              `bson:"_id"`
	Account string              `bson:"account"`
	Kind    string              `bson:"kind"` // of deal
	Fields  map[string][]string `bson:"fields"`
	Photos  []string            `bson:"photos,omitempty"`
	At      time.Time           `bson:"at"` // of the last change
}

// KeptFormRow is a form that could not be taken because its session was over. Only its account, or the browser that has
// its id where no account is known, gets it back.
type KeptFormRow struct {
	ID      string    `bson:"_id"`               // hash of what the browser has
	Account string    `bson:"account,omitempty"` // whose page it was on; absent: a guest's
	Sealed  string    `bson:"sealed"`            // where it was sent to, and what was typed
	Expires time.Time `bson:"expires"`
}

// Names of the collections of what is not sent yet.
const (
	Drafts    = "drafts"
	KeptForms = "kept_forms"
)

type draftRows struct {
	drafts    *store.Collection[DraftRow]
	keptForms *store.Collection[KeptFormRow]
}

func newDraftRows(s store.Engine) draftRows {
	return draftRows{drafts: store.NewCollection[DraftRow](s, Drafts), keptForms: store.NewCollection[KeptFormRow](s, KeptForms)}
}

func draftSpecs() []store.Spec {
	field := func(path string) store.Field { return store.Field{Path: path} }
	return []store.Spec{
		{Name: Drafts, Shape: DraftRow{}, Indexes: []store.Index{
			{Name: "account", Fields: []store.Field{field("account"), field("at")}},
			{Name: "at", Fields: []store.Field{field("at")}},
		}},
		{Name: KeptForms, Shape: KeptFormRow{}, Indexes: []store.Index{{Name: "expires", Fields: []store.Field{field("expires")}}}},
	}
}
