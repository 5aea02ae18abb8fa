package market_test

import (
	"slices"
	"testing"
	"time"

	"haggle/internal/fault"
	"haggle/internal/market"
	"haggle/internal/money"
	"haggle/internal/pay/sandbox"
	"haggle/internal/search/bleve"
)

func TestAWatchedDealThatEndsSoonIsToldOnce(t *testing.T) {
	d := newDoor(t)
	seller, ann, bob := d.member("seller"), d.member("ann"), d.member("bob")
	d.mails()
	id := d.auction(seller, 2)
	for range 2 {
		v, err := d.WatchDeal(t.Context(), ann, market.WatchInput{Deal: id})
		if must(t, err); v.Deal != id {
			t.Errorf("%+v", v)
		}
	}
	_, err := d.WatchDeal(t.Context(), bob, market.WatchInput{Deal: id})
	must(t, err)
	must(t, d.UnwatchDeal(t.Context(), bob, id))
	must(t, d.UnwatchDeal(t.Context(), bob, id))
	_, err = d.WatchDeal(t.Context(), ann, market.WatchInput{Deal: "nothing"})
	d.refused("no deal", err, fault.CodeNotFound)
	_, err = d.WatchDeal(t.Context(), market.Actor{}, market.WatchInput{Deal: id})
	d.refused("a guest", err, fault.CodeUnauthenticated)
	for who, want := range map[*market.Actor]bool{&ann: true, &bob: false} {
		if is, err := d.Watches(t.Context(), *who, id); is != want || err != nil {
			t.Errorf("%s watches: %v, %v", who.Name, is, err)
		}
	}
	if list, err := d.Watchlist(t.Context(), ann, 0, ""); err != nil || len(list.Items) != 1 || list.Items[0].ID != id {
		t.Errorf("the list: %+v, %v", list, err)
	}
	sweep := func() {
		_, err := d.SweepWatches(t.Context(), 100)
		must(t, err)
	}
	d.later(89 * time.Minute)
	sweep()
	if got, _ := d.whats(ann); len(got) != 0 {
		t.Errorf("31 minutes before: %q", got)
	}
	d.later(time.Minute)
	sweep()
	sweep()
	if got, _ := d.whats(ann); !slices.Equal(got, []string{"ending"}) {
		t.Errorf("30 minutes before: %q", got)
	}
	if got := d.mails(); len(got) != 1 || got[0].What != "ending" || got[0].Name != "ann" {
		t.Errorf("mailed %+v", got)
	}
	d.later(10 * time.Minute)
	sweep()
	if got, _ := d.whats(ann); len(got) != 1 {
		t.Errorf("20 minutes before: %q", got)
	}
	if got, _ := d.whats(bob); len(got) != 0 {
		t.Errorf("bob, who does not watch it any more: %q", got)
	}
}

// sandboxed gives a door a payment gateway that takes test cards.
func sandboxed(c *market.Config) {
	c.Gateway = sandbox.New(sandbox.Config{Storage: sandbox.NewMemory(), Clock: c.Clock})
}

func (d *door) group(organiser market.Actor) string {
	d.t.Helper()
	seconds := int64(48 * 3600)
	v, _, err := d.OpenGroup(d.t.Context(), organiser, market.Key{}, market.GroupInput{About: market.About{Title: "Tea", Category: d.Categories()[0].ID},
		Until: market.Until{DurationSeconds: &seconds}, Tiers: []market.TierInput{{From: 2, UnitPrice: 70_000}, {From: 4, UnitPrice: 60_000}}})
	must(d.t, err)
	return v.ID
}

func TestATierThatIsReachedIsToldToThoseInItAndThoseWhoWatch(t *testing.T) {
	d := newDoor(t, sandboxed)
	organiser, ann, bob, eve := d.member("organiser"), d.member("ann"), d.member("bob"), d.member("eve")
	id := d.group(organiser)
	_, err := d.WatchDeal(t.Context(), eve, market.WatchInput{Deal: id})
	must(t, err)
	pledge := func(who market.Actor, quantity int64) {
		_, _, err := d.Deposit(t.Context(), who, market.Key{}, market.DepositInput{Amount: 10_000_000, Card: "4242424242424242"})
		must(t, err)
		_, err = d.Pledge(t.Context(), who, market.Key{}, id, market.PledgeInput{Quantity: quantity})
		must(t, err)
		d.tell(id)
		d.tell(id)
		d.later(time.Minute)
	}
	told := func(when string, want map[string]int) {
		for _, who := range []market.Actor{organiser, ann, bob, eve} {
			got, _ := d.whats(who)
			if len(got) != want[who.Name] || len(got) > 0 && got[0] != "tier" {
				t.Errorf("%s: %s has %q", when, who.Name, got)
			}
		}
	}
	pledge(ann, 1)
	told("one piece", nil)
	pledge(bob, 1)
	told("two", map[string]int{"ann": 1, "bob": 1, "eve": 1})
	pledge(bob, 2)
	told("three, the same price", map[string]int{"ann": 1, "bob": 1, "eve": 1})
	pledge(ann, 2)
	told("four", map[string]int{"ann": 2, "bob": 2, "eve": 2})
	pledge(ann, 1)
	pledge(ann, 2)
	told("below four, and four again", map[string]int{"ann": 2, "bob": 2, "eve": 2})
	v, err := d.Notices(t.Context(), eve, 0, "")
	if must(t, err); v.Items[0].Facts.Amount != 60_000 {
		t.Errorf("eve is told of %d", v.Items[0].Facts.Amount)
	}
}

// finders gives a door a search copy.
func finders(t *testing.T) func(*market.Config) {
	index, err := bleve.Open("")
	must(t, err)
	t.Cleanup(func() { _ = index.Close() })
	return func(c *market.Config) { c.Search = index }
}

func TestASavedSearchTellsWhatIsNew(t *testing.T) {
	d := newDoor(t, finders(t))
	must(t, d.Reindex(t.Context()))
	seller, ann := d.member("seller"), d.member("ann")
	d.mails()
	index := func(id string) string { must(t, d.IndexDeals(t.Context(), id)); return id }
	sweep := func() int {
		n, err := d.SweepSearches(t.Context())
		must(t, err)
		return n
	}
	index(d.auction(seller, 48))
	d.later(10 * time.Minute)
	saved, _, err := d.SaveSearch(t.Context(), ann, market.Key{}, market.SavedInput{Name: "Cameras", Text: "camera", Kind: "english"})
	must(t, err)
	other, _, err := d.SaveSearch(t.Context(), ann, market.Key{}, market.SavedInput{Name: "Lamps", Text: "lamp"})
	must(t, err)
	_, _, err = d.SaveSearch(t.Context(), seller, market.Key{}, market.SavedInput{Name: "What I sell", Text: "camera"})
	must(t, err)
	bob := d.member("bob")
	_, _, err = d.SaveSearch(t.Context(), bob, market.Key{}, market.SavedInput{Name: "A word in common", Text: "camera zebra quartz xylophone"})
	must(t, err)
	sweep()
	if got, _ := d.whats(ann); len(got) != 0 {
		t.Errorf("what was there before: %q", got)
	}
	d.later(time.Minute)
	id := index(d.auction(seller, 48))
	if n := sweep(); n != 4 {
		t.Errorf("asked %d searches", n)
	}
	if got, _ := d.whats(bob); len(got) != 0 {
		t.Errorf("what has one of four words: %q", got)
	}
	if got, _ := d.whats(ann); !slices.Equal(got, []string{"saved"}) {
		t.Errorf("one more: %q", got)
	}
	if got, _ := d.whats(seller); len(got) != 0 {
		t.Errorf("her own: %q", got)
	}
	d.later(time.Minute)
	index(id) // a bid
	if n := sweep(); n != 0 {
		t.Errorf("nothing new, and %d were asked", n)
	}
	index(d.auction(seller, 48))
	sweep()
	v, err := d.Notices(t.Context(), ann, 0, "")
	if must(t, err); len(v.Items) != 1 || v.Items[0].Facts.Quantity != 2 || v.Items[0].Search != saved.ID || v.Items[0].Title != "Cameras" {
		t.Errorf("two since she looked: %+v", v.Items)
	}
	_, err = d.ReadNotices(t.Context(), ann, market.ReadNoticesInput{All: true})
	must(t, err)
	d.later(time.Minute)
	index(d.auction(seller, 48))
	sweep()
	if v, _ = d.Notices(t.Context(), ann, 0, ""); v.Items[0].Facts.Quantity != 1 || v.Unread != 1 {
		t.Errorf("one since she looked: %+v", v.Items)
	}
	if got := d.mails(); len(got) != 0 {
		t.Errorf("at once: %+v; finds come in the digest, unless one says otherwise", got)
	}

	if list, err := d.SavedSearches(t.Context(), ann); err != nil || len(list) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	d.refused("somebody else's", d.DropSearch(t.Context(), seller, other.ID), fault.CodeNotFound)
	_, err = d.SavedSearch(t.Context(), seller, other.ID)
	d.refused("somebody else's", err, fault.CodeNotFound)
	must(t, d.DropSearch(t.Context(), ann, other.ID))
	_, err = d.SavedSearch(t.Context(), ann, other.ID)
	d.refused("dropped", err, fault.CodeNotFound)
	cheap := money.Amount(-1)
	for name, in := range map[string]market.SavedInput{"no name": {Text: "x"}, "a kind": {Name: "x", Kind: "raffle"}, "a category": {Name: "x", Category: "nowhere"}, "a price": {Name: "x", PriceMin: &cheap}} {
		_, _, err := d.SaveSearch(t.Context(), ann, market.Key{}, in)
		d.refused(name, err, fault.CodeInvalid)
	}
}
