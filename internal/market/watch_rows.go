package market

import (
	"time"

	"haggle/internal/money"
	"haggle/internal/store"
)

// WatchRow is a deal on somebody's watchlist.
type WatchRow struct {
	ID       string     `bson:"_id"` // account and deal
	Account  string     `bson:"account"`
	Deal     string     `bson:"deal"`
	At       time.Time  `bson:"at"`
	RemindAt *time.Time `bson:"remindAt,omitempty"` // when to look whether it ends soon; absent once that was told
}

// SearchRow is a saved search.
type SearchRow struct {
	ID        string        `bson:"_id"`
	Version   int64         `bson:"version"`
	Account   string        `bson:"account"`
	Name      string        `bson:"name"`
	Text      string        `bson:"text,omitempty"`
	Kind      string        `bson:"kind,omitempty"`
	Category  string        `bson:"category,omitempty"`
	Condition string        `bson:"condition,omitempty"`
	PriceMin  *money.Amount `bson:"priceMin,omitempty"`
	PriceMax  *money.Amount `bson:"priceMax,omitempty"`
	At        time.Time     `bson:"at"`
	CheckedAt time.Time     `bson:"checkedAt"`       // when it was last asked
	NewSince  time.Time     `bson:"newSince"`        // from when on the finds count that its unread notice tells of
	Known     []string      `bson:"known,omitempty"` // the newest finds of the last time
}

type watchRows struct {
	watches  *store.Collection[WatchRow]
	searches *store.Collection[SearchRow]
}

func newWatchRows(s store.Engine) watchRows {
	return watchRows{watches: store.NewCollection[WatchRow](s, Watches), searches: store.NewCollection[SearchRow](s, Searches)}
}

func watchSpecs() []store.Spec {
	field := func(path string) store.Field { return store.Field{Path: path} }
	return []store.Spec{
		{Name: Watches, Shape: WatchRow{}, Indexes: []store.Index{
			{Name: "account", Fields: []store.Field{field("account"), field("at")}},
			{Name: "deal", Fields: []store.Field{field("deal")}},
			{Name: "remind", Fields: []store.Field{field("remindAt")}, Sparse: true},
		}},
		{Name: Searches, Shape: SearchRow{}, Indexes: []store.Index{
			{Name: "account", Fields: []store.Field{field("account"), field("at")}},
			{Name: "checked", Fields: []store.Field{field("checkedAt")}},
		}},
	}
}
