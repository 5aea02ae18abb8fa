package market_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.mongodb.org/mongo-driver/v2/bson"

	"haggle/internal/engine"
	"haggle/internal/fault"
	"haggle/internal/live"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/order"
	"haggle/internal/store"
)

// ears gives a door a hub, so that its people hear of things at once.
func ears(t *testing.T) func(*market.Config) {
	hub := live.New(nil)
	t.Cleanup(hub.Close)
	return func(c *market.Config) { c.Live = hub }
}

// auction opens an auction of some hours.
func (d *door) auction(seller market.Actor, hours int64) string {
	d.t.Helper()
	start, seconds := money.Amount(10_000), hours*3600
	v, _, err := d.OpenListing(d.t.Context(), seller, market.Key{}, market.ListingInput{About: market.About{Title: "Film camera", Category: d.Categories()[0].ID, Condition: "good"},
		Until: market.Until{DurationSeconds: &seconds}, Format: "english", StartPrice: &start})
	must(d.t, err)
	return v.ID
}

func (d *door) bid(who market.Actor, id string, max money.Amount) {
	d.t.Helper()
	_, err := d.PlaceBid(d.t.Context(), who, market.Key{}, id, market.BidInput{Max: max})
	must(d.t, err)
}

// tell writes the news of a deal, as the outbox's job does.
func (d *door) tell(id string) {
	d.t.Helper()
	deal, err := d.Engine().Deal(d.t.Context(), id)
	must(d.t, err)
	if failed := d.MailDeals(d.t.Context(), []engine.Deal{deal}); len(failed) > 0 {
		d.t.Fatal(failed)
	}
}

func (d *door) later(by time.Duration) { d.now = d.now.Add(by) }

// whats are the notices of somebody, the newest first, and how many he has not read.
func (d *door) whats(who market.Actor) ([]string, int64) {
	d.t.Helper()
	v, err := d.Notices(d.t.Context(), who, 0, "")
	must(d.t, err)
	all := []string{}
	for _, n := range v.Items {
		all = append(all, n.What)
	}
	return all, v.Unread
}

func TestOutbidIsANoticeOnce(t *testing.T) {
	d := newDoor(t, ears(t))
	seller, ann, bob := d.member("seller"), d.member("ann"), d.member("bob")
	id := d.auction(seller, 24)
	d.bid(ann, id, 20_000)
	d.tell(id)
	feed, err := d.WatchNotices(ann)
	must(t, err)
	defer feed.Close()
	if n, err := d.Unread(t.Context(), ann); n != 0 || err != nil {
		t.Fatalf("before anything: %d, %v", n, err)
	}
	d.later(time.Second)
	d.bid(bob, id, 30_000)
	d.tell(id)
	d.tell(id)
	select {
	case <-feed.C:
	case <-time.After(time.Second):
		t.Error("ann's pages did not hear of it")
	}
	if got, unread := d.whats(ann); !slices.Equal(got, []string{"outbid"}) || unread != 1 {
		t.Errorf("ann has %q, %d unread", got, unread)
	}
	if n, _ := d.Unread(t.Context(), ann); n != 1 {
		t.Errorf("the bell says %d", n)
	}
	if got, _ := d.whats(bob); len(got) > 0 {
		t.Errorf("bob, who leads, has %q", got)
	}

	// Read, and outbid again: one line, unread again. The mail waits its ten minutes, the notice does not.
	_, err = d.ReadNotices(t.Context(), ann, market.ReadNoticesInput{All: true})
	must(t, err)
	if n, _ := d.Unread(t.Context(), ann); n != 0 {
		t.Errorf("after reading the bell says %d", n)
	}
	d.later(2 * time.Second)
	d.bid(ann, id, 40_000)
	d.later(2 * time.Second)
	d.bid(bob, id, 50_000)
	d.tell(id)
	if got, unread := d.whats(ann); !slices.Equal(got, []string{"outbid"}) || unread != 1 {
		t.Errorf("outbid twice: ann has %q, %d unread", got, unread)
	}
	v, err := d.NoticesSince(t.Context(), ann, d.now.Add(-time.Second))
	if err != nil || len(v.Items) != 1 || v.Items[0].Deal != id || v.Items[0].Facts.Minimum == 0 {
		t.Errorf("since a second: %+v, %v", v, err)
	}
}

func TestNoticesAreTheirReadersAlone(t *testing.T) {
	d := newDoor(t, ears(t))
	seller, ann, bob := d.member("seller"), d.member("ann"), d.member("bob")
	id := d.auction(seller, 24)
	d.bid(ann, id, 20_000)
	d.bid(bob, id, 30_000)
	d.tell(id)
	v, err := d.Notices(t.Context(), ann, 0, "")
	must(t, err)
	if len(v.Items) != 1 {
		t.Fatalf("ann has %+v", v)
	}
	n := v.Items[0].ID
	_, err = d.Notice(t.Context(), bob, n)
	d.refused("bob looks at ann's notice", err, fault.CodeNotFound)
	d.refused("bob removes ann's notice", d.DropNotice(t.Context(), bob, n), fault.CodeNotFound)
	_, err = d.ReadNotices(t.Context(), bob, market.ReadNoticesInput{IDs: []string{n}})
	must(t, err)
	if _, unread := d.whats(ann); unread != 1 {
		t.Error("bob has read ann's notice for her")
	}
	_, err = d.ReadNotices(t.Context(), market.Actor{}, market.ReadNoticesInput{All: true})
	d.refused("a guest", err, fault.CodeUnauthenticated)
	_, err = d.ReadNotices(t.Context(), ann, market.ReadNoticesInput{})
	d.refused("neither all nor any", err, fault.CodeInvalid)
	for _, secret := range []string{bob.Account, "bob", seller.Account} {
		if strings.Contains(d.raw(market.Notices), secret) {
			t.Errorf("ann's notice names %s", secret)
		}
	}
	must(t, d.DropNotice(t.Context(), ann, n))
	if got, unread := d.whats(ann); len(got) != 0 || unread != 0 {
		t.Errorf("removed, and there are %q, %d unread", got, unread)
	}
}

func TestNoticesComeInPagesAndGoInTime(t *testing.T) {
	d := newDoor(t, ears(t))
	ann := d.member("ann")
	for i := range 30 {
		d.put(market.Notices, market.NoticeRow{ID: "n" + string(rune('a'+i)), Version: 1, Account: ann.Account, What: "paid", At: d.now.Add(time.Duration(i) * time.Second), Unread: true,
			Expires: d.now.Add(time.Duration(i+1) * time.Hour)})
	}
	first, err := d.Notices(t.Context(), ann, 24, "")
	must(t, err)
	rest, err := d.Notices(t.Context(), ann, 24, first.Next)
	must(t, err)
	if len(first.Items) != 24 || len(rest.Items) != 6 || rest.Next != "" || first.Unread != 30 {
		t.Errorf("%d and %d, unread %d, then %q", len(first.Items), len(rest.Items), first.Unread, rest.Next)
	}
	_, err = d.Notices(t.Context(), ann, 24, "nonsense")
	d.refused("a cursor of nobody's", err, fault.CodeInvalid)
	d.later(10 * time.Hour)
	n, err := d.SweepNotices(t.Context(), 100)
	if err != nil || n != 10 {
		t.Errorf("swept %d, %v", n, err)
	}
}

// TestReadingAllLeavesWhatComesMeanwhile: every notice up to now is read, however many there are and in whatever order they are
// found; later ones stay unread, and only they are news.
func TestReadingAllLeavesWhatComesMeanwhile(t *testing.T) {
	onEveryStore(t, func(t *testing.T, b *busy) { readsAll(t, b.door, b.ann) })
}

func readsAll(t *testing.T, d *door, ann market.Actor) {
	later := 0
	for i := range 350 {
		at := d.now.Add(-time.Duration(i) * time.Second)
		if i < 10 || i%3 == 0 { // ten that are found before all others
			later++
			at = d.now.Add(time.Duration(i+1) * time.Second)
		}
		d.put(market.Notices, market.NoticeRow{ID: fmt.Sprintf("n%03d", i), Version: 1, Account: ann.Account, What: "paid", At: at, Unread: true, Expires: d.now.Add(time.Hour)})
	}
	got, err := d.ReadNotices(t.Context(), ann, market.ReadNoticesInput{All: true})
	must(t, err)
	if got.Unread != int64(later) {
		t.Errorf("%d are unread, of %d that came later", got.Unread, later)
	}
	v, err := d.NoticesSince(t.Context(), ann, d.now.Add(-time.Hour))
	must(t, err)
	if len(v.Items) != 5 || v.Items[4].ID != "n348" || !v.Items[4].Unread || v.Unread != int64(later) {
		t.Errorf("news are %+v, %d unread", v.Items, v.Unread)
	}
	_, err = d.ReadNotices(t.Context(), ann, market.ReadNoticesInput{IDs: []string{"n342", "n345", "n348"}})
	must(t, err)
	v, err = d.NoticesSince(t.Context(), ann, d.now.Add(-time.Hour))
	must(t, err)
	if len(v.Items) != 5 || v.Items[4].ID != "n339" {
		t.Errorf("with the newest three read, news are %+v", v.Items)
	}
}

// TestDayNotices: notices of before end with the day, and stay as they are otherwise.
func TestDayNotices(t *testing.T) {
	d := newDoor(t)
	at := d.now.Truncate(24 * time.Hour).Add(time.Hour)
	day := at.Add(23 * time.Hour)
	before := []market.NoticeRow{
		{ID: "n1", Version: 3, Account: "ann", What: "outbid", Source: "s", Facts: market.Facts{Deal: "d", Amount: 5}, At: at, Unread: true, Expires: at.Add(time.Hour), Digest: "x"},
		{ID: "n2", Version: 1, Account: "ben", What: "paid", At: at, Expires: day},
		{ID: "n3", Version: 1, Account: "ben", What: "paid", At: at, Expires: day.Add(time.Millisecond)},
	}
	var docs []bson.Raw
	for _, n := range before {
		d.put(market.Notices, n)
		raw, err := store.Encode(n)
		must(t, err)
		docs = append(docs, raw)
	}
	must(t, d.store.Tx(t.Context(), func(ctx context.Context) error { return market.DayNotices().Step(ctx, d.store, docs) }))
	for i, end := range []time.Time{day, day, day.Add(24 * time.Hour)} {
		want := before[i]
		want.Expires = end
		got, err := store.NewCollection[market.NoticeRow](d.store, market.Notices).Get(t.Context(), want.ID)
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// TestEveryTellingIsOne holds the table: what is told at once always has no kind, and every kind is offered.
func TestEveryTellingIsOne(t *testing.T) {
	seen := map[string]bool{}
	for _, what := range market.MailWhats() {
		if k := market.KindOf(what); k != "" {
			seen[k] = true
			if !slices.Contains(market.NoticeWhats(), what) {
				t.Errorf("%s can be turned off as a mail, and is no notice", what)
			}
		}
	}
	for _, k := range market.MailKinds() {
		if !seen[k] {
			t.Errorf("nothing is of kind %s", k)
		}
	}
}

// TestTheSameStepIsTheSameNotice derives the news of an order twice, as a job does that is run again: what was read stays read.
func TestTheSameStepIsTheSameNotice(t *testing.T) {
	d := newDoor(t)
	seller, ann := d.member("seller"), d.member("ann")
	o := order.Order{ID: "o1", Deal: "d1", Kind: "english", Title: "Film camera", Buyer: ann.Account, Seller: seller.Account,
		Timeline: []order.Event{{Act: order.Ship, By: order.Seller, At: d.now}}}
	for range 2 {
		must(t, d.MailOrders(t.Context(), []order.Order{o}))
		if got, _ := d.whats(ann); !slices.Equal(got, []string{"shipped"}) {
			t.Fatalf("ann has %q", got)
		}
		_, err := d.ReadNotices(t.Context(), ann, market.ReadNoticesInput{All: true})
		must(t, err)
		d.later(time.Second)
	}
	must(t, d.MailOrders(t.Context(), []order.Order{o}))
	if _, unread := d.whats(ann); unread != 0 {
		t.Errorf("derived again, %d are unread", unread)
	}
}
