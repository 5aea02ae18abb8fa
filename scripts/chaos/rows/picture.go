// Package rows reads a store of haggle as it is on disk or on its server, by nothing but its drivers: what the collections
// are called and what their documents look like is written down here a second time.
package rows

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// Picture is everything of a store that is judged, at one moment. It is held in memory.
type Picture struct {
	Deals     map[string]Deal
	Papers    map[string]Paper
	Segments  map[string][]Segment // by deal, in order of their ids
	Standings map[string][]Standing
	Entries   []Entry
	Awards    map[string][]Award
	Orders    map[string]Order
	Holds     []Hold
	Transfers map[string]Transfer
	Balances  map[string]Balance
	Keys      map[string]Key
	Outbox    []Outbox
	Intents   map[string]Intent
	Charges   map[string]Charge
	Accounts  map[string]bool
}

// Source is a store at one moment.
type Source interface {
	// Scan reads a collection in order of _id; one that is not there is empty.
	Scan(ctx context.Context, coll string, fn func(doc bson.Raw) error) error
}

// Look reads a picture.
func Look(ctx context.Context, s Source) (*Picture, error) {
	p := &Picture{Deals: map[string]Deal{}, Papers: map[string]Paper{}, Segments: map[string][]Segment{}, Standings: map[string][]Standing{},
		Awards: map[string][]Award{}, Orders: map[string]Order{}, Transfers: map[string]Transfer{}, Balances: map[string]Balance{},
		Keys: map[string]Key{}, Intents: map[string]Intent{}, Charges: map[string]Charge{}, Accounts: map[string]bool{}}
	readers := map[string]func(bson.Raw) error{
		"deals":       into(func(d Deal) { p.Deals[d.ID] = d }),
		"particulars": into(func(d Paper) { p.Papers[d.ID] = d }),
		"segments":    into(func(d Segment) { p.Segments[d.Deal] = append(p.Segments[d.Deal], d) }),
		"standings":   into(func(d Standing) { p.Standings[d.Deal] = append(p.Standings[d.Deal], d) }),
		"entries":     into(func(d Entry) { p.Entries = append(p.Entries, d) }),
		"awards":      into(func(d Award) { p.Awards[d.Deal] = append(p.Awards[d.Deal], d) }),
		"orders":      into(func(d Order) { p.Orders[d.ID] = d }),
		"holds":       into(func(d Hold) { p.Holds = append(p.Holds, d) }),
		"journal":     into(func(d Transfer) { p.Transfers[d.ID] = d }),
		"balances":    into(func(d Balance) { p.Balances[d.User] = d }),
		"keys":        into(func(d Key) { p.Keys[d.ID] = d }),
		"outbox":      into(func(d Outbox) { p.Outbox = append(p.Outbox, d) }),
		"intents":     into(func(d Intent) { p.Intents[d.ID] = d }),
		"sandbox":     into(func(d Charge) { p.Charges[d.Intent] = d }),
		"accounts": into(func(d struct {
			ID string `bson:"_id"`
		}) {
			p.Accounts[d.ID] = true
		}),
	}
	for _, coll := range slices.Sorted(maps.Keys(readers)) {
		if err := s.Scan(ctx, coll, readers[coll]); err != nil {
			return nil, fmt.Errorf("%s: %w", coll, err)
		}
	}
	return p, nil
}

func into[T any](take func(T)) func(bson.Raw) error {
	return func(doc bson.Raw) error {
		var v T
		if err := bson.Unmarshal(doc, &v); err != nil {
			return fmt.Errorf("%v: %w", doc.Lookup("_id"), err)
		}
		take(v)
		return nil
	}
}
