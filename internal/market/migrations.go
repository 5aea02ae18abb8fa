package market

import (
	"haggle/internal/engine"
	"haggle/internal/store/migrate"
)

// Migrations bring the documents of an older site to the form that this program reads and writes, one version after the
// other. The first form was version 1; the program's version is the last one that is made here.
//
// What needs one: a field that is always written (without omitempty) and that older documents lack, another meaning or
// another place of a field, another _id. What needs none: a new collection, a new index, a field with omitempty.
func Migrations() migrate.List {
	return migrate.List{engine.SplitDeals(), engine.DateStandings()}
}
