package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/market"
	"haggle/internal/store"
	"haggle/internal/store/archive"
	"haggle/internal/store/migrate"
	"haggle/internal/store/sqlite"
	"haggle/internal/testenv"
)

var bg = context.Background()

// beside opens the store of a folder, with what says of which version it is.
func beside(t testing.TB, folder string) store.Engine {
	t.Helper()
	s, err := sqlite.Open(folder, store.Hooks{})
	ok(t, err)
	t.Cleanup(func() { _ = s.Close() })
	ok(t, s.Ensure(bg, []store.Spec{migrate.Spec(), siteSpec()}))
	return s
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestANewerStoreIsRefusedByName tries every command that opens a store.
func TestANewerStoreIsRefusedByName(t *testing.T) {
	data := t.TempDir()
	s := beside(t, data)
	_, err := migrate.Stamp(bg, s, 99, "haggle (of tomorrow)")
	ok(t, err)
	_, err = claimSite(bg, s, "TWD", make([]byte, 32), time.Now())
	ok(t, err)
	file := filepath.Join(t.TempDir(), "copy")
	ok(t, archive.Create(file, func(f *os.File) error {
		_, err := archive.Save(bg, s, f, func(ctx context.Context) (archive.Header, error) { return header(ctx, s) }, nil)
		return err
	}))
	ok(t, s.Close())
	want := fmt.Sprintf("is of version 99, written by haggle (of tomorrow); this program knows up to %d", market.Migrations().Known())
	for _, args := range []string{"serve --listen=127.0.0.1:0", "serve --migrate=never --listen=127.0.0.1:0", "seed", "reindex", "ledger verify", "backup " + file + "2", "role a@example.org admin", "migrate", "migrate --dry-run"} {
		_, errs, code := testenv.Run(t, "", append(strings.Fields(args), "--data="+data)...)
		if code != 1 || !strings.Contains(errs, "this store "+want) {
			t.Errorf("haggle %s: exit %d, %s", args, code, errs)
		}
	}
	if out, _, code := testenv.Run(t, "", "doctor", "--data="+data); code != 1 || !strings.Contains(out, want) {
		t.Errorf("haggle doctor: exit %d, %s", code, out)
	}
	into := filepath.Join(t.TempDir(), "into")
	_, errs, code := testenv.Run(t, "", "restore", file, "--data="+into)
	if want := strings.Replace(want, "haggle (of tomorrow)", program(), 1); code != 1 || !strings.Contains(errs, "this backup is of version 99, written by haggle") {
		t.Errorf("haggle restore: exit %d, %s; want %s", code, errs, want)
	}
	if _, err := os.Stat(into); !os.IsNotExist(err) {
		t.Error("it made the folder")
	}
}

// TestTheFirstProgramsRefuseANewerStore does with the site's row what the first programs do at their start: they knew no
// versions, and all of them hold its currency against theirs.
func TestTheFirstProgramsRefuseANewerStore(t *testing.T) {
	s := beside(t, t.TempDir())
	row := func() (old struct{ Currency string }) {
		raw, err := s.Get(bg, sites, theSite)
		ok(t, err)
		ok(t, bson.Unmarshal(raw, &old))
		return old
	}
	ok(t, s.Insert(bg, sites, mustEncode(t, siteRow{ID: theSite, Currency: "TWD", LogKey: strings.Repeat("0", 64)}))) // as they wrote it
	if got, err := claimSite(bg, s, "TWD", make([]byte, 32), time.Now()); err != nil || row().Currency != "TWD" || got.Currency != "TWD" {
		t.Errorf("in a store of version 1: %+v, stored %q, %v", got, row().Currency, err)
	}
	list := migrate.List{{Version: 2, Name: "a toy", Collection: sites, Step: func(context.Context, store.Engine, []bson.Raw) error {
		if c := row().Currency; c == "TWD" {
			t.Error("documents are rewritten, and the first programs would still serve")
		}
		return nil
	}}}
	opts := migration(s, 2, nil)
	opts.Grace = 0
	ok(t, list.Run(bg, s, opts))
	if c := row().Currency; !strings.Contains(c, "version 2, written by a newer haggle") {
		t.Errorf("the first programs read the currency %q", c)
	}
	other := make([]byte, 32)
	other[0] = 1 // another key is written, and the mark stays
	got, err := claimSite(bg, s, "TWD", other, time.Now())
	if read, _ := readSite(bg, s); err != nil || got.Currency != "TWD" || read.Currency != "TWD" || read.LogKey != got.LogKey || row().Currency == "TWD" {
		t.Errorf("this program reads %+v and %+v, %v", got, read, err)
	}
	if _, err := claimSite(bg, s, "USD", other, time.Now()); err == nil || !strings.Contains(err.Error(), "trades in TWD") {
		t.Errorf("another currency: %v", err)
	}
}

func mustEncode(t testing.TB, v any) bson.Raw {
	t.Helper()
	raw, err := store.Encode(v)
	ok(t, err)
	return raw
}

// TestAProgramEndsWhenItsStoreIsTakenOver begins a migration beside a running site: before the first document is touched
// it takes no writes any more, and it ends by itself.
func TestAProgramEndsWhenItsStoreIsTakenOver(t *testing.T) {
	site := testenv.Serve(t)
	seller, bidder := member(t, site.URL, "seller"), member(t, site.URL, "bidder")
	d := seller.auction(bidder, 600)
	s := beside(t, site.Data)
	known := market.Migrations().Known()
	walked := false
	list := append(market.Migrations(), migrate.Migration{Version: known + 1, Name: "a toy", Collection: "deals", Needs: market.Specs(),
		Step: func(context.Context, store.Engine, []bson.Raw) error {
			walked = true
			if status, err := bid(bidder, d.ID, 50000); err == nil && status != http.StatusServiceUnavailable {
				t.Errorf("a bid behind the walk answers %d", status)
			}
			return nil
		}})
	ok(t, list.Run(bg, s, migration(s, known+1, nil)))
	if code := site.Stop(); code != 1 || !walked {
		t.Errorf("exit %d, walked %v; %s", code, walked, site.Log())
	}
	if _, errs, code := testenv.Run(t, "", "serve", "--listen=127.0.0.1:0", "--data="+site.Data); code != 1 || !strings.Contains(errs, fmt.Sprintf("is of version %d", known+1)) {
		t.Errorf("started again: exit %d, %s", code, errs)
	}
}

// TestAStoreOfTheFirstVersion is a backup of the demo market as the first program (3e12a2a) had filled it, without its
// photos: it is restored, refused as long as it may not be migrated, brought up, and then whole.
func TestAStoreOfTheFirstVersion(t *testing.T) {
	data := "--data=" + t.TempDir()
	run := func(want int, says string, args ...string) {
		t.Helper()
		out, errs, code := testenv.Run(t, "", append(args, data)...)
		if code != want || !strings.Contains(out+errs, says) {
			t.Errorf("haggle %v: exit %d, %s%s; want %d and %q", args, code, out, errs, want, says)
		}
	}
	known := market.Migrations().Known()
	run(0, "documents of version 1", "restore", filepath.Join("testdata", "version1.backup"))
	needs := fmt.Sprintf("this store is of version 1; this program needs version %d", known)
	for _, args := range []string{"serve --migrate=never --listen=127.0.0.1:0", "ledger verify"} {
		run(1, needs, strings.Fields(args)...)
	}
	run(0, "version 2: particulars of deals (", "migrate", "--dry-run")
	run(1, needs, "ledger", "verify") // nothing was changed
	run(0, fmt.Sprintf("the store is of version %d, as this program", known), "migrate")
	run(0, "the books balance: ", "ledger", "verify")
	out, _, _ := testenv.Run(t, "", "doctor", "--logs", data)
	for _, want := range []string{"ok     schema    is of version", "ok     store", "ok     books", "ok     logs"} {
		if !strings.Contains(out, want) {
			t.Errorf("doctor lacks %q: %s", want, out)
		}
	}
	site := testenv.Serve(t, data)
	var found struct{ Total int }
	for end := time.Now().Add(20 * time.Second); found.Total < 30; time.Sleep(50 * time.Millisecond) { // the index follows the store
		client{t: t, url: site.URL}.call("GET", "/search", nil, 200, &found)
		if time.Now().After(end) {
			t.Fatalf("%d open deals are found", found.Total)
		}
	}
}

// TestAHalfRestoredStoreIsRefused: a restore that was cut off leaves a mark; nobody serves, and repeating it ends well.
func TestAHalfRestoredStoreIsRefused(t *testing.T) {
	from, err := filepath.Abs(filepath.Join("testdata", "version1.backup"))
	ok(t, err)
	f, err := os.Open(from)
	ok(t, err)
	defer f.Close()
	_, sum, err := archive.Check(f)
	ok(t, err)
	data := t.TempDir()
	s := beside(t, data)
	ok(t, s.Ensure(bg, []store.Spec{{Name: "accounts"}}))
	ok(t, s.Insert(bg, migrate.Collection, mustEncode(t, restoreMark{ID: markID, Version: 1, Digest: sum.Digest})))
	ok(t, s.Insert(bg, "accounts", mustEncode(t, bson.D{{Key: "_id", Value: "half"}})))
	ok(t, s.Close())
	for _, args := range []string{"serve --listen=127.0.0.1:0", "ledger verify", "migrate", "backup " + filepath.Join(t.TempDir(), "x")} {
		_, errs, code := testenv.Run(t, "", append(strings.Fields(args), "--data="+data)...)
		if code != 1 || !strings.Contains(errs, "a restore into this store was not finished") {
			t.Errorf("haggle %s: exit %d, %s", args, code, errs)
		}
	}
	for _, want := range []struct {
		code int
		says string
	}{{0, "holds the same"}, {1, "is not empty: there are documents in"}} {
		out, errs, code := testenv.Run(t, "", "restore", from, "--data="+data)
		if code != want.code || !strings.Contains(out+errs, want.says) {
			t.Errorf("restore: exit %d, %s%s; want %s", code, out, errs, want.says)
		}
	}
}
