package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"haggle/internal/store"
)

// sites is the collection of the one row that says what a store was made for.
const sites = "site"

// siteRow is written when the store is first served. Commands that look at a store take the currency from it.
type siteRow struct {
	ID       string    `bson:"_id"`
	Currency string    `bson:"currency"`
	LogKey   string    `bson:"logKey"` // the public key that signs the logs, hex
	From     time.Time `bson:"from"`   // since when
}

const theSite = "site"

var errNoSite = errors.New("nothing was ever served from this store")

func siteSpec() store.Spec { return store.Spec{Name: sites} }

// readSite reads what the store was made for; errNoSite where it is new.
func readSite(ctx context.Context, s store.Engine) (siteRow, error) {
	row, err := store.NewCollection[siteRow](s, sites).Get(ctx, theSite)
	if errors.Is(err, store.ErrNotFound) {
		return row, errNoSite
	}
	return row, err
}

// claimSite writes the row of a new store. It refuses to serve a store that was made for another currency; a new log key
// takes the place of the old one.
func claimSite(ctx context.Context, s store.Engine, currency string, key []byte, now time.Time) (row siteRow, err error) {
	rows := store.NewCollection[siteRow](s, sites)
	err = s.Tx(ctx, func(ctx context.Context) error {
		row, err = rows.Get(ctx, theSite)
		switch {
		case errors.Is(err, store.ErrNotFound):
			row = siteRow{ID: theSite, Currency: currency, LogKey: hex.EncodeToString(key), From: now}
			return rows.Insert(ctx, row)
		case err != nil:
			return err
		case row.Currency != currency:
			return fmt.Errorf("this store trades in %s; --currency=%s needs a store of its own", row.Currency, currency)
		case row.LogKey != hex.EncodeToString(key):
			row.LogKey, row.From = hex.EncodeToString(key), now
			return rows.Put(ctx, row)
		}
		return nil
	})
	return row, err
}
