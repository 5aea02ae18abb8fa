package engine

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/store"
	"haggle/internal/store/migrate"
)

// SplitDeals gives the particulars of deals a document of their own: version 1 kept them in the deal's. Nothing else of the
// deal changes, its version neither.
func SplitDeals() migrate.Migration {
	return migrate.Migration{Version: 2, Name: "particulars of deals", Collection: Deals,
		Needs: []store.Spec{spec(Deals), spec(Papers)}, Step: splitDeals}
}

// spec finds a collection's declaration.
func spec(name string) store.Spec {
	for _, s := range Specs() {
		if s.Name == name {
			return s
		}
	}
	panic("engine: no collection " + name)
}

// particularKeys are the fields that moved.
var particularKeys = map[string]bool{"title": true, "description": true, "category": true, "condition": true, "attributes": true,
	"photos": true, "delivery": true, "about": true, "terms": true}

func splitDeals(ctx context.Context, s store.Engine, docs []bson.Raw) error {
	var deals, papers []bson.Raw
	for _, doc := range docs {
		elems, err := doc.Elements()
		if err != nil {
			return err
		}
		var rest, moved bson.D
		for _, e := range elems {
			x := bson.E{Key: e.Key(), Value: e.Value()}
			if particularKeys[x.Key] {
				moved = append(moved, x)
			} else {
				rest = append(rest, x)
			}
		}
		if moved == nil {
			continue // in the new form already
		}
		d, err := bson.Marshal(rest)
		if err != nil {
			return err
		}
		p, err := bson.Marshal(append(bson.D{{Key: "_id", Value: doc.Lookup("_id")}}, moved...))
		if err != nil {
			return err
		}
		deals, papers = append(deals, d), append(papers, p)
	}
	if len(deals) == 0 {
		return nil
	}
	if err := s.Put(ctx, Papers, papers...); err != nil {
		return err
	}
	return s.Put(ctx, Deals, deals...)
}

// DateStandings gives every standing the time since when it is there. Version 2 knew only when it changed last, which stands
// for it.
func DateStandings() migrate.Migration {
	return migrate.Migration{Version: 3, Name: "since when people stand in deals", Collection: Standings,
		Needs: []store.Spec{spec(Standings)}, Step: dateStandings}
}

func dateStandings(ctx context.Context, s store.Engine, docs []bson.Raw) error {
	var dated []bson.Raw
	for _, doc := range docs {
		if doc.Lookup("since").Type != 0 {
			continue
		}
		var d bson.D
		if err := bson.Unmarshal(doc, &d); err != nil {
			return err
		}
		raw, err := bson.Marshal(append(d, bson.E{Key: "since", Value: doc.Lookup("at")}))
		if err != nil {
			return err
		}
		dated = append(dated, raw)
	}
	return s.Put(ctx, Standings, dated...)
}
