package market

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/engine"
	"haggle/internal/store"
	"haggle/internal/store/migrate"
)

// Migrations bring the documents of an older site to the form that this program reads and writes, one version after the
// other. The first form was version 1; the program's version is the last one that is made here.
//
// What needs one: a field that is always written (without omitempty) and that older documents lack, another meaning or
// another place of a field, another _id, other fields of an index, which programs of before could not read by. What needs none:
// a new collection, a new index, a field with omitempty.
func Migrations() migrate.List {
	return migrate.List{engine.SplitDeals(), engine.DateStandings(), DayNotices()}
}

// DayNotices lets notices end with a day. In version 3 each ended at its own moment, and what was unread was found in order of
// time: both changed whenever a notice was told anew.
func DayNotices() migrate.Migration {
	return migrate.Migration{Version: 4, Name: "notices end with a day", Collection: Notices, Needs: noticeSpecs(), Step: dayNotices}
}

func dayNotices(ctx context.Context, s store.Engine, docs []bson.Raw) error {
	var rounded []bson.Raw
	for _, doc := range docs {
		var n NoticeRow
		if err := store.Decode(doc, &n); err != nil {
			return err
		}
		end := endOfDay(n.Expires)
		if end.Equal(n.Expires) {
			continue
		}
		n.Expires = end
		raw, err := store.Encode(n)
		if err != nil {
			return err
		}
		rounded = append(rounded, raw)
	}
	return s.Put(ctx, Notices, rounded...)
}
