package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"haggle/internal/store"
	"haggle/internal/store/migrate"
)

// sites is the collection of the one row that says what a store was made for.
const sites = "site"

// siteRow is written when the store is first served. Commands that look at a store take the currency from it.
//
// The first programs knew no versions, but they all read this row's currency before anything else, and go no further where
// it is not theirs. So in a store that they must not touch the currency stands in another field, and in its old place a
// sentence, which they print when they refuse.
type siteRow struct {
	ID       string    `bson:"_id"`
	Currency string    `bson:"currency"`
	Trades   string    `bson:"trades,omitempty"` // the currency, where Currency is that sentence
	LogKey   string    `bson:"logKey"`           // the public key that signs the logs, hex
	From     time.Time `bson:"from"`             // since when
}

const theSite = "site"

var errNoSite = errors.New("nothing was ever served from this store")

func siteSpec() store.Spec { return store.Spec{Name: sites, Shape: siteRow{}} }

// stored is the row as it is kept in a store of some version.
func (r siteRow) stored(schema int) siteRow {
	if schema > 1 {
		r.Trades, r.Currency = r.Currency, fmt.Sprintf("no currency this program knows: the store is of version %d, written by a newer haggle", schema)
	}
	return r
}

// read is the row as it is meant.
func (r siteRow) read() siteRow {
	if r.Trades != "" {
		r.Currency, r.Trades = r.Trades, ""
	}
	return r
}

// readSite reads what the store was made for; errNoSite where it is new.
func readSite(ctx context.Context, s store.Engine) (siteRow, error) {
	row, err := store.NewCollection[siteRow](s, sites).Get(ctx, theSite)
	if errors.Is(err, store.ErrNotFound) {
		return row, errNoSite
	}
	return row.read(), err
}

// markSite writes the row anew for a version of the store. It belongs to a transaction; a store without the row needs none.
func markSite(ctx context.Context, s store.Engine, schema int) error {
	row, err := readSite(ctx, s)
	if errors.Is(err, errNoSite) {
		return nil
	}
	if err != nil {
		return err
	}
	return store.NewCollection[siteRow](s, sites).Put(ctx, row.stored(schema))
}

// claimSite writes the row of a new store. It refuses to serve a store that was made for another currency; a new log key
// takes the place of the old one.
func claimSite(ctx context.Context, s store.Engine, currency string, key []byte, now time.Time) (row siteRow, err error) {
	rows := store.NewCollection[siteRow](s, sites)
	err = s.Tx(ctx, func(ctx context.Context) error {
		state, err := migrate.Read(ctx, s)
		if err != nil {
			return err
		}
		row, err = readSite(ctx, s)
		switch {
		case errors.Is(err, errNoSite):
			row = siteRow{ID: theSite, Currency: currency, LogKey: hex.EncodeToString(key), From: now}
			return rows.Insert(ctx, row.stored(state.Schema))
		case err != nil:
			return err
		case row.Currency != currency:
			return fmt.Errorf("this store trades in %s; --currency=%s needs a store of its own", row.Currency, currency)
		case row.LogKey != hex.EncodeToString(key):
			row.LogKey, row.From = hex.EncodeToString(key), now
			return rows.Put(ctx, row.stored(state.Schema))
		}
		return nil
	})
	return row, err
}
